"""Whole collections as files: made once, kept for a while, sent in parts."""
