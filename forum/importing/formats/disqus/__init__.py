"""Reads Disqus exports: threads with their posts."""
