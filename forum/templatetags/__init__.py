"""Doors: what templates may ask for by name."""
