"""Figure LK2: every address, six roles, six methods; and what waits looks like what never was."""

import os
import re

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, path

from forum.accounts.models import Author, Role, User
from forum.threads.models import Comment
from tests.make import make_article, make_comment, make_user
from tests.rules import doors
from tests.rules.test_gates import SIGN_IN, _plant, _routes, samples  # noqa: F401

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "post", "put", "patch", "delete")
RARE = ("put", "patch", "delete")
NEVER = 999_999
OWN_PAGES = [
    f"/comments/{{}}/{act}/" for act in ("status", "change", "change/take-back", "withdraw", "appeal")
]


def routes() -> set[str]:
    """Every route of the site but those of Django's admin, which has its own test."""
    found = set(_routes(get_resolver()))
    return {route for route in found if not route.startswith("admin/") or route.startswith("admin/import/")}


def filled(route: str, values: dict[str, str]) -> str:
    """An address of a route."""
    if "^" in route:
        return "/accounts/confirm-email/x:y/" if "confirm" in route else "/accounts/password/reset/key/1-x/"
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda match: values[match.group(1)], route)


@pytest.fixture
def cast(db) -> dict[str, User | None]:
    """Six people; the author has a comment of their own that waits, and one was a moderator until now."""
    people = {
        doors.READER: make_user("rea"),
        doors.AUTHOR: make_user("aut"),
        doors.DEMOTED: make_user("dem", Role.MODERATOR),
        doors.MODERATOR: make_user("mode", Role.MODERATOR),
        doors.ADMIN: make_user("adm", Role.ADMIN),
    }
    return {doors.VISITOR: None} | people


