"""The log of the desk: everything in it, newest first, as asked for, and safe as a file."""

import csv
import datetime
import re

import pytest
from django.utils import timezone

from forum.moderation import articles, bans, decisions, undo
from forum.moderation.decisions import Grounds
from forum.moderation.models import Decision
from forum.moderation.models_people import Ban
from forum.moderation.models_policy import PolicyChange
from forum.moderation.models_requests import Appeal, TakeDown
from forum.site.models import SitePolicy
from tests.make import make_comment
from tests.moderation.desk import desk, make_guest

pytestmark = pytest.mark.django_db


def log(client, query: str = "") -> str:
    """The log as somebody of the staff reads it."""
    return desk(client, f"/moderation/log/?{query}")


def heads(page: str) -> list[str]:
    """What was done, line by line."""
    return re.findall(r'<p class="log-head">\s*<strong>(.*?)</strong>', page)


def rows_of(client, query: str = "") -> list[dict[str, str]]:
    """The file, row by row."""
    answer = client.get(f"/moderation/log.csv?{query}")
    assert answer["Content-Type"].startswith("text/csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(text.splitlines()))


def held(article, **fields):
    """A comment that waits."""
    return make_comment(article, "Words that wait.", state="held", **fields)


@pytest.fixture
def worked(article, mod, boss):
    """One thing of every kind that the log tells of, done by two people."""
    vera = make_guest()
    refused = held(article, author=vera, name="Vera")
    why = Grounds("off-topic", "It is about something else.", "Third time.")
    rejected = decisions.decide("reject", refused.pk, mod.user, grounds=why)
    kept = decisions.decide("approve", held(article, name="Kim").pk, boss.user)
    undo.undo(kept.pk, mod.user)
    articles.hide(article.pk, boss.user, "For a while.")
    bans.over_comment(refused.pk, bans.Order("week", Grounds(reason="Again and again.")), mod.user)
    bans.lift(Ban.objects.get().pk, boss.user)
    PolicyChange.objects.create(
        about="policy", by=boss.user, before={"mode": "open"}, after={"mode": "closed"}
    )
    now = timezone.now()
    Appeal.objects.create(
        decision=rejected,
        text="Please.",
        granted=False,
        answer="It stays.",
        answered_by=boss.user,
        answered_at=now,
    )
    said = {"name": "Private Name", "email": "private@mail.example", "text": "private words"}
    TakeDown.objects.create(
        comment=refused, wish="erase", outcome="refused", answered_by=mod.user, answered_at=now, **said
    )
    return refused


def test_everything_that_the_desk_did_stands_in_it_newest_first(worked, mod):
    page = log(mod)
    assert heads(page) == [
        *("Appeal declined", "Refused", "Policy changed", "Ban lifted", "Banned", "Hidden"),
        *("Taken back", "Approved", "Rejected"),
    ]
    assert "Third time." in page
    assert "It is about something else." in page
    assert "Policy. Which replies wait for a moderator: Publish replies at once → Take no replies" in page
    assert f"/moderation/comments/{worked.pk}/" in page
    assert page.count("taken back") >= 2


def test_nothing_private_of_a_take_down_request_stands_in_it(worked, mod):
    said = log(mod) + str(rows_of(mod))
    assert "Refused" in said
    for private in ("Private Name", "private@mail.example", "private words"):
        assert private not in said


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=article", ["Hidden"]),
        ("act=comment.reject", ["Rejected"]),
        ("act=comment.reject&kind=ban", []),
        ("kind=ban", ["Ban lifted", "Banned"]),
        ("undone=yes", ["Banned", "Approved"]),
        ("undone=no&kind=comment", ["Taken back", "Rejected"]),
        ("since=2999-01-01", []),
        ("until=1999-01-01", []),
        ("actor=system", []),
        ("act=nonsense&kind=nonsense&since=nonsense&actor=x&undone=perhaps&after=x.y.z", 9),
    ],
)
def test_the_log_is_filtered(worked, mod, query, expected):
    found = heads(log(mod, query))
    assert len(found) == expected if isinstance(expected, int) else found == expected
    assert len(rows_of(mod, query)) == len(found)


