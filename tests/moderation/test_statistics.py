"""The statistics of the desk: counted right, by the days of the site, in few statements."""

import csv
import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from forum.moderation import cases, decisions, statistics, undo
from forum.moderation.models import Case, Decision
from forum.moderation.models_requests import Appeal, Report
from forum.moderation.rules import Hit
from forum.moderation.statistics import overview
from forum.moderation.statistics_charts import tables_of
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.make import make_comment
from tests.moderation.desk import desk

pytestmark = pytest.mark.django_db
UTC = ZoneInfo("UTC")
HOUR = datetime.timedelta(hours=1)

STICK = Hit("rule-7", "stick", label="Sticks")


def held(article, received: datetime.datetime | None = None, **fields) -> Comment:
    """A comment that has waited since some moment."""
    comment = make_comment(article, "Words that wait.", state="held", **fields)
    if received is not None:
        Comment.objects.filter(pk=comment.pk).update(received_at=received)
    return comment


def decided(article, act: str, actor, at: datetime.datetime, waited: datetime.timedelta = HOUR) -> Decision:
    """A decision at some moment on what had waited for a while."""
    made = decisions.decide(act, held(article, at - waited).pk, actor)
    Decision.objects.filter(pk=made.pk).update(at=at)
    return Decision.objects.get(pk=made.pk)


def rows(said, slug: str) -> list[list[object]]:
    """A table of an overview."""
    return next(table.rows for table in tables_of(said) if table.slug == slug)


def test_the_median_wait_is_of_what_left_the_queue_in_each_period(article, mod):
    now = timezone.now()
    for days, hours in ((1, 1), (2, 3), (20, 9), (60, 50), (200, 999)):
        at = now - datetime.timedelta(days=days)
        decided(article, "approve", mod.user, at, datetime.timedelta(hours=hours))
    taken_back = decided(article, "reject", mod.user, now - HOUR, datetime.timedelta(days=300))
    undo.undo(taken_back.pk, mod.user)
    hours = {days: round(wait / 3600, 1) for days, wait in overview(30, UTC, now).waits.items()}
    assert hours == {7: 2.0, 30: 3.0, 90: 6.0}
    weeks = overview(30, UTC, now).weeks
    assert len(weeks) == statistics.WEEKS
    assert sum(count for _week, _wait, count in weeks) == 4
    assert all(week.weekday() == 0 for week, _wait, _count in weeks)


def test_what_waits_a_second_time_has_not_waited_since_it_was_received(article, mod):
    comment = held(article, timezone.now() - datetime.timedelta(days=300))
    decisions.decide("approve", comment.pk, mod.user)
    decisions.decide("hold", comment.pk, None)
    cases.open_case(comment, Case.Cause.REPORTS)
    Decision.objects.update(at=timezone.now() - datetime.timedelta(days=60))
    decisions.decide("approve", comment.pk, mod.user)
    assert overview(30, UTC).waits[7] < 60
    # Held again since: the case that the decision closed says it; without one nothing does (the control).
    Comment.objects.update(held_at=timezone.now() + HOUR)
    assert overview(30, UTC).waits[7] < 60
    Case.objects.update(closed_by=None)
    assert overview(30, UTC).waits[7] > 299 * 24 * 3600


@pytest.mark.parametrize(("first", "then", "turned"), [("boss", "boss", 0), ("boss", "mod", 1)])
def test_who_changes_their_own_mind_overturns_nothing(article, mod, boss, first, then, turned):
    who = {"boss": boss.user, "mod": mod.user}
    for acts in (("approve", "remove"), ("reject", "restore")):
        comment = held(article)
        decisions.decide(acts[0], comment.pk, who[first])
        decisions.decide(acts[1], comment.pk, who[then])
    said = {name: numbers for name, *numbers in rows(overview(30, UTC), "moderators")}
    assert said["boss"][-1] == 2 * turned


