"""Sending the same reply twice gives one comment, and meaning it twice gives two."""

import datetime
import shutil
import threading

import pytest
from django.db import connections
from django.test import Client

from forum.accounts.viewer import OWN_COOKIE
from forum.moderation.models import Case
from forum.posting import limits
from forum.threads import tree
from forum.threads.models import Comment
from tests.make import form_of, load_comments, make_article, send_reply

django_db = pytest.mark.django_db
KEY = "0123456789abcdef0123456789abcdef"
TOGETHER = 5


def sent_earlier(minutes: int) -> None:
    moved = datetime.timedelta(minutes=minutes)
    for comment in Comment.objects.all():
        Comment.objects.filter(pk=comment.pk).update(received_at=comment.received_at - moved)


@django_db
def test_the_same_form_twice_is_one_comment_and_the_same_answer(article, stranger):
    first = send_reply(stranger, article, form_key=KEY)
    second = send_reply(stranger, article, form_key=KEY)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert second.status_code == 303
    assert (Comment.objects.count(), Case.objects.count()) == (1, 1)


@django_db
def test_the_form_of_the_page_carries_a_key_once_the_page_is_personal(article, stranger):
    assert form_of(stranger.get(article.path))["form_key"] == ""
    send_reply(stranger, article)
    one, two = (form_of(stranger.get(article.path))["form_key"] for _ in range(2))
    assert len(one) == 32
    assert one != two


@django_db
def test_the_same_form_an_hour_later_is_still_one_comment(article, stranger):
    send_reply(stranger, article, form_key=KEY)
    sent_earlier(60)
    assert send_reply(stranger, article, form_key=KEY).status_code == 303
    assert Comment.objects.count() == 1


@django_db
def test_the_same_form_after_the_discussion_closed_is_the_same_answer(article, stranger):
    send_reply(stranger, article, form_key=KEY)
    article.mode = "closed"
    article.save()
    assert send_reply(stranger, article, form_key=KEY).status_code == 303


@django_db
def test_without_a_key_the_same_words_within_ten_minutes_are_one_comment(article, stranger):
    first = send_reply(stranger, article)
    sent_earlier(9)
    second = send_reply(Client(), article)
    assert first["Location"] == second["Location"]
    assert Comment.objects.count() == 1
    assert second.cookies[OWN_COOKIE].value == Comment.objects.get().own_key


@django_db
def test_without_a_key_the_same_words_after_eleven_minutes_are_two_comments(article, stranger):
    send_reply(stranger, article)
    sent_earlier(11)
    send_reply(stranger, article)
    assert Comment.objects.count() == 2


@django_db
@pytest.mark.parametrize("other", [{"REMOTE_ADDR": "192.0.2.7"}, {"HTTP_USER_AGENT": "Other/1.0"}])
def test_the_same_words_of_another_client_are_another_comment(article, stranger, other):
    send_reply(stranger, article)
    answer = send_reply(Client(**other), article)
    assert Comment.objects.count() == 2
    newest = Comment.objects.order_by("-pk")[0]
    assert answer.cookies[OWN_COOKIE].value == newest.own_key


@django_db
def test_other_words_name_or_parent_are_another_comment(article, stranger):
    (old,) = load_comments(article, [None])
    for fields in ({}, {"body": "Other words."}, {"name": "Vasilis"}, {"parent": old.pk}):
        assert send_reply(stranger, article, **fields).status_code == 303
    assert Comment.objects.filter(origin="live").count() == 4


@django_db
def test_the_same_words_under_another_article_are_another_comment(article, stranger):
    send_reply(stranger, article)
    send_reply(stranger, make_article())
    assert Comment.objects.count() == 2


@django_db
def test_the_same_key_with_other_words_is_refused_and_can_be_sent_with_a_new_key(article, stranger):
    send_reply(stranger, article, form_key=KEY)
    answer = send_reply(stranger, article, "Other words.", form_key=KEY)
    form = form_of(answer)
    assert answer.status_code == 422
    assert "has been sent before with other words" in answer.content.decode()
    assert (form["body"], form["name"]) == ("Other words.", "Vera")
    assert form["form_key"] not in {"", KEY}
    assert stranger.post(f"{article.path}reply/", form).status_code == 303
    assert Comment.objects.count() == 2


@django_db
def test_the_same_key_under_another_article_is_refused_and_the_text_kept(article, stranger):
    send_reply(stranger, article, form_key=KEY)
    answer = send_reply(stranger, make_article(), form_key=KEY)
    assert answer.status_code == 422
    assert form_of(answer)["body"] == "I tried one, too."


@pytest.fixture
def shared(template, tmp_path, monkeypatch, db):
    """A database that several threads share: PostgreSQL as it is, SQLite as a file of its own."""
    server = connections.settings["default"]
    if server["ENGINE"].endswith("sqlite3"):
        path = tmp_path / "double.sqlite3"
        shutil.copy(template, path)
        monkeypatch.setitem(server, "NAME", str(path))


def in_thread(act, *args, **named):
    """What `act` returns in a thread, and so on a connection, of its own."""
    return together([lambda: act(*args, **named)])[0]


def together(acts) -> list:
    """The answers of all acts, each in a thread of its own and all begun at the same moment."""
    start, answers = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place):
        start.wait()
        try:
            answers[place] = acts[place]()
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def five_at_once(**fields) -> tuple[list, int, list]:
    article = in_thread(make_article)
    answers = together([lambda: send_reply(Client(), article, **fields) for _ in range(TOGETHER)])
    return answers, in_thread(Comment.objects.count), in_thread(tree.broken, article.pk)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("fields", [{"form_key": KEY}, {}], ids=["key", "words"])
def test_five_parallel_posts_of_one_form_are_one_comment_and_five_good_answers(shared, fields):
    answers, count, broken = five_at_once(**fields)
    assert [answer.status_code for answer in answers] == [303] * TOGETHER
    assert len({answer["Location"] for answer in answers}) == 1
    assert (count, broken) == (1, [])


@pytest.mark.django_db(transaction=True)
def test_control_without_the_limit_five_parallel_posts_are_five_comments(shared, monkeypatch):
    monkeypatch.setattr(limits, "already_sent", lambda *_: None)
    answers, count, broken = five_at_once()
    assert [answer.status_code for answer in answers] == [303] * TOGETHER
    assert (count, broken) == (TOGETHER, [])
