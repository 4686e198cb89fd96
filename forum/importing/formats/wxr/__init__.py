"""Reads WordPress exports (WXR): posts and pages with their comments."""