def test_control_without_decisions_there_is_no_median(article):
    said = overview(30, UTC)
    assert set(said.waits.values()) == {None}
    assert said.rules == said.people == said.reports == []
    (chart,) = tables_of(said)[0].charts
    assert chart.sentence == "Nothing that waited was decided in these weeks."


def test_a_week_of_decisions_made_at_once_has_a_median_all_the_same(article, mod):
    decisions.decide("approve", held(article).pk, mod.user)
    (chart,) = tables_of(overview(30, UTC))[0].charts
    assert chart.sentence == "The longest median of a week: 0 minutes."


def test_the_volume_counts_each_day_what_came_and_what_became_of_it(article, mod):
    now = timezone.now()
    yesterday = now - datetime.timedelta(days=1)
    held(article)
    make_comment(article, "Public at once.")
    decided(article, "approve", mod.user, yesterday, datetime.timedelta(0))
    decided(article, "spam", mod.user, yesterday, datetime.timedelta(days=50))
    decided(article, "reject", mod.user, yesterday, datetime.timedelta(0))
    undo.undo(decided(article, "reject", mod.user, yesterday, datetime.timedelta(0)).pk, mod.user)
    volume = {day: numbers for day, *numbers in overview(30, UTC, now).volume}
    assert len(volume) == 30
    assert volume[now.date()] == [2, 0, 0]
    assert volume[yesterday.date()] == [3, 1, 2]
    assert sum(sum(numbers) for numbers in volume.values()) == 8


@pytest.mark.parametrize(
    ("zone", "expected"),
    [
        ("Europe/Berlin", {"2026-10-25": 2, "2026-10-26": 1, "2026-10-24": 1}),
        ("UTC", {"2026-10-24": 2, "2026-10-25": 2}),
    ],
)
def test_days_are_those_of_the_sites_time_zone_also_when_clocks_change(article, mod, zone, expected):
    # In Berlin 25 October 2026 has 25 hours, from 22:00 UTC to 23:00 UTC.
    for moment in ("2026-10-24T21:59", "2026-10-24T22:01", "2026-10-25T22:59", "2026-10-25T23:01"):
        decided(article, "approve", mod.user, datetime.datetime.fromisoformat(f"{moment}:00+00:00"))
    now = datetime.datetime.fromisoformat("2026-11-10T12:00:00+00:00")
    volume = overview(30, ZoneInfo(zone), now).volume
    assert {str(day): approved for day, _came, approved, _refused in volume if approved} == expected


def test_overturned_is_what_others_took_back_what_was_appealed_and_what_came_back(article, mod, boss):
    made = [decisions.decide("reject", held(article).pk, mod.user) for _n in range(5)]
    undo.undo(made[0].pk, boss.user)
    undo.undo(made[1].pk, mod.user)  # by the same person: no error of anybody's
    Appeal.objects.create(
        decision=made[2], text="Please.", granted=True, answered_by=boss.user, answered_at=timezone.now()
    )
    decisions.decide("restore", made[3].comment_id, boss.user)
    said = {name: numbers for name, *numbers in rows(overview(30, UTC), "moderators")}
    assert said[mod.user.username] == [3, 0, 3, 3]
    assert said[boss.user.username] == [1, 0, 0, 0]


def test_what_was_taken_back_counts_alike_by_day_by_rule_and_by_moderator(article, mod, boss):
    for act, undoer in (("approve", mod), ("reject", mod), ("approve", boss), ("reject", None)):
        comment = held(article)
        cases.open_case(comment, Case.Cause.NEW, [STICK])
        made = decisions.decide(act, comment.pk, mod.user)
        if undoer:
            undo.undo(made.pk, undoer.user)
    said = overview(30, UTC)
    assert rows(said, "moderators") == [[mod.user.username, 1, 0, 1, 1]]
    assert rows(said, "rules") == [["Sticks", 4, 0, 1, 1]]
    assert [sum(day[n] for day in said.volume) for n in (1, 2, 3)] == [4, 0, 1]
    notes = {table.slug: table.note for table in tables_of(said)}
    assert "it counts as overturned" in notes["moderators"]


