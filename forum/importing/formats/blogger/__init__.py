"""The Blogger reader: the Atom export of old and the feed.atom of Google Takeout."""
