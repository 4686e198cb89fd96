"""Door: the one Django app."""

from django.apps import AppConfig


class ForumConfig(AppConfig):
    """Afterword as Django sees it."""

    name = "forum"
    verbose_name = "Afterword"
