"""Decides what a post is, where it stands and whether it is public; never looks at its comments."""
