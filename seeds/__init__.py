"""Bundles of knowledge: how they are read, sealed to their sources, verified and loaded."""
