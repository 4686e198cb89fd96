"""The registry of source formats: one module a format, recognised by content and not by name."""
