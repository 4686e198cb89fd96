"""A reply is received, held, and seen by its author alone, by cookie and never by address."""

import re

import pytest
from django.test import Client

from forum.accounts.models import Author
from forum.accounts.viewer import NAME_COOKIE, OWN_COOKIE
from forum.moderation.models import Case, Decision
from forum.site.models import Mode, SitePolicy
from forum.threads import tree
from forum.threads.models import Comment
from forum.threads.states import Origin, State
from tests.make import form_of, load_comments, make_comment, send_reply

pytestmark = pytest.mark.django_db
WORDS = "I tried one, too."


def the_reply() -> Comment:
    return Comment.objects.get(body_source=WORDS)


def test_a_reply_is_received_held_and_shown_to_its_author(article, stranger):
    answer = send_reply(stranger, article)
    reply = the_reply()
    assert answer.status_code == 303
    assert answer["Location"] == f"{article.path}#comment-{reply.pk}"
    assert (reply.state, reply.origin, reply.name_shown) == (State.HELD, Origin.LIVE, "Vera")
    assert (reply.public_at, reply.version) == (None, 1)
    assert reply.posted_at == reply.received_at
    page = stranger.get(article.path).content.decode()
    assert WORDS in page
    assert "waiting for a moderator" in page
    assert "a cookie in this browser is the only way back" in page
    assert "0 comments" in page


def test_only_a_reply_of_the_staff_has_a_badge_and_it_stands_outside_of_the_name(article, stranger, ben, mod):
    for person, words in ((stranger, "Of a stranger."), (ben, "Of Ben."), (mod, "Of the staff.")):
        assert (
            send_reply(person, article, words, name="Quill" if person is mod else "Vera").status_code == 303
        )
    badges = dict(Comment.objects.values_list("body_source", "staff_badge"))
    assert badges == {"Of a stranger.": False, "Of Ben.": False, "Of the staff.": True}
    page = mod.get(article.path).content.decode()
    assert page.count("tag-staff") == 1
    assert "tag-staff" not in re.search(r"<h3[^>]*>((?!</h3>).)*Quill((?!</h3>).)*</h3>", page, re.DOTALL)[0]
    assert "tag-staff" not in stranger.get(article.path).content.decode()


def test_a_reply_opens_one_case_and_no_decision(article, stranger):
    send_reply(stranger, article)
    assert list(Case.objects.values_list("comment", "cause", "closed")) == [(the_reply().pk, "new", None)]
    assert not Decision.objects.exists()


def test_the_cookie_is_the_key_of_the_reply_and_closed_to_scripts(article, stranger):
    cookie = send_reply(stranger, article).cookies[OWN_COOKIE]
    assert cookie.value == the_reply().own_key
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] > 300 * 24 * 3600


def test_the_cookie_keeps_earlier_replies(article, stranger):
    send_reply(stranger, article)
    send_reply(stranger, article, "And a second thought.")
    page = stranger.get(article.path).content.decode()
    assert WORDS in page
    assert "And a second thought." in page


def test_a_held_reply_is_shown_to_nobody_else(article, stranger, ben):
    number = the_reply_number(stranger, article)
    for other in (Client(), ben):
        assert WORDS not in other.get(article.path).content.decode()
        assert other.get(f"/comments/{number}/").status_code == 404


def the_reply_number(client, article) -> int:
    send_reply(client, article)
    return the_reply().pk


def test_a_held_reply_is_never_reached_by_an_address(article, stranger):
    number = the_reply_number(stranger, article)
    key = the_reply().own_key
    for query in (f"replytocom={number}", f"own={key}", f"{OWN_COOKIE}={key}", f"key={key}"):
        assert WORDS not in Client().get(f"{article.path}?{query}").content.decode()
    assert key not in stranger.get(article.path).content.decode()


def test_a_made_up_cookie_shows_nothing(article, stranger):
    send_reply(Client(), article)
    for value in ("", "x" * 22, "." * 100, the_reply().own_key[:-1], f"'{the_reply().own_key}"):
        stranger.cookies[OWN_COOKIE] = value
        answer = stranger.get(article.path)
        assert answer.status_code == 200
        assert WORDS not in answer.content.decode()


def test_a_reply_stands_under_the_comment_it_answers(article, stranger):
    first, second = load_comments(article, [None, None])
    send_reply(stranger, article, parent=first.pk)
    assert the_reply().parent == first
    assert list(Comment.objects.filter(article=article).in_reading_order()) == [first, the_reply(), second]
    assert tree.broken(article.pk) == []


