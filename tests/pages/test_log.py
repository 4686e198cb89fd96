"""The public log: where an admin has switched it on, redacted, and the same for everybody."""

import datetime
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.utils import timezone

from forum.articles.models import Article, ArticleAct
from forum.moderation import articles, bans, decisions, edits, undo
from forum.moderation.decisions import Grounds
from forum.moderation.models import Decision
from forum.moderation.models_people import Ban, Reason
from forum.moderation.models_policy import PolicyChange
from forum.moderation.models_requests import Appeal
from forum.site.models import SitePolicy
from tests.make import make_article, make_comment
from tests.moderation.desk import make_guest

pytestmark = pytest.mark.django_db
ADDRESS = "/moderation-log/"
TEXT = "About something else."


@pytest.fixture
def switched_on(db) -> SitePolicy:
    """A site whose log is public."""
    Reason.objects.create(code="off", title="Off topic", text=TEXT)
    return SitePolicy.objects.create(pk=1, public_log=True, time_zone="Europe/Berlin")


def age(days: int = 1) -> None:
    """Let all that was done have been done some days ago."""
    ago = timezone.now() - datetime.timedelta(days=days)
    for model in (Decision, ArticleAct, Ban, PolicyChange):
        model.objects.update(at=ago)
    cache.clear()


def page(client, query: str = "") -> str:
    """The log as anybody reads it."""
    answer = client.get(f"{ADDRESS}{query}")
    assert answer.status_code == 200
    return " ".join(unescape(answer.content.decode()).split())


def pages(client) -> str:
    """This month and the last, so that no test depends on the day of the month."""
    before = timezone.now().date().replace(day=1) - datetime.timedelta(days=1)
    return page(client) + page(client, f"?month={before:%Y-%m}")


def held(article, **fields):
    """A comment that waits."""
    return make_comment(article, "canary words", **({"state": "held", "name": "canary name"} | fields))


def test_until_it_is_switched_on_nothing_is_there(db, stranger, mod):
    for client in (stranger, mod):
        assert client.get(ADDRESS).content == client.get("/moderation-lag/").content
        assert client.get(ADDRESS).status_code == 404
    assert ADDRESS not in stranger.get("/").content.decode()


def test_control_switched_on_it_is_there_and_in_the_footer(switched_on, stranger):
    assert "What moderators do" in page(stranger)
    assert f'href="{ADDRESS}"' in stranger.get("/").content.decode()


def test_it_tells_what_was_done_why_and_what_became_of_it(switched_on, article, mod, boss, stranger):
    approved = [decisions.decide("approve", held(article).pk, mod.user) for _n in range(3)]
    undo.undo(approved[0].pk, mod.user)  # waits again, so nothing tells of it
    why = Grounds("off", f"{TEXT} canary typed", "canary note")
    one, two, three = (decisions.decide("reject", held(article).pk, mod.user, grounds=why) for _n in range(3))
    free = Grounds("", "canary typed by hand")
    decisions.decide("reject", held(article).pk, mod.user, grounds=free)
    taken_back = decisions.decide("spam", make_comment(article).pk, mod.user)
    undo.undo(taken_back.pk, boss.user)
    said = {"text": "canary appeal", "answer": "canary answer", "answered_at": timezone.now()}
    Appeal.objects.create(decision=one, granted=True, answered_by=boss.user, **said)
    Appeal.objects.create(decision=two, granted=False, answered_by=boss.user, **said)
    Appeal.objects.create(decision=three, text="canary that waits")
    bans.over_person(
        make_guest("canary guest").pk, bans.Order("week", Grounds(reason="canary ban")), mod.user
    )
    PolicyChange.objects.create(about="rule-1", before={"text": "canary rule"}, after={"text": "canary word"})
    age()
    said = pages(stranger)
    assert "2 replies were published." in said
    assert "3 replies were not published. Reason: Off topic." in said
    assert "1 was appealed, and the appeal was granted." in said
    assert "1 was appealed, and the decision stands." in said
    assert "1 reply was not published." in said
    assert "1 comment was marked as spam. " in said
    assert "1 has been taken back since." in said
    assert "1 ban from writing was spoken." in said
    assert "1 change was made to the rules of moderation." in said
    assert "canary" not in said
    for name in (mod.user.username, boss.user.username, TEXT, article.title):
        assert not re.search(rf"\b{re.escape(name)}\b", said)


def test_the_numbers_on_top_are_of_the_last_twelve_months(switched_on, article, mod, stranger):
    for act, times in (("approve", 3), ("reject", 2), ("spam", 1)):
        for _n in range(times):
            grounds = Grounds("off", TEXT) if act == "reject" else Grounds()
            decisions.decide(act, held(article).pk, mod.user, grounds=grounds)
    age()
    numbers = re.findall(r"<dt>([^<]*)</dt><dd>(\d+)</dd>", page(stranger))
    assert dict(numbers) == {"Replies looked at": "6", "Published": "3", "Not published": "2", "Spam": "1"}
    assert "<li>Off topic: 2</li>" in page(stranger)
    age(500)
    assert "Replies looked at" not in page(stranger)


