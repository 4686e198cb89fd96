"""The desk: the queue, what has been decided, one comment, and the keys."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from forum.accounts.permissions import needs
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import cards, filters, notes, queries, queue, queue_elsewhere, reasons
from forum.moderation.edits_page import changes_of
from forum.moderation.models import Act
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.web.paging import cursor_of, rows_behind

PER_PAGE = 20
LAST = 3
NEWEST_FIRST = ("-at", "-pk")


@needs(MODERATE)
@require_safe
def queue_page(request: HttpRequest) -> HttpResponse:
    """What waits, as the address filters and orders it, from where it says."""
    wanted, place = filters.Filter.of(request.GET), queue.Place.of(request.GET)
    policy = SitePolicy.objects.current()
    page = queue.page_of(wanted, place, Viewer.of(request), policy.alarm_after_hours)
    cards.look_again(page.cards, policy)
    field = "spam_count" if wanted.tab == filters.SPAM else "held_count"
    articles = queries.articles_with(field, wanted.article)
    title = dict(articles).get(wanted.article, "")
    name = next((card.record.name for card in page.cards if card.record), None)
    is_start = wanted.is_whole_tab and not place.shown
    last = queries.last_of(request.user, LAST) if is_start else []
    context = {
        "policy": policy,
        "page": page,
        "wanted": wanted,
        "sentence": wanted.sentence(title, name if wanted.author else None),
        "articles": articles,
        "choices": filters,
        "reasons": reasons.active(),
        "last": last,
        "batches": queries.batches(last),
        "here": wanted.tab,
        "counts": page.counts,
        "elsewhere": queue_elsewhere.waiting(page.counts, wanted.tab),
    }
    return render(request, "moderation/queue.html", context)


@needs(MODERATE)
@require_safe
def decided(request: HttpRequest) -> HttpResponse:
    """What has been decided, newest first, each to be undone while nothing has happened since.

    What was decided together stands as one, unless the address asks for the decisions of that batch.
    """
    asked, rows = _decisions(request)
    after = request.GET.get("after", "")
    found = rows_behind(rows, NEWEST_FIRST, after, PER_PAGE + 1)
    found = rows_behind(rows, NEWEST_FIRST, "", PER_PAGE + 1) if found is None else found
    page, more = found[:PER_PAGE], len(found) > PER_PAGE
    start = f"{reverse('moderation:decided')}?{urlencode(asked)}"
    context = {
        "decisions": page,
        "batches": {} if "batch" in asked else queries.batches(page),
        "asked": asked,
        "actors": queries.actors(),
        "acts": Act.choices,
        "start": start,
        "is_first": not after,
        "following": f"{start}&after={cursor_of(page[-1], NEWEST_FIRST)}" if more else "",
        "here": "mine" if "mine" in asked else "decided",
    }
    return render(request, "moderation/decided.html", context)


@needs(MODERATE)
@require_safe
def comment(request: HttpRequest, number: int) -> HttpResponse:
    """One comment with its history and every act that is possible now."""
    viewer = Viewer.of(request)
    row = cards.with_all(Comment.objects.visible_to(viewer).filter(pk=number), viewer.user_id).first()
    if row is None:
        raise Http404
    (card,) = cards.cards_of([row], viewer)
    card.next = request.get_full_path()
    cards.look_again([card], SitePolicy.objects.current())
    context = {
        "card": card,
        "comment": row,
        "alone": True,
        "reasons": reasons.active(),
        "history": queries.decided().filter(comment=row),
        "replies": Comment.objects.visible_to(viewer).filter(parent=row).in_reading_order()[:PER_PAGE],
        "changes": changes_of(row),
        "here": "comment",
    }
    return render(request, "moderation/comment.html", context | notes.on(row))


@needs(MODERATE)
@require_safe
def keys(request: HttpRequest) -> HttpResponse:
    """What each key does, for those whose browser shows no list of its own."""
    return render(request, "moderation/keys.html", {"here": "keys"})


def _decisions(request: HttpRequest) -> tuple[dict[str, Any], Any]:
    """What of the decisions the address asks for, and those; nonsense in a parameter is left out."""
    given = {name: request.GET.get(name, "") for name in ("mine", "actor", "act", "batch")}
    asked: dict[str, Any] = {"mine": "1"} if given["mine"] else {}
    if given["actor"].isascii() and given["actor"].isdecimal() and len(given["actor"]) <= 18:
        asked["actor"] = int(given["actor"])
    if given["act"] in Act.values:
        asked["act"] = given["act"]
    if batch := queries.batch_number(given["batch"]):
        asked["batch"] = str(batch)
        rows = queries.decided().filter(batch=batch)
    else:
        rows = queries.decided_joined()
    if "mine" in asked:
        rows = rows.filter(actor=request.user)
    if "actor" in asked:
        rows = rows.filter(actor=asked["actor"])
    return asked, rows.filter(act=asked["act"]) if "act" in asked else rows
