"""The queue: oldest first, with all that is needed to decide, at the same cost for 3 and for 20."""

import datetime
import re

import pytest
from django.utils import timezone

from forum.moderation.models import Decision
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import load_comments, make_article, make_comment

pytestmark = pytest.mark.django_db
STATEMENTS = 12
DESK = ("/moderation/", "/moderation/decided/")


def queue(client, query: str = "") -> str:
    """The queue as the moderator reads it."""
    answer = client.get(f"/moderation/?{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(page: str) -> list[int]:
    """The comments of a page in their order."""
    return [int(n) for n in re.findall(r'id="comment-(\d+)"', page)]


def fill(count: int) -> list[Comment]:
    """Held comments over three articles, roots and replies in turn."""
    articles = [make_article(f"Post {n}") for n in range(3)]
    parents = [make_comment(article, "A visible parent.") for article in articles]
    return [
        make_comment(articles[n % 3], f"Held {n}.", parent=parents[n % 3] if n % 2 else None, state="held")
        for n in range(count)
    ]


def test_the_oldest_comes_first_whatever_the_article(mod):
    first, second, third = fill(3)
    Comment.objects.filter(pk=third.pk).update(held_at=timezone.now() - datetime.timedelta(days=3))
    page = queue(mod)
    assert numbers(page) == [third.pk, first.pk, second.pk]
    assert "3 comments are held" in page
    assert "waiting for 3\xa0days" in page


def test_each_item_shows_the_words_what_they_answer_and_the_article(article, mod):
    parent = make_comment(article, "Which stick do you use?", name="Vasilis")
    make_comment(article, "The green one.", parent=parent, state=State.HELD, name="Vera")
    page = queue(mod)
    for words in ("The green one.", "Vera", "Which stick do you use?", "In reply to Vasilis", article.title):
        assert words in page
    assert f'href="{article.path}"' in page


def test_a_root_is_said_to_begin_a_thread(article, mod):
    make_comment(article, state=State.HELD)
    assert "Begins a new thread." in queue(mod)


def test_only_what_is_held_waits(article, mod):
    for state in set(State) - {State.HELD}:
        make_comment(article, f"Said while {state}.", state=state)
    page = queue(mod)
    assert "0 comments are held" in page
    assert "Nothing waits. Thank you." in page
    assert "Said while" not in page


@pytest.mark.parametrize("state", [State.REMOVED, State.SPAM, State.HELD])
def test_a_held_reply_under_a_parent_that_is_not_public_waits_and_the_parent_is_marked(article, mod, state):
    parent = make_comment(article, "A parent that is gone.")
    make_comment(article, "A reply that waits.", parent=parent, state=State.HELD)
    Comment.objects.filter(pk=parent.pk).update(state=state, held_at=parent.received_at)
    page = queue(mod)
    item = page[page.index("Begins a new thread.") if state == State.HELD else page.index("case-head") :]
    assert "A reply that waits." in page
    assert "A parent that is gone." in page
    context = re.search(r'<details class="context".*?</details>', item, re.DOTALL)[0]
    assert State(state).label.lower() in context.lower()


def test_a_held_reply_under_a_hidden_article_waits(article, mod):
    make_comment(article, "Words on a hidden post.", state=State.HELD)
    article.state = article.State.HIDDEN
    article.save()
    assert "Words on a hidden post." in queue(mod)


def test_the_queue_says_why_a_comment_is_held(article, stranger, mod):
    make_comment(article, state=State.HELD)
    comment = Comment.objects.get()
    comment.cases.create(cause="reports", opened=timezone.now())
    assert "Reported" in queue(mod)


def test_each_item_offers_the_acts_that_are_legal_now_and_no_other(article, mod):
    held = make_comment(article, state=State.HELD)
    removed = make_comment(article, state=State.REMOVED)
    visible = make_comment(article)
    wanted = {held: ["approve", "reject", "spam"], removed: ["restore"], visible: ["remove", "spam"]}
    for comment, acts in wanted.items():
        page = mod.get(f"/moderation/comments/{comment.pk}/").content.decode()
        offered = re.findall(r'<button class="btn[^>]* name="decision" value="(\w+)"', page)
        assert offered == [*acts, "close"]
        assert f'name="version-{comment.pk}" value="{comment.version}"' in page


def test_a_long_queue_is_paged(mod):
    fill(23)
    first = queue(mod)
    assert first.count('class="case"') == 20
    following = re.search(r'rel="next" href="/moderation/\?([^"]*)"', first)[1].replace("&amp;", "&")
    rest = queue(mod, following)
    assert rest.count('class="case"') == 3
    assert 'rel="next"' not in rest
    assert not set(numbers(first)) & set(numbers(rest))


@pytest.mark.parametrize("count", [3, 20])
def test_the_number_of_statements_does_not_grow_with_the_queue(mod, count, django_assert_max_num_queries):
    comments = fill(count + 5)
    for comment in comments[:5]:
        mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "approve"})
    assert Decision.objects.count() == 5
    queue(mod)
    with django_assert_max_num_queries(STATEMENTS):
        assert queue(mod).count('class="case"') == count


@pytest.mark.parametrize("count", [3, 20])
def test_the_number_of_statements_does_not_grow_with_the_decisions(mod, count, django_assert_max_num_queries):
    for comment in fill(count):
        mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "approve"})
    mod.get("/moderation/decided/")
    with django_assert_max_num_queries(STATEMENTS):
        assert mod.get("/moderation/decided/").content.decode().count('name="id"') == count


def test_markup_in_words_names_and_reasons_stays_text(article, mod):
    evil = "<script>alert(1)</script>"
    comment = make_comment(article, evil, name=evil, state=State.HELD)
    assert evil not in queue(mod)
    mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "reject", "reason": evil})
    for address in (*DESK, f"/moderation/comments/{comment.pk}/"):
        assert evil not in mod.get(address).content.decode()


def test_readers_and_strangers_see_nothing_of_the_desk(article, stranger, ben):
    comment = make_comment(article, "Words that wait.", state=State.HELD)
    for address in (*DESK, f"/moderation/comments/{comment.pk}/"):
        sent_away = stranger.get(address)
        assert sent_away.status_code == 302
        assert sent_away["Location"].startswith("/accounts/login/")
        assert ben.get(address).status_code == 404
        assert "Words that wait." not in ben.get(address).content.decode()


def test_an_unknown_comment_is_not_found(db, mod):
    assert mod.get("/moderation/comments/999/").status_code == 404
    assert mod.get("/moderation/comments/" + "9" * 30 + "/").status_code == 404


def test_the_desk_is_kept_by_no_cache(article, mod):
    load_comments(article, [None])
    for address in DESK:
        assert mod.get(address)["Cache-Control"] == "private, no-store"
