"""Doors: each parses its options and calls one room."""
