"""A person's page: what they wrote in public and nothing else, at the same cost for 5 and for 100."""

import datetime
import re

import pytest
from django.utils import timezone

from forum.accounts.models import Author, Role
from forum.accounts.viewer import OWN_COOKIE
from forum.articles.models import Article
from forum.threads.models import Comment
from forum.threads.queries import CommentQuerySet
from forum.threads.states import Kind, State
from tests.archive import archived_comment, archived_person
from tests.make import load_comments, make_article, make_comment, make_user

pytestmark = pytest.mark.django_db
UNREADABLE = [State.HELD, State.REJECTED, State.SPAM, State.REMOVED, State.WITHDRAWN]
STATEMENTS = {"stranger": 5, "reader": 8}


def guest(name: str = "Ann") -> Author:
    """Somebody who left a name."""
    return Author.objects.create(kind=Author.Kind.GUEST, name=name)


def page_of(client, author: Author, query: str = "") -> str:
    """The page of a person as it comes."""
    answer = client.get(f"/people/{author.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def person_links(page: str) -> list[int]:
    """The numbers of the persons to whom a page links."""
    return [int(number) for number in re.findall(r'href="/people/(\d+)/"', page)]


def test_a_guest_has_a_page_with_what_they_wrote(article, stranger):
    ann = guest()
    comment = make_comment(article, "A stick helps.", author=ann)
    make_comment(article, "Somebody else's words.", name="Ann", author=guest("Ann"))
    page = page_of(stranger, ann)
    assert "<h1><bdi>Ann</bdi></h1>" in page
    assert "A stick helps." in page
    assert f'<a href="/comments/{comment.pk}/">{article.title}</a>' in page
    assert "Writes here as a guest" in page
    assert "1 comment<" in page
    assert "Somebody else" not in page


def test_an_account_has_a_page(article, stranger, ben):
    make_comment(article, "Words of an account.", name="ben", author=ben.user.author)
    page = page_of(stranger, ben.user.author)
    assert "Words of an account." in page
    assert "Has an account here" in page
    assert "ben@example.org" not in page


def test_an_archived_person_has_a_page_and_no_date_is_invented(article, stranger):
    vasilis = archived_person()
    archived_comment(article, vasilis)
    archived_comment(article, vasilis, posted_as_written="a Tuesday in June")
    page = page_of(stranger, vasilis)
    assert "Wrote in an archived discussion" in page
    assert page.count(">archived<") == 2
    assert "Date unknown" in page
    assert "a Tuesday in June" in page
    assert "<time" not in page
    assert re.search(r'href="/comments/\d+/claim/">Say that it was you', page)


def test_the_newest_comes_first_and_the_undated_last(article, stranger):
    ann = guest()
    rows = [make_comment(article, f"Words {n}.", author=ann) for n in range(3)]
    now = timezone.now()
    for row, moment in zip(rows, [now, None, now - datetime.timedelta(days=900)], strict=True):
        Comment.objects.filter(pk=row.pk).update(posted_at=moment)
    order = [int(n) for n in re.findall(r'id="said-(\d+)"', page_of(stranger, ann))]
    assert order == [rows[0].pk, rows[2].pk, rows[1].pk]


def test_the_words_of_a_confirmed_archived_self_stand_on_the_accounts_page(article, stranger, ben):
    vasilis = archived_person(claimed_by=ben.user)
    archived_comment(article, vasilis)
    make_comment(article, "Live words.", name="ben", author=ben.user.author)
    page = page_of(stranger, ben.user.author)
    assert page.count(">archived<") == 1
    assert "as <bdi>Vasilis</bdi>" in page
    assert "Live words." in page
    answer = stranger.get(f"/people/{vasilis.pk}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/people/{ben.user.author.pk}/")


def test_an_archived_self_without_public_words_is_not_given_away(article, stranger, ben):
    vasilis = archived_person(claimed_by=ben.user)
    archived_comment(article, vasilis, state=State.REMOVED)
    make_comment(article, "Live words.", name="ben", author=ben.user.author)
    assert stranger.get(f"/people/{vasilis.pk}/").status_code == 404
    assert "Vasilis" not in page_of(stranger, ben.user.author)


@pytest.mark.parametrize("state", UNREADABLE)
def test_what_is_not_public_stands_on_no_page_and_is_not_counted(article, stranger, ben, mod, state):
    author = ben.user.author
    make_comment(article, "Public words.", name="ben", author=author)
    canary = make_comment(article, "A canary.", name="ben", author=author, state=state)
    stranger.cookies[OWN_COOKIE] = canary.own_key
    for client in (stranger, ben, mod):
        page = page_of(client, author)
        assert "Public words." in page
        assert "canary" not in page
        assert "1 comment<" in page


@pytest.mark.parametrize("state", UNREADABLE)
def test_somebody_without_public_words_is_answered_as_a_number_that_nobody_has(article, stranger, ben, state):
    author = guest()
    make_comment(article, "A canary.", author=author, state=state)
    for client in (stranger, ben):
        hidden, never = client.get(f"/people/{author.pk}/"), client.get("/people/999999/")
        assert (hidden.status_code, never.status_code) == (404, 404)
        assert hidden.content == never.content
        assert hidden.headers == never.headers


def test_an_account_with_held_words_alone_has_no_page_even_for_itself(article, ben):
    make_comment(article, "Waiting.", name="ben", author=ben.user.author, state=State.HELD)
    assert ben.get(f"/people/{ben.user.author.pk}/").status_code == 404


@pytest.mark.parametrize("state", [Article.State.HIDDEN, Article.State.DRAFT, Article.State.LOADING])
def test_words_on_an_article_that_is_not_public_are_not_shown(article, stranger, state):
    author = guest()
    make_comment(article, "A canary.", author=author)
    Article.objects.update(state=state)
    assert stranger.get(f"/people/{author.pk}/").status_code == 404


def test_an_erased_person_has_no_page_and_no_link(article, stranger):
    author = guest()
    make_comment(article, author=author)
    Author.objects.filter(pk=author.pk).update(erased_at=timezone.now())
    assert stranger.get(f"/people/{author.pk}/").status_code == 404
    assert person_links(stranger.get(article.path).content.decode()) == []


def test_an_archived_self_of_an_erased_account_stands_alone_and_an_erased_self_goes(article, stranger, ben):
    past, erased = archived_person(claimed_by=ben.user), archived_person("Erased", claimed_by=ben.user)
    archived_comment(article, past)
    archived_comment(article, erased, "Erased")
    make_comment(article, name="ben", author=ben.user.author)
    Author.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    assert "Erased" not in page_of(stranger, ben.user.author)
    Author.objects.filter(user=ben.user).update(erased_at=timezone.now())
    assert "<h1><bdi>Vasilis</bdi></h1>" in page_of(stranger, past)


@pytest.mark.parametrize("who", ["account", "guest"])
def test_what_was_signed_with_another_name_does_not_give_its_author_away(article, stranger, ben, who):
    author = ben.user.author if who == "account" else guest("ben")
    make_comment(article, "Signed.", name="ben", author=author)
    make_comment(article, "A secret worry.", name="Worried reader", author=author)
    assert "worry" not in page_of(stranger, author)
    assert person_links(stranger.get(article.path).content.decode()) == [author.pk]
    Comment.objects.filter(name_shown="ben").update(state=State.REMOVED)
    assert stranger.get(f"/people/{author.pk}/").status_code == 404


def test_control_with_the_gate_open_a_held_comment_is_seen(article, stranger, monkeypatch):
    author = guest()
    make_comment(article, "A canary.", author=author, state=State.HELD)
    monkeypatch.setattr(CommentQuerySet, "readable_by", lambda rows, _viewer: rows)
    monkeypatch.setattr(CommentQuerySet, "public", lambda rows: rows)
    assert "A canary." in page_of(stranger, author)


def test_nothing_private_stands_on_the_page(article, stranger, ben, mod):
    private = {"email": "secret@x.example", "ip": "203.0.113.77", "user_agent": "secretagent"}
    comment = make_comment(article, name="ben", author=ben.user.author, **private)
    for client in (stranger, mod):
        page = page_of(client, ben.user.author)
        for sign in ("secret", "203.0.113.77", "@example.org", comment.own_key):
            assert sign not in page


@pytest.mark.parametrize("who", STATEMENTS)
@pytest.mark.parametrize("count", [5, 100])
def test_the_number_of_statements_is_the_same_for_5_and_100_comments(
    stranger, ben, who, count, django_assert_num_queries
):
    author = archived_person()
    for n in range(5):
        load_comments(make_article(f"Post {n}"), [None] * (count // 5))
    Comment.objects.update(author=author, name_shown="Vasilis")
    with django_assert_num_queries(STATEMENTS[who]):
        page = page_of({"stranger": stranger, "reader": ben}[who], author)
    assert page.count('class="said"') == min(count, 20)


def test_an_account_costs_the_same_with_one_archived_self_and_with_ten(
    article, stranger, ben, django_assert_num_queries
):
    make_comment(article, name="ben", author=ben.user.author)
    for count in (1, 9):
        for _ in range(count):
            archived_comment(article, archived_person(claimed_by=ben.user))
        with django_assert_num_queries(STATEMENTS["stranger"] + 1):
            page_of(stranger, ben.user.author)


def test_many_comments_are_paged(article, stranger):
    author = archived_person()
    load_comments(article, [None] * 45)
    Comment.objects.update(author=author)
    seen = [
        int(n)
        for p in (1, 2, 3)
        for n in re.findall(r'id="said-(\d+)"', page_of(stranger, author, f"?page={p}"))
    ]
    assert seen == list(Comment.objects.order_by("-pk").values_list("pk", flat=True))
    for nonsense in ("0", "99", "x", "9" * 30, "%00", "-1"):
        assert stranger.get(f"/people/{author.pk}/?page={nonsense}").status_code == 200


@pytest.mark.parametrize("number", ["0", "9" * 18, "9" * 30, "nonsense", "-1", "1.0", "%00"])
def test_a_number_that_is_nonsense_is_not_found(db, stranger, number):
    assert stranger.get(f"/people/{number}/").status_code == 404


def test_in_threads_a_name_links_to_the_page_where_there_is_one(article, stranger):
    ann, hidden, old, pinger = guest(), guest("Hidden"), archived_person(), guest("Pinger")
    shown = make_comment(article, author=ann)
    make_comment(article, "Waits.", name="Hidden", author=hidden, state=State.HELD)
    gone = make_comment(article, "Gone.", name="Hidden", author=hidden)
    make_comment(article, "Below.", parent=gone, name="Nobody")
    ping = make_comment(article, "Ping.", name="Pinger", author=pinger)
    Comment.objects.filter(pk=gone.pk).update(state=State.REMOVED)
    Comment.objects.filter(pk=ping.pk).update(kind=Kind.PINGBACK)
    archived_comment(article, old)
    page = stranger.get(article.path).content.decode()
    assert sorted(person_links(page)) == sorted([ann.pk, old.pk])
    assert f'<h3 id="by-{shown.pk}" class="who"><a href="/people/{ann.pk}/"><bdi>Ann</bdi></a></h3>' in page
    assert all(stranger.get(f"/people/{number}/").status_code == 200 for number in person_links(page))


def test_the_own_held_comment_has_no_link_to_a_page_that_is_not_there(article, stranger, ben):
    make_comment(article, "Waits.", name="ben", author=ben.user.author, state=State.HELD)
    page = ben.get(article.path).content.decode()
    assert "Waits." in page
    assert person_links(page) == []


def test_the_staff_badge_stands_outside_of_the_name(article, stranger):
    author = make_user("mona", Role.MODERATOR).author
    make_comment(article, name="mona", author=author, staff_badge=True)
    page = page_of(stranger, author)
    assert "<h1><bdi>mona</bdi></h1>" in page
    assert '<span class="tag tag-staff">staff</span>' in page


def test_names_with_markup_stay_text_and_search_engines_stay_away(article, stranger):
    author = guest("<b>Ann</b>")
    make_comment(article, name="<b>Ann</b>", author=author)
    page = page_of(stranger, author)
    assert "<b>Ann</b>" not in page
    assert '<meta name="robots" content="noindex">' in page


def test_the_page_is_shared_by_visitors_and_private_for_others(article, stranger, ben):
    author = guest()
    make_comment(article, author=author)
    shared, private = stranger.get(f"/people/{author.pk}/"), ben.get(f"/people/{author.pk}/")
    assert "csrfmiddlewaretoken" not in shared.content.decode()
    assert not shared.cookies
    assert "private" not in shared["Cache-Control"]
    assert private["Cache-Control"] == "private, no-store"
