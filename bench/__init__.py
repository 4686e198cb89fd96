"""Measures how long things take, always beside a floor of the same run."""
