"""Door: what templates of a lower room ask for about somebody's own words."""

from typing import Any

from django import template

from forum.accounts.viewer import Viewer
from forum.threads import reading

register = template.Library()


@register.simple_tag(takes_context=True)
def own_undecided(context: dict[str, Any]) -> list:
    """The newest replies of an account that wait or are not shown."""
    return reading.not_public_of(Viewer.of(context["request"]))
