"""Muting: folded away for the one who mutes, and nothing changes for anybody else."""

import re

import pytest
from django.test import Client

from forum.accounts import mute
from forum.accounts.models import Author, Mute
from forum.threads.models import Comment
from forum.threads.states import State
from tests.archive import archived_comment, archived_person
from tests.make import make_comment

pytestmark = pytest.mark.django_db
FOLDED = "You muted this person."


@pytest.fixture
def ann(article) -> Author:
    """A guest with one public comment."""
    author = Author.objects.create(kind=Author.Kind.GUEST, name="Ann")
    make_comment(article, "Loud words.", author=author)
    return author


def send(client, act: str, author: Author | int, **fields):
    """POST `mute` or `unmute`."""
    return client.post(f"/people/{getattr(author, 'pk', author)}/{act}/", fields)


def page_of(client, address: str) -> str:
    """A page as it comes, without what differs on each visit."""
    page = client.get(address).content.decode()
    return re.sub(r'name="(csrfmiddlewaretoken|form_key|opened)"[^>]*', "", page)


def test_who_mutes_sees_the_comments_folded_away_and_nobody_else_does(article, ann, stranger, ben, mod):
    before = {client: page_of(client, article.path) for client in (stranger, mod)}
    answer = send(ben, "mute", ann)
    row = Mute.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/people/{ann.pk}/")
    assert (row.owner, row.author) == (ben.user, ann)
    assert "You muted Ann: what they write is folded away for you" in page_of(ben, f"/people/{ann.pk}/")
    page = page_of(ben, article.path)
    folded = re.search(r'<details class="muted">.*?</details>', page, re.DOTALL)[0]
    assert FOLDED in folded
    assert "Loud words." in folded
    assert {client: page_of(client, article.path) for client in (stranger, mod)} == before
    assert Client().get(article.path).content.decode().count(FOLDED) == 0


def test_replies_stay_where_they_are_and_no_count_changes(article, ann, ben):
    loud = Comment.objects.get()
    reply = make_comment(article, "A quiet reply.", parent=loud, name="Vera")
    send(ben, "mute", ann)
    page = page_of(ben, article.path)
    assert page.count(FOLDED) == 1
    assert page.index("</details>") < page.index("A quiet reply.")
    assert f'<li id="comment-{loud.pk}"' in page
    assert f'<li id="comment-{reply.pk}"' in page
    assert "2 comments</h2>" in page


def test_muting_is_taken_back(article, ann, ben):
    send(ben, "mute", ann)
    answer = send(ben, "unmute", ann)
    assert (answer.status_code, answer["Location"]) == (303, "/people/muted/")
    assert not Mute.objects.exists()
    assert "You see again what Ann writes." in page_of(ben, "/people/muted/")
    assert FOLDED not in page_of(ben, article.path)


def test_muting_twice_is_one_row(ann, ben):
    send(ben, "mute", ann)
    assert send(ben, "mute", ann).status_code == 303
    assert Mute.objects.count() == 1


def test_taking_back_what_another_account_muted_changes_nothing(ann, ben, mod):
    send(mod, "mute", ann)
    assert send(ben, "unmute", ann).status_code == 303
    assert Mute.objects.get().owner == mod.user


def test_the_list_holds_the_own_mutes_only_and_links_only_to_pages(article, ann, ben, mod):
    silent = Author.objects.create(kind=Author.Kind.GUEST, name="Silent")
    make_comment(article, name="Silent", author=silent)
    for author in (ann, silent):
        send(ben, "mute", author)
    Comment.objects.filter(author=silent).update(state=State.REMOVED)
    page = page_of(ben, "/people/muted/")
    assert f'<a href="/people/{ann.pk}/"><bdi>Ann</bdi></a>' in page
    assert "<bdi>Silent</bdi>" in page
    assert f'href="/people/{silent.pk}/"' not in page
    assert "You have muted nobody." in page_of(mod, "/people/muted/")


def test_visitors_are_sent_to_sign_in_and_nothing_is_written(ann, stranger):
    for answer in (
        send(stranger, "mute", ann),
        send(stranger, "unmute", ann),
        stranger.get("/people/muted/"),
    ):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
    assert not Mute.objects.exists()
    assert "/mute/" not in page_of(stranger, f"/people/{ann.pk}/")


