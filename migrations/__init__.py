"""The schema's history, one dated file for each step."""
