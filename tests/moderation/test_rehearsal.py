"""Trying a rule on what is there: what it finds, its samples, the job, and who may."""

import datetime
from html import unescape

import pytest
from django.core.management import call_command
from django.utils import timezone

from forum.jobs.models import Job
from forum.moderation import decisions, rehearsal, rehearsal_rule
from forum.moderation.models_policy import PolicyChange, Rehearsal, Rule
from forum.text.render import render
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import load_comments, make_comment
from tests.moderation.bare_rules import make_rule, no_rules  # noqa: F401

pytestmark = pytest.mark.django_db
ADD = "/moderation/rules/add/"
PROPOSAL = {"kind": "words", "text": "cure", "number": None, "inside": False, "effect": "hold", "label": ""}


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def try_rule(client, **fields) -> Rehearsal:
    """Press “Try it first” in the form of a new rule."""
    values = {"kind": "words", "text": "cure", "effect": "hold"} | fields
    answer = client.post(ADD, values | {"try": "yes"})
    assert answer.status_code == 303, text_of(answer)
    return Rehearsal.objects.get(pk=answer["Location"].rstrip("/").rpartition("/")[2])


def start(user, **fields) -> Rehearsal:
    return rehearsal.start(Rehearsal.Kind.RULE, PROPOSAL | fields, user)


def found(tried: Rehearsal) -> dict[str, list[int]]:
    """The groups in which something was there."""
    tried.refresh_from_db()
    return {group: pair for group, pair in tried.result["counts"].items() if pair[0]}


@pytest.fixture
def talk(article):
    """Archived, live and refused comments, of which one in each group speaks of a cure."""
    for number, row in enumerate(load_comments(article, [None, 0, None])):
        words = "<p>No <b>cure</b> &amp; no hope.</p>" if number == 1 else f"Archived words {number}."
        Comment.objects.filter(pk=row.pk).update(
            body_source=words, body_html=render(words, "html"), source_format="html"
        )
    for words in ("A cure at last.", "My curebook.", "Nothing to say."):
        make_comment(article, words)
    for state in (State.HELD, State.REJECTED, State.SPAM, State.REMOVED, State.WITHDRAWN):
        make_comment(article, "Buy the CURE.", state=state)
    return article


def test_a_rule_is_tried_on_what_is_there_and_nothing_is_changed(boss, talk):
    before = list(Comment.objects.order_by("pk").values())
    tried = try_rule(boss)
    assert found(tried) == {
        "archive": [3, 1],
        "live": [3, 1],
        "held": [1, 1],
        "rejected": [1, 1],
        "spam": [1, 1],
        "removed": [1, 1],
    }
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert "It would have held 2 of 6 approved comments." in page
    assert "A <mark>cure</mark> at last." in page
    assert "No <mark>cure</mark> & no hope." in page
    assert "Buy the <mark>CURE</mark>." in page
    assert list(Comment.objects.order_by("pk").values()) == before
    assert not Rule.objects.exists()
    assert not PolicyChange.objects.exists()
    assert not Job.objects.exists()


def test_control_inside_longer_words_it_finds_one_more(boss, talk):
    assert found(try_rule(boss, inside="on"))["live"] == [3, 2]


def test_words_that_are_allowed_are_not_found_and_switched_off_ones_do_not_allow(boss, talk):
    allowing = make_rule(text="cure at last", effect="allow")
    assert found(try_rule(boss))["live"] == [3, 0]
    Rule.objects.filter(pk=allowing.pk).update(active=False)
    assert found(try_rule(boss))["live"] == [3, 1]


def test_an_allowed_word_covers_what_a_pattern_finds_within_it(boss, talk):
    pattern = {"kind": "pattern", "text": r"curebo+k"}
    make_rule(text="walking", effect="allow")
    assert found(try_rule(boss, **pattern))["live"] == [3, 1]
    make_rule(text="My curebook", effect="allow")
    assert found(try_rule(boss, **pattern))["live"] == [3, 0]


def test_a_word_that_is_allowed_shows_what_would_be_held_no_more(boss, talk):
    make_rule(text="cure")
    tried = try_rule(boss, text="a cure at last", effect="allow")
    assert found(tried)["live"] == [3, 1]
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert "Of 6 approved comments, 1 that a rule finds today would not be found any more." in page


def test_a_rule_saved_from_its_rehearsal_shows_its_numbers(boss, talk):
    tried = try_rule(boss)
    form = boss.get(f"{ADD}?rehearsal={tried.pk}")
    assert "it found 2 of 6 approved comments" in text_of(form)
    assert form.context["form"]["text"].value() == "cure"
    fields = {"kind": "words", "text": "cure", "effect": "hold", "save": "yes", "rehearsal": str(tried.pk)}
    assert boss.post(ADD, fields).status_code == 303
    assert "When it was tried, it found 2 of 6 approved comments." in text_of(boss.get("/moderation/rules/"))
    boss.post(ADD, fields | {"text": "another"})
    assert "When it was tried" not in text_of(boss.get("/moderation/rules/"))


def test_a_change_of_a_rule_is_tried_without_the_rule_itself(boss, talk):
    rule = make_rule(text="hope", effect="allow")
    fields = {"kind": "words", "text": "hope", "effect": "hold", "try": "yes"}
    answer = boss.post(f"/moderation/rules/{rule.pk}/", fields)
    tried = Rehearsal.objects.get()
    assert found(tried)["archive"] == [3, 1]
    page = boss.get(answer["Location"])
    assert f'action="/moderation/rules/{rule.pk}/"' in text_of(page)
    saved = {"kind": "words", "text": "hope", "effect": "hold", "save": "yes", "seen": page.context["seen"]}
    assert boss.post(f"/moderation/rules/{rule.pk}/", saved).status_code == 303
    assert Rule.objects.get().effect == "hold"


