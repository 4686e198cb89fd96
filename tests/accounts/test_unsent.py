"""What is sent after a session is over is kept through sign-in, for its writer, and sent again by hand."""

import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from forum.moderation.models import Decision
from forum.threads.models import Comment
from tests.make import make_comment, make_user
from tests.moderation.desk import hold
from tests.rules.test_gates import SIGN_IN

KEPT = "/accounts/unsent/"
WHY = "Please leave the names\nof others out. <b>Thank you</b> & bye"
pytestmark = pytest.mark.django_db


def ended(client: Client) -> Client:
    """The same browser the next morning."""
    Session.objects.all().delete()
    return client


def reject(client: Client, comment: Comment, **more):
    values = {"decision": "reject", "comment": comment.pk, f"version-{comment.pk}": comment.version}
    values |= {"version": comment.version, "reason": WHY, "next": "/moderation/"}
    return client.post("/moderation/decide/", values, **more)


def back(client: Client, user) -> None:
    client.force_login(user, backend="forum.accounts.backends.OneHash")


def fields_of(page: str) -> dict[str, str]:
    """What the page would send again."""
    form = re.search(r'<form method="post" action="/moderation/decide/">.*?</form>', page, re.DOTALL)[0]
    found = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', form))
    found |= dict(re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>\n(.*?)</textarea>', form, re.DOTALL))
    return {name: unescape(value) for name, value in found.items()}


def test_words_of_an_ended_session_wait_behind_sign_in_and_are_sent_again(article, mod):
    comment = hold(article)
    answer = reject(ended(mod), comment)
    assert (answer.status_code, answer["Location"]) == (302, f"{SIGN_IN}?next={KEPT}")
    assert not Decision.objects.exists()
    back(mod, mod.user)
    page = mod.get(KEPT)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    again = fields_of(page.content.decode())
    assert again["reason"] == WHY
    assert "<b>" not in page.content.decode()
    assert mod.post("/moderation/decide/", again).status_code == 303
    assert Decision.objects.get().reason == " ".join(WHY.split())
    assert mod.get(KEPT).status_code == 404


def test_sign_in_by_its_form_keeps_them(article, mod, settings):
    mod.user.set_password("a long password 7")
    mod.user.save()
    comment = hold(article)
    way = reject(ended(mod), comment)["Location"]
    signed_in = mod.post(way, {"login": mod.user.username, "password": "a long password 7"})
    assert signed_in.status_code == 302
    assert mod.get(KEPT).status_code == 200


def test_changed_words_of_an_account_are_kept_and_strangers_learn_nothing_by_it(article, ben, stranger):
    mine = make_comment(article, "My words.", author=ben.user.author, name="ben", state="held")
    new = {"body": "Better words of mine.", "version": mine.version}
    ended(ben)
    for client, number in ((ben, mine.pk), (stranger, mine.pk), (stranger, mine.pk + 1)):
        answer = client.post(f"/comments/{number}/change/", new)
        assert (answer.status_code, answer["Location"]) == (302, f"{SIGN_IN}?next={KEPT}")
    assert stranger.post(f"/comments/{mine.pk}/change/").status_code == 404
    back(ben, ben.user)
    page = ben.get(KEPT).content.decode()
    assert f'action="/comments/{mine.pk}/change/"' in page
    assert "Better words of mine." in page
    assert ben.post(f"/comments/{mine.pk}/change/", new).status_code == 303
    assert Comment.objects.get().body_source == "Better words of mine."


def test_they_are_thrown_away_when_asked_to(article, mod):
    reject(ended(mod), hold(article))
    back(mod, mod.user)
    assert mod.post(KEPT).status_code == 303
    assert mod.get(KEPT).status_code == 404
    assert not Decision.objects.exists()


def test_who_may_not_enter_where_they_go_does_not_see_them(article, mod, stranger):
    reject(ended(mod), hold(article))
    assert mod.get(KEPT).status_code == 302
    back(mod, make_user("reader"))
    assert mod.get(KEPT).status_code == 404
    back(stranger, mod.user)
    assert stranger.get(KEPT).status_code == 404


@pytest.mark.parametrize(
    "changed",
    [{"reason": ""}, {"reason": "ads"}, {"reason": "x " * 40_000}],
    ids=["none", "a code", "too many"],
)
def test_without_words_or_with_too_many_sign_in_is_as_ever(article, mod, changed):
    comment = hold(article)
    values = {"decision": "reject", "comment": comment.pk, "next": "/moderation/"} | changed
    answer = ended(mod).post("/moderation/decide/", values)
    assert answer.status_code == 302
    assert KEPT not in answer["Location"]
    assert not Session.objects.exists()


def test_a_password_is_never_kept(mod):
    typed = {
        "oldpassword": "my old words",
        "password1": "four new plain words",
        "password2": "four new plain words",
    }
    answer = ended(mod).post("/accounts/password/change/", typed)
    assert answer.status_code == 302
    assert KEPT not in answer["Location"]
    assert not Session.objects.exists()


def test_a_script_is_told_to_send_the_whole_page(article, mod):
    answer = reject(ended(mod), hold(article), headers={"HX-Request": "true"})
    assert (answer.status_code, answer.content) == (401, b"")
    assert not Session.objects.exists()


def test_one_network_cannot_fill_the_table(article, mod, stranger):
    comment = hold(article)
    ways = [reject(Client(), comment)["Location"] for _n in range(21)]
    assert [KEPT in way for way in ways] == [True] * 20 + [False]
    assert Session.objects.filter(session_key__isnull=False).count() == 20 + 1  # and mod's own


def test_control_with_a_session_the_decision_is_made_at_once(article, mod):
    assert reject(mod, hold(article)).status_code == 303
    assert Decision.objects.get().reason == " ".join(WHY.split())
