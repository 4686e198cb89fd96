"""Door: what `manage.py` can do."""
