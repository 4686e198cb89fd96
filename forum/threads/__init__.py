"""Decides the tree of comments, their states and who may see them; the only writer of comment rows."""
