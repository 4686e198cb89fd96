"""Decides what markup is safe and how source text becomes HTML; knows nothing of comments or articles."""
