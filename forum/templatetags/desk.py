"""Door: what the desk's templates ask for when their page has not given it."""

from typing import Any

from django import template
from django.urls import reverse

from forum.accounts.viewer import Viewer
from forum.moderation import cards, queries, reasons
from forum.moderation.cards import Card
from forum.moderation.models import Decision
from forum.moderation.models_people import Reason
from forum.threads.models import Comment

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_counts(context: dict[str, Any]) -> queries.Counts:
    """The counts of the tabs: the page's, or read now."""
    return context.get("counts") or queries.counts()


@register.simple_tag(takes_context=True)
def desk_card(context: dict[str, Any], comment: Comment) -> Card:
    """The page's card, or the one of a comment in an answer that holds nothing else."""
    if context.get("card") is not None:
        return context["card"]
    return cards.card_for(comment.pk, Viewer.of(context["request"]), context["request"].POST.get("next", ""))


@register.simple_tag(takes_context=True)
def desk_reasons(context: dict[str, Any]) -> list[Reason]:
    """The reasons to choose from: the page's, or read now."""
    given = context.get("reasons")
    return reasons.active() if given is None else given


@register.simple_tag
def desk_link(name: str, number: int) -> str:
    """The address of what can be done with a comment on a page of its own: `edit`, `ban`, `answer`."""
    return f"{reverse('moderation:comment', args=[number])}{name}/"


@register.filter
def batch_of(batches: dict, decision: Decision) -> object:
    """The batch that a decision stands for, None when it stands for itself."""
    return batches.get(decision.batch) if batches and decision.batch else None


@register.filter
def done(act: str) -> str:
    """What has been done, in words: “Approved” for `approve`."""
    return str(cards.DONE.get(act, act))
