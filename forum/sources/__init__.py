"""Decides where archived things come from and remembers it; never reads a file."""
