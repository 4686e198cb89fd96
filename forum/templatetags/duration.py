"""Door: lengths of time and moments in words."""

from django import template

from forum.text import moments

register = template.Library()
register.filter("span", moments.span)
register.filter("lasting", moments.lasting)
register.filter("ago", moments.ago)
