"""Decides how an archive becomes articles and comments: read, plan, load, report."""