def test_nothing_tells_of_what_waits_or_of_today(switched_on, article, mod, stranger):
    decisions.decide("approve", held(article).pk, mod.user)
    age()
    before = pages(stranger)
    held(article)
    system = make_comment(article, "Reported.")
    decisions.decide("hold", system.pk, None)
    again = decisions.decide("approve", held(article).pk, mod.user)
    undo.undo(again.pk, mod.user)
    once = decisions.decide("reject", held(article).pk, mod.user)
    undo.undo(once.pk, mod.user)
    age()
    assert pages(stranger) == before
    decisions.decide("reject", held(article).pk, mod.user)
    cache.clear()
    assert pages(stranger) == before
    age()
    assert pages(stranger) != before  # the control


@pytest.mark.parametrize("state", ["rejected", "spam", "removed", "withdrawn", "held"])
def test_a_link_stands_only_where_everybody_may_read_it(switched_on, article, mod, stranger, state):
    shown, gone = make_comment(article, "Shown."), make_comment(make_article("canary title"), "Gone.")
    for comment in (shown, gone):
        edits.edit(comment.pk, "Other words.", mod.user, version=comment.version)
        edits.set_closed(comment.pk, True, mod.user, version=None)
    age()
    assert "canary title" in pages(stranger)  # the control
    type(gone).objects.filter(pk=gone.pk).update(state=state)
    said = pages(stranger)
    assert f"/comments/{shown.pk}/" in said
    assert f"/comments/{gone.pk}/" not in said
    assert "canary title" not in said


def test_a_hidden_article_is_a_number_and_a_public_one_a_link(switched_on, article, mod, stranger):
    hidden = make_article("canary title")
    articles.close(article.pk, mod.user, "canary reason")
    articles.hide(hidden.pk, mod.user, "canary reason")
    age()
    said = pages(stranger)
    assert "1 article was closed to replies." in said
    assert article.title in said
    assert "1 article was hidden." in said
    assert "canary" not in said
    Article.objects.filter(pk=hidden.pk).update(state=Article.State.PUBLISHED)
    assert "canary title" in pages(stranger)


def test_an_author_who_edits_or_withdraws_is_not_in_it(switched_on, article, mod, ben, stranger):
    own = make_comment(article, "Mine.", author=ben.user.author, name="ben")
    edits.edit(own.pk, "Still mine.", ben.user, version=own.version)
    decisions.decide("withdraw", make_comment(article).pk, None)
    age()
    said = pages(stranger)
    assert "edited" not in said
    assert "Nothing was done in this month" in said


def test_a_day_is_a_day_where_the_site_is_at_home(switched_on, article, mod, stranger):
    made = [decisions.decide("approve", held(article).pk, mod.user) for _n in range(2)]
    # Clocks go back in Berlin on 26 October 2025: that day begins at 22:00 UTC and ends at 23:00 UTC.
    for one, moment in zip(made, ("2025-10-25T22:30", "2025-10-26T22:30"), strict=True):
        at = datetime.datetime.fromisoformat(f"{moment}:00+00:00")
        Decision.objects.filter(pk=one.pk).update(at=at)
    said = page(stranger, "?month=2025-10")
    assert re.findall(r'<h3 class="log-day">(.*?)</h3>', said) == ["Sunday, 26 October"]
    assert "2 replies were published." in said


def test_it_is_the_same_for_everybody_and_kept_by_nobody(switched_on, article, mod, stranger):
    decisions.decide("reject", held(article).pk, mod.user)
    age()
    answer = stranger.get(ADDRESS)
    assert answer["Cache-Control"] == stranger.get("/")["Cache-Control"]
    assert not answer.cookies
    for nonsense in ("?month=x", "?month=9999-01", "?month=", "?month=2026-13", "?after=1", "?q=held"):
        assert stranger.get(f"{ADDRESS}{nonsense}").content == answer.content
    assert "csrf" not in answer.content.decode()


def test_months_lead_to_each_other(switched_on, article, mod, stranger):
    decisions.decide("approve", held(article).pk, mod.user)
    age(70)
    said, steps = page(stranger), 0
    while found := re.search(r'rel="next" href="(\?month=[\d-]+)"', said):
        said, steps = page(stranger, found[1]), steps + 1
    assert steps in {2, 3}
    assert "1 reply was published." in said
    assert 'rel="prev"' in said


def test_statements_do_not_grow_with_what_was_done(
    switched_on, article, mod, django_assert_max_num_queries, stranger
):
    def work(times: int) -> None:
        for _n in range(times):
            decisions.decide("reject", held(article).pk, mod.user)
            shown = make_comment(article)
            edits.edit(shown.pk, "Other words.", mod.user, version=shown.version)
        age()

    work(2)
    with django_assert_max_num_queries(40) as few:
        pages(stranger)
    work(8)
    with django_assert_max_num_queries(len(few)):
        pages(stranger)