def test_the_e_mail_address_is_kept_apart_and_shown_nowhere(article, stranger, mod):
    send_reply(stranger, article, email="vera@clinic.example")
    private = the_reply().private
    assert (private.email, private.ip) == ("vera@clinic.example", "127.0.0.1")
    assert private.purge_after is not None
    addresses = (article.path, "/moderation/", f"/moderation/comments/{the_reply().pk}/")
    for client in (stranger, mod, Client()):
        for address in addresses:
            assert "vera@clinic" not in client.get(address).content.decode()


def test_browser_and_address_are_kept_with_the_private_part(article, stranger):
    send_reply(stranger, article, headers={"User-Agent": "Lynx/2.9 " + "x" * 400})
    assert the_reply().private.user_agent == ("Lynx/2.9 " + "x" * 400)[:300]


def test_the_name_is_remembered_when_asked_for(article, stranger):
    answer = send_reply(stranger, article, name="Žofie Ł. 李", remember="on")
    assert answer.cookies[NAME_COOKIE]["httponly"]
    form = form_of(stranger.get(article.path))
    assert (form["name"], form["remember"], form["body"], form["email"]) == ("Žofie Ł. 李", "on", "", "")


def test_the_name_is_not_remembered_when_not_asked_for(article, stranger):
    assert NAME_COOKIE not in send_reply(stranger, article).cookies
    assert form_of(stranger.get(article.path))["name"] == ""


def test_the_name_is_forgotten_when_the_box_is_cleared(article, stranger):
    send_reply(stranger, article, remember="on")
    send_reply(stranger, article, "A second reply.")
    assert form_of(stranger.get(article.path))["name"] == ""


def test_a_guest_under_the_same_name_and_cookie_is_one_author(article, stranger):
    send_reply(stranger, article)
    send_reply(stranger, article, "Second.")
    send_reply(Client(), article, "From elsewhere.")
    assert Author.objects.filter(name="Vera").count() == 2


def test_a_signed_in_reader_needs_no_cookie_to_see_the_held_reply(article, ben):
    send_reply(ben, article)
    del ben.cookies[OWN_COOKIE]
    page = ben.get(article.path).content.decode()
    assert the_reply().author == ben.user.author
    assert WORDS in page
    assert "the only way back" not in page


def test_with_an_open_policy_a_reply_is_public_at_once(article, stranger):
    SitePolicy.objects.create(pk=1, mode=Mode.OPEN)
    send_reply(stranger, article)
    article.refresh_from_db()
    assert (the_reply().state, article.comment_count) == (State.VISIBLE, 1)
    assert the_reply().public_at is not None
    assert not Case.objects.exists()
    page = Client().get(article.path).content.decode()
    assert WORDS in page
    assert "1 comment" in page


def test_an_article_may_hold_what_the_site_publishes_at_once(article, stranger):
    SitePolicy.objects.create(pk=1, mode=Mode.OPEN)
    article.mode = Mode.HOLD_ALL
    article.save()
    send_reply(stranger, article)
    assert the_reply().state == State.HELD


def test_a_reply_on_a_later_page_leads_to_that_page(article, stranger):
    SitePolicy.objects.create(pk=1, roots_per_page=2)
    rows = load_comments(article, [None, None, None])
    answer = send_reply(stranger, article, parent=rows[2].pk)
    assert answer["Location"] == f"{article.path}?page=2#comment-{the_reply().pk}"
    assert WORDS in stranger.get(answer["Location"]).content.decode()


def test_a_hidden_or_unknown_article_takes_no_reply_and_does_not_tell_which(article, stranger):
    article.state = article.State.HIDDEN
    article.save()
    hidden = send_reply(stranger, article)
    article.path = "/2011/06/14/never-was/"
    unknown = send_reply(stranger, article)
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.content == unknown.content
    assert not Comment.objects.exists()


def test_a_reply_to_an_archived_comment_does_not_change_the_archived_one(article, stranger):
    (old,) = load_comments(article, [None])
    make_comment(article, "Other root.")
    send_reply(stranger, article, parent=old.pk)
    after = Comment.objects.get(pk=old.pk)
    assert (after.body_source, after.version, after.state) == (old.body_source, old.version, old.state)
