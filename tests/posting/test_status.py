"""Where a reply stands: told to its author by cookie or account, and to nobody else at all."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from forum.moderation import decisions, undo
from forum.moderation.decisions import Grounds
from forum.moderation.models import Decision
from forum.threads.models import Comment
from tests.archive import archived_person
from tests.make import load_comments, make_comment, make_user
from tests.moderation.desk import hold
from tests.posting.own import browser_of, change, page, public, site, waits

pytestmark = pytest.mark.django_db
CANARY = "canary-of-somebody-else"


def same(answer, number: int) -> tuple:
    """What an answer says, without the number that was asked for."""
    heads = {k: v for k, v in answer.headers.items() if k != "Content-Length"}
    body = re.sub(rb'name="csrfmiddlewaretoken" value="[\w-]+"', b"", answer.content)
    return answer.status_code, heads, body.replace(str(number).encode(), b"N")


def test_the_author_of_a_held_reply_is_told_what_happens_next(article):
    for n in range(12):
        hold(article, f"{CANARY} {n}")
    comment, vera = waits(article, "My own words.")
    answer = vera.get(f"/comments/{comment.pk}/status/")
    text = page(vera, comment)
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    for said in ("Waiting for a moderator", "You and the moderators. Nobody else.", "My own words."):
        assert said in text
    assert "About 10 replies wait before it." in text
    assert CANARY not in text
    for act in ("change", "withdraw"):
        assert f"/comments/{comment.pk}/{act}/" in text
    assert f"/comments/{comment.pk}/appeal/" not in text


@pytest.mark.parametrize("state", ["held", "visible", "rejected", "spam", "removed", "withdrawn"])
@pytest.mark.parametrize("what", ["status", "change", "withdraw", "appeal"])
def test_for_everybody_else_there_is_nothing_byte_for_byte(article, stranger, ben, mod, state, what):
    comment, vera = waits(article)
    Comment.objects.filter(pk=comment.pk).update(state=state)
    never = comment.pk + 1
    for client in (stranger, ben, mod, browser_of(make_comment(article))):
        if client is not stranger:
            never = comment.pk + 5
        there = same(client.get(f"/comments/{comment.pk}/{what}/"), comment.pk)
        nowhere = same(client.get(f"/comments/{never}/{what}/"), never)
        assert there[0] == 404
        assert there == nowhere
        posted = same(client.post(f"/comments/{comment.pk}/{what}/", {"body": "x"}), comment.pk)
        assert posted[0] == (405 if what == "status" else 404)
        assert posted == same(client.post(f"/comments/{never}/{what}/", {"body": "x"}), never)
    assert vera.get(f"/comments/{comment.pk}/{what}/").status_code == 200
    assert Comment.objects.get(pk=comment.pk).state == state


def test_control_a_gate_that_lets_everybody_in_is_noticed(article, stranger, monkeypatch):
    comment, _vera = waits(article)
    queries = type(Comment.objects.all())
    monkeypatch.setattr(queries, "own_of", lambda self, viewer: self)
    assert stranger.get(f"/comments/{comment.pk}/status/").status_code == 200


def test_the_reason_is_told_as_it_was_given(article, mod):
    comment, vera = waits(article)
    why = Grounds("ads", "We keep this place free of advertising.", "Note for the desk: bore.")
    decisions.decide("reject", comment.pk, mod.user, grounds=why)
    text = page(vera, comment)
    assert "Not published" in text
    assert "We keep this place free of advertising." in text
    assert "bore" not in text
    assert "<bdi>mod" not in text
    assert f"/comments/{comment.pk}/appeal/" in text


def test_a_decision_without_a_reason_and_one_of_the_site_are_told_in_plain_words(article, mod):
    one, vera = waits(article)
    decisions.decide("reject", one.pk, mod.user)
    assert "No reason was given." in page(vera, one)
    two, kim = waits(article)
    decisions.decide("spam", two.pk, None, grounds=Grounds(reason_code="honeypot"))
    text = page(kim, two)
    assert "a field that people do not see was filled in" in text
    assert "honeypot" not in text


def test_what_readers_reported_is_told_as_hidden_since_then_and_what_waits_anew_is_not(article, mod):
    site()
    comment, vera = public(article)
    said = "Readers reported it. It has been hidden since"
    held = decisions.decide("hold", comment.pk, None, grounds=Grounds(reason_code="reports"))
    Decision.objects.filter(pk=held.pk).update(at="2026-03-01T09:30Z")
    assert f"{said} 1 March 2026, " in page(vera, comment)
    assert "It was public, and is hidden until" in vera.get(article.path).content.decode()
    assert change(vera, comment, "Kinder words.").status_code == 303
    assert said in page(vera, comment)
    approved = decisions.decide("approve", comment.pk, mod.user)
    assert said not in page(vera, comment)
    undo.undo(approved.pk, mod.user)
    assert said in page(vera, comment)
    new, kim = waits(article)  # the control: nobody has reported this one
    assert "It was public" not in kim.get(article.path).content.decode()
    shown = decisions.decide("approve", new.pk, mod.user)
    undo.undo(shown.pk, mod.user)
    for text in (page(kim, new), page(waits(article)[1], Comment.objects.latest("pk"))):
        assert said not in text


def test_the_usual_wait_is_told_once_enough_was_decided(article, mod):
    comment, vera = waits(article)
    assert "half of the replies" not in page(vera, comment)
    for _n in range(5):
        decisions.decide("approve", hold(article).pk, mod.user)
    assert "Lately, half of the replies were decided within an hour." in page(vera, comment)


def test_an_account_finds_its_replies_without_the_cookie_and_on_its_own_page(article, ben, mod):
    comment = hold(article, "Ben's words.", author=ben.user.author)
    assert "Ben's words." in page(ben, comment)
    account = ben.get("/accounts/").content.decode()
    assert f"/comments/{comment.pk}/status/" in account
    decisions.decide("approve", comment.pk, mod.user)
    assert f"/comments/{comment.pk}/status/" not in ben.get("/accounts/").content.decode()
    other = Client()
    other.force_login(make_user("kim"), backend="forum.accounts.backends.OneHash")
    assert other.get(f"/comments/{comment.pk}/status/").status_code == 404


def test_archived_words_are_told_of_to_the_account_whose_claim_was_confirmed(article, ben, stranger):
    (row,) = load_comments(article, [None])
    person = archived_person("Vasilis", claimed_by=ben.user)
    Comment.objects.filter(pk=row.pk).update(author=person)
    text = page(ben, row)
    assert "Published" in text
    assert f"/comments/{row.pk}/withdraw/" in text
    assert f"/comments/{row.pk}/change/" not in text
    assert stranger.get(f"/comments/{row.pk}/status/").status_code == 404


def test_the_way_to_the_page_stands_under_own_words_only(article, stranger):
    held, vera = waits(article)
    shown, kim = public(article)
    for client, mine, other in ((vera, held, shown), (kim, shown, held)):
        text = client.get(article.path).content.decode()
        assert f"/comments/{mine.pk}/status/" in text
        assert f"/comments/{other.pk}/status/" not in text
    assert "/status/" not in stranger.get(article.path).content.decode()


def test_erased_words_and_hidden_articles_are_told_of_without_words(article):
    comment, vera = waits(article)
    now = comment.received_at
    Comment.objects.filter(pk=comment.pk).update(body_source="", body_html="", erased_at=now)
    text = page(vera, comment)
    assert "The words are gone." in text
    assert "/change/" not in text
    article.state = article.State.HIDDEN
    article.save()
    assert vera.get(f"/comments/{comment.pk}/status/").status_code == 404


def test_the_page_takes_as_many_statements_with_a_hundred_others_waiting(article):
    site()
    comment, vera = waits(article)
    with CaptureQueriesContext(connection) as few:
        page(vera, comment)
    for n in range(30):
        hold(article, f"Words {n}.")
    Comment.objects.filter(pk=comment.pk).update(held_at="2030-01-01T00:00Z")
    with CaptureQueriesContext(connection) as many:
        assert "About 30 replies wait before it." in page(vera, comment)
    assert len(few) == len(many) <= 12


def test_a_number_beyond_every_number_is_nothing(stranger, ben):
    for client in (stranger, ben):
        for what in ("status", "change", "withdraw", "appeal"):
            assert client.get(f"/comments/{10**25}/{what}/").status_code == 404
            assert client.post(f"/comments/{10**25}/{what}/").status_code in {404, 405}


def test_whoever_writes_of_despair_reads_help_lines_at_once_and_nobody_else_does(article, stranger):
    site()
    comment, vera = waits(article)
    for client, expected in ((vera, False), (stranger, False)):
        assert ("findahelpline.com" in client.get(article.path).content.decode()) is expected
    Comment.objects.filter(pk=comment.pk).update(urgent=1)
    text = vera.get(article.path).content.decode()
    assert "findahelpline.com" in text
    assert 'href="https://findahelpline' not in text
    assert "findahelpline.com" in page(vera, comment)
    Comment.objects.filter(pk=comment.pk).update(state="visible")
    assert "findahelpline.com" in vera.get(article.path).content.decode()
    assert "findahelpline.com" not in stranger.get(article.path).content.decode()
    site(help_lines="Samaritans: 116 123 <b>always</b>")
    text = page(vera, comment)
    assert "Samaritans: 116 123 <b>always" in text  # unescaped here: it stands as words
    assert "&lt;b&gt;" in vera.get(f"/comments/{comment.pk}/status/").content.decode()