@pytest.mark.parametrize("act", ["mute", "unmute"])
def test_muting_takes_a_post_with_a_token(ann, ben, act):
    assert ben.get(f"/people/{ann.pk}/{act}/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(ben.user, backend="forum.accounts.backends.OneHash")
    assert send(strict, act, ann).status_code == 403
    assert not Mute.objects.exists()


def test_nobody_mutes_themselves(article, ben):
    make_comment(article, name="ben", author=ben.user.author)
    past = archived_person(claimed_by=ben.user)
    archived_comment(article, past)
    for author in (ben.user.author, past):
        send(ben, "mute", author)
        assert "you cannot mute yourself" in page_of(ben, f"/people/{ben.user.author.pk}/")
    assert not Mute.objects.exists()
    assert "Mute this person" not in page_of(ben, f"/people/{ben.user.author.pk}/")
    with pytest.raises(mute.OneselfError):
        mute.mute(ben.user, past)


def test_somebody_without_a_page_cannot_be_muted_and_is_not_given_away(article, ben):
    hidden = Author.objects.create(kind=Author.Kind.GUEST, name="Hidden")
    make_comment(article, name="Hidden", author=hidden, state=State.HELD)
    held, never = send(ben, "mute", hidden), send(ben, "mute", 999999)
    assert (held.status_code, never.status_code) == (404, 404)
    assert held.content == never.content
    assert send(ben, "unmute", hidden).status_code == send(ben, "unmute", 999999).status_code == 303
    assert not Mute.objects.exists()


def test_there_is_a_limit_that_is_said(article, ann, ben, monkeypatch):
    monkeypatch.setattr(mute, "MOST", 1)
    other = Author.objects.create(kind=Author.Kind.GUEST, name="Other")
    make_comment(article, name="Other", author=other)
    for author in (ann, other):
        send(ben, "mute", author)
    assert Mute.objects.get().author == ann
    assert "as many people as is possible" in page_of(ben, "/people/muted/")


def test_a_muted_account_is_folded_as_its_archived_self_too(article, ben, mod):
    past = archived_person(claimed_by=mod.user)
    archived_comment(article, past)
    make_comment(article, name="mod", author=mod.user.author)
    assert send(ben, "mute", past)["Location"] == f"/people/{mod.user.author.pk}/"
    assert Mute.objects.get().author == mod.user.author
    assert page_of(ben, article.path).count(FOLDED) == 2


def test_what_was_signed_with_another_name_is_not_given_away_by_muting(article, ben, mod):
    make_comment(article, name="mod", author=mod.user.author)
    make_comment(article, "A secret worry.", name="Worried", author=mod.user.author)
    send(ben, "mute", mod.user.author)
    page = page_of(ben, article.path)
    assert page.count(FOLDED) == 1
    assert "A secret worry." in re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)


def desk_of(client) -> str:
    """The queue, without the moment at which it was asked for."""
    return re.sub(r"since(=|%3D)\d+", "", page_of(client, "/moderation/"))


def test_the_desk_is_not_affected(article, ann, mod):
    make_comment(article, "Held words.", author=ann, state=State.HELD)
    before = desk_of(mod)
    Mute.objects.create(owner=mod.user, author=ann)
    assert desk_of(mod) == before
    assert "Held words." in before


def test_folding_costs_one_statement_however_many_are_muted(article, ben, django_assert_num_queries):
    ben.get(article.path)
    for n in range(30):
        author = Author.objects.create(kind=Author.Kind.GUEST, name=f"Guest {n}")
        make_comment(article, f"Words {n}.", name=f"Guest {n}", author=author)
        Mute.objects.create(owner=ben.user, author=author)
    with django_assert_num_queries(1):
        mute.muted_by(ben.user.pk)
    with django_assert_num_queries(0):
        mute.muted_by(None)
    with django_assert_num_queries(10):
        assert page_of(ben, article.path).count(FOLDED) == 30


def test_afterwards_only_an_own_address_is_followed(ann, ben):
    assert send(ben, "mute", ann, next="https://evil.example/")["Location"] == f"/people/{ann.pk}/"
    assert send(ben, "unmute", ann, next=f"/people/{ann.pk}/")["Location"] == f"/people/{ann.pk}/"


def test_control_without_the_row_nothing_is_folded(article, ann, ben):
    send(ben, "mute", ann)
    assert FOLDED in page_of(ben, article.path)
    Mute.objects.all().delete()
    assert FOLDED not in page_of(ben, article.path)
