"""Leases (case X9): of one comment, and over by time, by any decision, given back, and with the session."""

import datetime

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Role
from forum.moderation import leases
from forum.moderation.models import Lease
from forum.threads.models import Comment
from tests.make import make_user
from tests.moderation.desk import desk, hold

pytestmark = pytest.mark.django_db
SCRIPT = {"HX-Request": "true"}


def take(client, comment, *, script: bool = True, **fields):
    """POST that somebody looks at a comment."""
    number = getattr(comment, "pk", comment)
    return client.post("/moderation/lease/", {"comment": number} | fields, headers=SCRIPT if script else {})


def looked_at(client) -> bool:
    """Whether the queue tells somebody that another one is looking at a comment."""
    return "is looking at it until" in desk(client)


@pytest.fixture
def held(article):
    """A comment that waits."""
    return hold(article)


@pytest.fixture
def ana(db) -> Client:
    """A moderator who has signed in with her password, so that she can sign out for good."""
    client = Client()
    client.user = make_user("ana", Role.MODERATOR)
    answer = client.post("/accounts/login/", {"login": "ana", "password": "secret-word-42"})
    assert answer.status_code == 302
    return client


def test_the_others_see_who_is_looking_and_oneself_does_not(held, ana, mod):
    assert take(ana, held).status_code == 204
    until = timezone.localtime(Lease.objects.get().until)
    assert f"<bdi>ana</bdi> is looking at it until {until:%H:%M}." in desk(mod)
    assert not looked_at(ana)


def test_a_get_takes_no_lease(held, ana, mod):
    for address in ("/moderation/", f"/moderation/comments/{held.pk}/"):
        ana.get(address)
    assert not Lease.objects.exists()


def test_case_x9_a_lease_is_of_one_comment_not_of_its_thread(held, article, ana, mod):
    other = hold(article, "Another one.", parent=None)
    take(ana, held)
    assert desk(mod).count("is looking at it until") == 1
    assert take(mod, other).status_code == 204


def test_case_x9_a_lease_ends_by_time(held, ana, mod):
    take(ana, held)
    Lease.objects.update(until=timezone.now() - datetime.timedelta(seconds=1))
    assert not looked_at(mod)
    assert take(mod, held).status_code == 204
    assert Lease.objects.get().holder == mod.user


@pytest.mark.parametrize("act", ["approve", "reject", "spam"])
def test_case_x9_any_decision_of_anybody_ends_a_lease(held, ana, mod, act):
    take(ana, held)
    assert mod.post("/moderation/decide/", {"comment": held.pk, "decision": act}).status_code == 303
    assert not Lease.objects.exists()


def test_case_x9_a_lease_ends_when_it_is_given_back(held, ana, mod):
    take(ana, held)
    assert take(mod, held, free="1").status_code == 204
    assert looked_at(mod)
    assert take(ana, held, free="1").status_code == 204
    assert not looked_at(mod)
    assert take(mod, held).status_code == 204


def test_case_x9_a_lease_ends_with_the_session(held, ana, mod):
    take(ana, held)
    assert looked_at(mod)
    ana.post("/accounts/logout/")
    assert ana.get("/moderation/").status_code == 302
    assert not looked_at(mod)
    assert take(mod, held).status_code == 204


def test_case_x9_a_lease_ends_when_the_session_runs_out(held, ana, mod):
    take(ana, held)
    past = timezone.now() - datetime.timedelta(seconds=1)
    Session.objects.filter(session_key=Lease.objects.get().session).update(expire_date=past)
    assert not looked_at(mod)


def test_a_lease_stops_nobody_from_deciding(held, ana, mod):
    take(ana, held)
    assert mod.post("/moderation/decide/", {"comment": held.pk, "decision": "approve"}).status_code == 303
    assert Comment.objects.get().state == "visible"


def test_who_comes_second_is_told_and_takes_nothing(held, ana, mod):
    take(ana, held)
    answer = take(mod, held)
    assert answer.status_code == 409
    assert "ana is looking at it until" in answer.content.decode()
    assert Lease.objects.get().holder == ana.user
    assert take(mod, held, script=False).status_code == 303
    assert "ana is looking at it until" in desk(mod)


def test_taking_it_again_makes_it_ten_minutes_anew(held, ana):
    take(ana, held)
    soon = timezone.now() + datetime.timedelta(minutes=1)
    Lease.objects.update(until=soon)
    take(ana, held)
    assert Lease.objects.get().until > soon
    Lease.objects.update(until=soon)
    assert leases.renew(held.pk, ana.user)
    assert Lease.objects.get().until > soon


def test_a_lease_that_is_over_or_somebody_elses_is_not_renewed(held, ana, mod):
    take(ana, held)
    assert not leases.renew(held.pk, mod.user)
    Lease.objects.update(until=timezone.now())
    assert not leases.renew(held.pk, ana.user)


def test_without_script_the_button_leads_back_to_the_comment(held, ana):
    answer = take(ana, held, script=False, next="/moderation/?tab=held&show=1#comment-5")
    assert (answer.status_code, answer["Location"]) == (
        303,
        f"/moderation/?tab=held&show=1#comment-{held.pk}",
    )
    assert take(ana, held, script=False, next="https://evil.example/")["Location"].startswith("/moderation/#")
    assert "The others see until" in desk(ana)
    assert 'formaction="/moderation/lease/"' in desk(ana)


@pytest.mark.parametrize("number", ["", "0", "999", "-1", "abc", "9" * 40, "\x00"])
def test_there_is_no_lease_of_what_is_not_there(ana, number):
    assert take(ana, number).status_code == 404


def test_readers_and_strangers_take_no_lease(held, stranger, ben):
    assert take(stranger, held).status_code == 401
    assert take(ben, held).status_code == 404
    assert not Lease.objects.exists()