def client_of(user: User | None) -> Client:
    """A browser of theirs."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="forum.accounts.backends.OneHash")
    return client


def answered(response: HttpResponse) -> str:
    """`away`, `nothing` or `in`."""
    if response.status_code == 302 and response["Location"].startswith(SIGN_IN):
        return "away"
    return "nothing" if response.status_code == 404 else "in"


def methods_for(role: str) -> tuple[str, ...]:
    """All six for the two ends of the cast; for those between them what pages answer. All for a release."""
    ends = role in {doors.VISITOR, doors.ADMIN} or os.environ.get("AFTERWORD_FULL")
    return METHODS if ends else ("get", "post")


def wrong(role: str, user: User | None, found: set[str], values: dict[str, str]) -> list[str]:
    """Where an address answers somebody otherwise than its policy says."""
    faults = []
    for route in sorted(found):
        policy = doors.POLICY_OF.get(route)
        if policy is None:
            faults.append(f"{route} has no policy")
            continue
        client = client_of(user)
        for method in methods_for(role):
            if route.startswith("accounts/") or role == doors.DEMOTED:
                client = client_of(user)  # pages of accounts may end a session
            if role == doors.DEMOTED:
                User.objects.filter(pk=user.pk).update(role=Role.READER)
            response = getattr(client, method)(filled(route, values))
            fault = _fault(policy, role, method, response)
            if fault:
                faults.append(f"{method.upper()} /{route} as {role}: {response.status_code}, {fault}")
    return faults


def _fault(policy: str, role: str, method: str, response: HttpResponse) -> str:
    ought, got = doors.ought(policy, role), answered(response)
    if response.status_code >= 500:
        return "an error"
    if not ought:
        return ""
    if method in RARE and response.status_code < 300:
        return "a method that nobody needs"
    if policy in {"members", "nobody"} and response.status_code in {404, 405}:
        return ""  # the method, or that there is nothing, is found out first
    if policy == "link":
        return "" if response.status_code in {404, 405, 410} else "a token that is none was taken"
    # What exists for somebody may still have nothing to act on.
    if ought == "in":
        return "sent away" if got == "away" else ""
    return "" if got == ought else f"ought to be {ought}"


def test_every_address_has_a_policy_and_every_policy_an_address():
    assert routes() == set(doors.DECLARED)
    assert len(doors.DECLARED) == len(set(doors.DECLARED))


@pytest.mark.parametrize("role", doors.CAST)
def test_figure_lk2_every_address_answers_each_role_and_method_as_declared(samples, cast, role):  # noqa: F811
    values = samples | {"pk": "1"}
    faults = wrong(role, cast[role], routes(), values)
    assert not faults, "\n".join(["", *faults])


@pytest.mark.parametrize("route", sorted(r for name in ("desk", "admins") for r in doors.POLICIES[name]))
def test_those_inside_find_something_at_each_address_by_one_method(samples, cast, route):  # noqa: F811
    user = cast[doors.ADMIN]
    values = samples | {"pk": "1"}
    if route.startswith("moderation/comments"):
        values["number"] = values["comment"]
    elif route.startswith("moderation/articles"):
        values["number"] = str(Comment.objects.get(pk=values["comment"]).article_id)
    elif route.startswith("moderation/people"):
        values["number"] = str(Author.objects.create(kind="guest", name="Gil").pk)
    got = [client_of(user).get(filled(route, values)), client_of(user).post(filled(route, values))]
    assert {answered(response) for response in got} != {"away"}
    assert "in" in {answered(response) for response in got} or "<int:number>" in route


def test_control_an_address_without_a_policy_is_caught(settings, samples):  # noqa: F811
    _plant(settings, path("moderation/open/", lambda request: HttpResponse()))
    assert routes() - set(doors.DECLARED) == {"moderation/open/"}
    assert "moderation/open/ has no policy" in wrong(doors.VISITOR, None, {"moderation/open/"}, samples)


def test_control_a_door_that_stands_open_is_caught(settings, samples, cast):  # noqa: F811
    _plant(settings, path("moderation/keys/", lambda request: HttpResponse()))
    faults = wrong(doors.READER, cast[doors.READER], {"moderation/keys/"}, samples)
    assert len(faults) == len(methods_for(doors.READER))


def test_a_demoted_moderator_loses_the_desk_in_the_very_next_request(samples, cast):  # noqa: F811
    user = cast[doors.DEMOTED]
    client = client_of(user)
    assert client.get("/moderation/").status_code == 200
    User.objects.filter(pk=user.pk).update(role=Role.READER)
    assert client.get("/moderation/").status_code == 404


def _same(response: HttpResponse, number: int) -> tuple[int, bytes]:
    """An answer without the number that was asked for and what differs from page to page."""
    body = re.sub(rb'name="(csrfmiddlewaretoken|form_key|opened)" value="[\w:-]+"', b"", response.content)
    return response.status_code, body.replace(str(number).encode(), b"N")


@pytest.mark.parametrize("state", ["held", "rejected", "spam", "removed", "withdrawn"])
@pytest.mark.parametrize("role", [doors.VISITOR, doors.READER, doors.DEMOTED])
def test_what_waits_looks_to_others_like_what_never_was(cast, state, role):
    User.objects.filter(username="dem").update(role=Role.READER)
    article = make_article()
    author = Author.objects.create(kind="guest", name="Gil")
    pending = make_comment(article, "Canary words.", author=author, name="Gil").pk
    Comment.objects.filter(pk=pending).update(state=state)
    client = client_of(cast[role])
    never = pending + 1
    for address in ("/comments/{}/", "/comments/{}/claim/", *OWN_PAGES, "/moderation/comments/{}/"):
        for method in METHODS:
            there = _same(getattr(client, method)(address.format(pending)), pending)
            nowhere = _same(getattr(client, method)(address.format(never)), never)
            assert there == nowhere, (method, address)
    person = _same(client.get(f"/people/{author.pk}/"), author.pk)
    assert person == _same(client.get(f"/people/{author.pk + 1}/"), author.pk + 1)
    form = f"{article.path}?replytocom="
    assert _same(client.get(f"{form}{pending}"), pending) == _same(client.get(f"{form}{never}"), never)


def test_control_to_its_author_it_does_not_look_like_that(cast):
    article, user = make_article(), cast[doors.AUTHOR]
    mine = make_comment(article, "Mine.", author=user.author, name="aut", state="held")
    client = client_of(user)
    assert client.get(f"/comments/{mine.pk}/").status_code == 302
    assert client.get(f"/comments/{NEVER}/").status_code == 404
    assert client_of(cast[doors.READER]).get(f"/comments/{mine.pk}/").status_code == 404
