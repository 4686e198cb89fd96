"""Decides who hears of what; never what is public or how letters travel."""
