"""A hint before something private is published: for its writer alone, and nothing of it is kept."""

import logging
import re
from html import unescape

import pytest

from forum.moderation.models import Case
from forum.site.models import Mode
from forum.threads.models import Comment
from tests.make import form_of, send_reply
from tests.posting.own import again, change, site, waits

pytestmark = pytest.mark.django_db
PRIVATE = "Call me on 020 7946 0958 & write to vera@mail.example."


def key_in(answer) -> str:
    """What the button that sends it all the same sends along."""
    return re.search(r'name="as_it_is" value="(\w+)"', answer.content.decode())[1]


def test_the_first_sending_is_not_stored_and_shows_what_was_found(article, stranger, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = send_reply(stranger, article, PRIVATE)
    text = unescape(answer.content.decode())
    assert answer.status_code == 422
    assert not Comment.objects.exists()
    assert not Case.objects.exists()
    assert "Do you want everybody to read this?" in text
    assert "020 7946 0958</mark>" in text
    assert "vera@mail.example</mark>" in text
    assert form_of(answer)["body"] == PRIVATE
    assert "no-store" in answer["Cache-Control"]
    assert "7946" not in caplog.text
    assert not answer.cookies


def test_it_is_sent_as_it_is_by_the_button(article, stranger):
    answer = send_reply(stranger, article, PRIVATE)
    sent = send_reply(stranger, article, PRIVATE, as_it_is=key_in(answer))
    assert sent.status_code == 303
    assert Comment.objects.get().body_source == PRIVATE


def test_a_changed_text_is_looked_at_again(article, stranger):
    key = key_in(send_reply(stranger, article, PRIVATE))
    other = send_reply(stranger, article, f"{PRIVATE} Or at 12 Elm Tree Road.", as_it_is=key)
    assert other.status_code == 422
    assert "12 Elm Tree Road</mark>" in other.content.decode()
    assert not Comment.objects.exists()
    assert send_reply(stranger, article, "No number any more.", as_it_is=key).status_code == 303


@pytest.mark.parametrize("key", ["", "0" * 32, "x", "é"])
def test_a_key_that_is_none_counts_for_nothing(article, stranger, key):
    assert send_reply(stranger, article, PRIVATE, as_it_is=key).status_code == 422
    assert not Comment.objects.exists()


def test_control_ordinary_words_are_stored_at_once(article, stranger):
    assert send_reply(stranger, article, "I take 20 mg; EDSS 6.5 since 2009.").status_code == 303
    assert Comment.objects.count() == 1


def test_a_change_of_own_words_is_looked_at_as_well(article):
    site()
    comment, vera = waits(article, "First words.")
    answer = change(vera, comment, PRIVATE)
    assert answer.status_code == 422
    assert again(comment).body_source == "First words."
    assert "</mark>" in answer.content.decode()
    assert change(vera, comment, PRIVATE, as_it_is=key_in(answer)).status_code == 303
    assert again(comment).body_source == PRIVATE


def test_the_desk_sees_no_hint(article, mod):
    comment, _vera = waits(article)
    values = {"body": PRIVATE, "version": comment.version}
    assert mod.post(f"/moderation/comments/{comment.pk}/edit/", values).status_code == 303
    answered = {"body": PRIVATE, "version": again(comment).version}
    assert mod.post(f"/moderation/comments/{comment.pk}/answer/", answered).status_code == 303


def test_what_is_marked_is_shown_as_words_and_never_as_markup(article, stranger):
    answer = send_reply(stranger, article, f"<script>alert(1)</script> {PRIVATE} <b>x</b>")
    assert "<script>alert" not in answer.content.decode()
    assert "&lt;script&gt;" in answer.content.decode()


def test_a_closed_discussion_says_so_before_it_hints_at_anything(article, stranger):
    site(Mode.CLOSED)
    answer = send_reply(stranger, article, PRIVATE)
    assert answer.status_code == 422
    assert "This discussion is closed" in answer.content.decode()
    assert "</mark>" not in answer.content.decode()
    assert not Comment.objects.exists()