def test_the_log_is_filtered_by_who_did_it(worked, mod, boss):
    assert heads(log(mod, f"actor={mod.user.pk}")) == ["Refused", "Banned", "Taken back", "Rejected"]
    others = heads(log(mod, f"actor={boss.user.pk}"))
    assert others == ["Appeal declined", "Policy changed", "Ban lifted", "Hidden", "Approved"]
    decisions.decide("spam", held(worked.article).pk, None)
    assert heads(log(mod, "actor=system")) == ["Marked as spam"]


def test_a_day_of_the_log_is_a_day_where_the_site_is_at_home(article, mod):
    SitePolicy.objects.create(pk=1, time_zone="Europe/Berlin")
    # 25 October 2026 has 25 hours there, from 22:00 UTC to 23:00 UTC.
    moments = ["2026-10-24T21:59:00", "2026-10-24T22:01:00", "2026-10-25T22:59:00", "2026-10-25T23:01:00"]
    for moment in moments:
        made = decisions.draft(held(article), "approve", mod.user)
        made.at = datetime.datetime.fromisoformat(f"{moment}+00:00")
        Decision.objects.bulk_create([made])
    rows = rows_of(mod, "since=2026-10-25&until=2026-10-25")
    assert [row["at"][:16] for row in rows] == ["2026-10-25T22:59", "2026-10-24T22:01"]


def test_pages_of_the_log_follow_each_other_without_gap_or_repetition(article, mod, monkeypatch):
    monkeypatch.setattr("forum.moderation.log_page.PER_PAGE", 3)
    moment = timezone.now()
    for n in range(4):  # of one and the same moment, in two tables
        made = decisions.draft(held(article), "approve", mod.user)
        made.at = moment
        Decision.objects.bulk_create([made])
        PolicyChange.objects.create(about=f"rule-900{n}", at=moment)
    query, seen = "", []
    for _page in range(4):
        page = log(mod, query)
        seen += re.findall(r"Rule “900\d”|/moderation/comments/\d+/", page)
        following = re.search(r'rel="next" href="[^"?]*\?([^"]*)"', page)
        query = following[1] if following else ""
        if not query:
            break
    assert len(seen) == len(set(seen)) == 8


def test_statements_do_not_grow_with_the_log(article, mod, django_assert_max_num_queries):
    def work(times: int) -> None:
        for _n in range(times):
            decisions.decide("approve", held(article).pk, mod.user)
            PolicyChange.objects.create(about="rules", by=mod.user)

    work(2)
    with django_assert_max_num_queries(16) as few:
        log(mod)
    with django_assert_max_num_queries(14) as few_of_file:
        rows_of(mod)
    work(10)
    with django_assert_max_num_queries(len(few)):
        log(mod)
    with django_assert_max_num_queries(len(few_of_file)):
        assert len(rows_of(mod)) == 24


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_formula_in_the_log_stays_text(article, mod, sign):
    why = Grounds("", f'{sign}HYPERLINK("https://evil.example")', f"{sign}1+1")
    decisions.decide("reject", held(article).pk, mod.user, grounds=why)
    (row,) = rows_of(mod)
    assert row["reason"] == f"'{why.reason}"
    assert row["note"] == f"'{why.note}"


def test_control_words_that_are_no_formula_stay_as_they_are(article, mod):
    decisions.decide("reject", held(article).pk, mod.user, grounds=Grounds("", "1 = 1", "see a@b"))
    (row,) = rows_of(mod)
    assert (row["reason"], row["note"]) == ("1 = 1", "see a@b")


def test_the_log_is_for_the_staff_alone(stranger, ben, boss):
    for address in ("/moderation/log/", "/moderation/log.csv"):
        assert stranger.get(address).status_code == 302
        assert ben.get(address).status_code == 404
        assert boss.get(address).status_code == 200