def test_rules_are_told_by_what_they_held_and_by_what_became_of_it(article, mod, boss):
    for act in ("approve", "approve", "reject"):
        comment = held(article)
        cases.open_case(comment, Case.Cause.NEW, [STICK, STICK, Hit("link")])
        made = decisions.decide(act, comment.pk, mod.user)
    undo.undo(made.pk, boss.user)
    waits = held(article)
    cases.open_case(waits, Case.Cause.NEW, [STICK])
    said = {name: numbers for name, *numbers in rows(overview(30, UTC), "rules")}
    assert said["Sticks"] == [4, 2, 0, 1]
    assert said["A link"] == [3, 2, 0, 1]
    decisions.decide("reject", made.comment_id, boss.user)
    decisions.decide("restore", made.comment_id, mod.user)
    said = {name: numbers for name, *numbers in rows(overview(30, UTC), "rules")}
    assert said["Sticks"] == [4, 2, 1, 1]


def test_reports_are_counted_by_whether_they_were_right(article):
    case = cases.open_case(make_comment(article), Case.Cause.REPORTS)
    for n, upheld in enumerate([True, True, False, None]):
        Report.objects.create(case=case, trace=str(n), reason="harm", upheld=upheld)
    assert rows(overview(30, UTC), "reports") == [["Its advice could harm", 2, 1, 1]]


def test_each_drawing_says_the_same_as_its_table(article, mod):
    decided(article, "approve", mod.user, timezone.now() - HOUR)
    for table in tables_of(overview(30, UTC)):
        for n, chart in enumerate(table.charts, start=1):
            assert len(chart.bars) == len(table.rows)
            if table.slug == "volume":
                assert [bar.height > 0 for bar in chart.bars] == [row[n] > 0 for row in table.rows]
            assert all(0 <= bar.y <= 100 and 0 <= bar.height <= 100 for bar in chart.bars)


def test_the_page_shows_it_and_each_table_is_a_file(article, mod):
    SitePolicy.objects.create(pk=1, time_zone="Europe/Berlin")
    decided(article, "approve", mod.user, timezone.now() - HOUR)
    page = desk(mod, "/moderation/statistics/?days=90")
    assert "60 minutes" in page
    assert "style=" not in page
    assert page.count("<svg") == 4
    for table in tables_of(overview(90, UTC)):
        assert f"?table={table.slug}&days=90" in page
        answer = mod.get(f"/moderation/statistics.csv?table={table.slug}&days=90")
        lines = list(csv.reader(b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()))
        assert lines[0] == table.heads
        assert len(lines) == len(table.rows) + 1
    assert mod.get("/moderation/statistics.csv?table=nonsense").status_code == 404


def test_a_moderator_called_like_a_formula_is_no_formula_in_the_file(article, mod):
    mod.user.username = "=1+1"
    mod.user.save()
    decided(article, "approve", mod.user, timezone.now() - HOUR)
    answer = mod.get("/moderation/statistics.csv?table=moderators")
    assert "'=1+1" in b"".join(answer.streaming_content).decode()


def test_it_is_for_the_staff_alone(stranger, ben, mod):
    for address in ("/moderation/statistics/", "/moderation/statistics.csv"):
        assert stranger.get(address).status_code == 302
        assert ben.get(address).status_code == 404
        assert mod.get(address).status_code == 200


def test_statements_do_not_grow_with_what_was_decided(article, mod, django_assert_max_num_queries):
    def work(times: int) -> None:
        for _n in range(times):
            comment = held(article)
            cases.open_case(comment, Case.Cause.NEW, [Hit("link")])
            decisions.decide("approve", comment.pk, mod.user)

    work(2)
    with django_assert_max_num_queries(13) as few:
        mod.get("/moderation/statistics/")
    work(10)
    with django_assert_max_num_queries(len(few)):
        mod.get("/moderation/statistics/")
