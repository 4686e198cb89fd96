"""Decides what is held, who decides and how it is taken back; never writes a comment row itself."""
