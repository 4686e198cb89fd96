"""Afterword: a moderated discussion forum for archived blogs; rooms on floors, see README.md."""
