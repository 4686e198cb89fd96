"""Decides how long work shows its progress and is cancelled; never what the work is."""
