"""Decides how people put words in: replies, their limits and their forms; never what is published."""
