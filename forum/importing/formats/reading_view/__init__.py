"""The plain text of one page, as a browser's reading view or a scraper leaves it; `reader` is the way in."""
