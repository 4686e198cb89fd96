"""Display only: dates and the like; no queries, no permission rule."""
