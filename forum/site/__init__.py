"""Decides what an admin sets in the browser for the whole site; never reads comments."""
