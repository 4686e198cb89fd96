"""Decides when a letter leaves and what may stand in it; never who is written to, or of what."""
