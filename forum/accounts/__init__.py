"""Decides who somebody is and what a role may do; never what a comment is worth."""
