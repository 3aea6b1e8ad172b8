"""Communiqué: a knowledge base of diplomatic meetings, served as a REST API."""

TITLE = "Communiqué"
__version__ = "0.1.0"
