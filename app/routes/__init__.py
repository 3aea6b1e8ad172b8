"""The endpoints that are not collections."""
