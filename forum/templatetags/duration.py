"""Door: lengths of time in words."""

from django import template

from forum.moderation.statistics_charts import span

register = template.Library()
register.filter("span", span)