def test_a_rule_looks_at_names_as_it_does_when_a_reply_comes(boss, article):
    for number in range(3):
        make_comment(article, f"Nice words {number}.", name="Casino King")
    make_comment(article, "A casino of words.", name="Ben")
    tried = try_rule(boss, text="casino")
    assert found(tried)["live"] == [4, 4]
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert page.count('<span class="tag">in the name</span> <mark>Casino</mark> King') == 3
    assert page.count("in the name</span>") == 3
    assert found(try_rule(boss, kind="shorter", text="", number="12"))["live"] == [4, 0]  # no name is meant
    make_rule(text="casino")
    assert found(try_rule(boss, text="casino king", effect="allow"))["live"] == [4, 3]
    make_rule(text="casino king", effect="allow")
    assert found(try_rule(boss, text="casino", effect="mark"))["live"] == [4, 1]


def test_samples_read_as_the_comments_do_today(boss, talk):
    tried = try_rule(boss)
    Comment.objects.filter(body_source="A cure at last.").update(
        body_source="", body_html="", erased_at=timezone.now()
    )
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert "at last" not in page
    assert "at last" not in repr(tried.result)


def test_samples_are_spread_over_the_time_in_which_comments_were_written(article):
    rows = load_comments(article, [None] * 100)
    for n, row in enumerate(rows):
        moment = datetime.datetime(2010 + n % 10, 1, 1 + n // 10, tzinfo=datetime.UTC)
        Comment.objects.filter(pk=row.pk).update(posted_at=moment)
    chosen = rehearsal_rule.spread([row.pk for row in rows])
    years = Comment.objects.filter(pk__in=chosen).values_list("posted_at__year", flat=True)
    assert len(chosen) == 20
    assert set(years) == set(range(2010, 2020))


def test_a_large_site_is_gone_through_by_a_worker_with_progress(boss, talk, monkeypatch):
    monkeypatch.setitem(rehearsal.AT_ONCE, "rule", 2)
    tried = try_rule(boss)
    job = Job.objects.get(name=rehearsal.JOB, about=str(tried.pk))
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert "It waits for its turn." in page
    assert "data-progress" in page
    told = []
    monkeypatch.setattr(rehearsal_rule, "PORTION", 4)
    rehearsal.run(tried, lambda done, total: told.append((done, total)))
    assert told == [(4, 10), (8, 10), (10, 10)]
    assert found(tried)["live"] == [3, 1]
    page = text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))
    assert "data-progress" not in page
    assert job.state == Job.State.QUEUED


def test_a_worker_does_it_and_one_that_was_cancelled_ends_without_a_result(boss, talk):
    tried, other = start(boss.user), start(boss.user, text="hope")
    for one in (tried, other):
        rehearsal.ask(one)
    jobs = dict(Job.objects.values_list("about", "pk"))
    assert boss.post(f"/moderation/rehearsals/{tried.pk}/cancel/").status_code == 303
    rehearsal.run_rehearsal.func(other.pk, jobs[str(other.pk)])
    tried.refresh_from_db()
    assert (tried.result, tried.ended_at is None) == ({}, False)
    assert found(other)["archive"] == [3, 1]
    assert Job.objects.get(about=str(other.pk)).state == Job.State.DONE
    assert "This was cancelled" in text_of(boss.get(f"/moderation/rehearsals/{tried.pk}/"))


def test_work_that_is_cancelled_meanwhile_stops_and_keeps_nothing(boss, talk, monkeypatch):
    monkeypatch.setattr(rehearsal_rule, "PORTION", 4)
    tried = start(boss.user)

    def cancelling(done, total):
        rehearsal.cancel(tried)
        return None

    rehearsal.run(tried, cancelling)
    tried.refresh_from_db()
    assert tried.result == {}


def test_comments_are_decided_on_while_it_runs(boss, talk, mod):
    held = Comment.objects.get(state=State.HELD)

    def deciding(done, total):
        if Comment.objects.get(pk=held.pk).state == State.HELD:
            decisions.decide("approve", held.pk, mod.user)

    tried = start(boss.user)
    rehearsal.run(tried, deciding)
    assert Comment.objects.get(pk=held.pk).state == State.VISIBLE
    assert found(tried)["live"] == [3, 1]


def test_old_rehearsals_are_forgotten_by_the_daily_command(boss, talk, capsys):
    old, young = start(boss.user), start(boss.user)
    rehearsal.ask(old)
    Rehearsal.objects.filter(pk=old.pk).update(at=timezone.now() - datetime.timedelta(days=31))
    call_command("purge_private")
    assert list(Rehearsal.objects.all()) == [young]
    assert not Job.objects.filter(name=rehearsal.JOB).exists()


def test_only_admins_try_and_see_what_came_of_it(stranger, ben, mod, boss, talk):
    tried = start(boss.user)
    for client, code in ((stranger, 302), (ben, 404), (mod, 404)):
        assert client.get(f"/moderation/rehearsals/{tried.pk}/").status_code == code
        assert client.post(f"/moderation/rehearsals/{tried.pk}/cancel/").status_code == code
        assert (
            client.post(ADD, {"kind": "words", "text": "x", "effect": "hold", "try": "y"}).status_code == code
        )
    tried.refresh_from_db()
    assert tried.ended_at is None
    assert Rehearsal.objects.count() == 1
