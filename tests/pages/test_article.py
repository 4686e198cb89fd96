"""The article page: heading, nested lists, names, dates, placeholders, paging, cost, and what it keeps."""

import datetime
import re
from html.parser import HTMLParser

import pytest
from django.test import Client

from forum.accounts.viewer import OWN_COOKIE
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Kind, State
from tests.make import load_comments, make_article, make_comment, send_reply, without_stamp

pytestmark = pytest.mark.django_db
EVIL = "<script>alert(1)</script>"
STATEMENTS = {"stranger": 6, "author": 9, "reader": 10}
VOID = {"meta", "link", "input", "br", "hr", "img"}


class Lists(HTMLParser):
    """Reads the nesting of a page: `parents[n]` is the comment in whose item comment n's item stands."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open, self.faults, self.parents = [], [], {}
        self.feed(page)
        self.faults += [tag for tag, _number in self.open]

    def handle_starttag(self, tag, attrs):
        number = re.fullmatch(r"comment-(\d+)", dict(attrs).get("id") or "")
        if tag == "li" and self.open[-1][0] not in {"ol", "ul"}:
            self.faults.append(f"li in {self.open[-1][0]}")
        if tag == "li" and number:
            self.parents[int(number[1])] = next((n for _tag, n in reversed(self.open) if n), None)
        if tag not in VOID:
            self.open.append((tag, int(number[1]) if number else None))

    def handle_endtag(self, tag):
        opened = self.open.pop()[0] if self.open else None
        if opened != tag:
            self.faults.append(f"</{tag}> closes {opened}")


def page_of(client, address: str) -> str:
    """The page as it comes."""
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def item_of(page: str, comment: Comment) -> str:
    """What stands in a comment's own item, up to the next item or the end of its list."""
    return re.search(rf'<li id="comment-{comment.pk}".*?(?=<li id=|</li>)', page, re.DOTALL)[0]


def assert_nested(page: str, comments: list[Comment]) -> None:
    """Every tag closes, and each comment's item stands in its parent's item."""
    lists = Lists(page)
    assert lists.faults == []
    assert lists.parents == {comment.pk: comment.parent_id for comment in comments}


SHAPES = [
    [],
    [None],
    [None, None],
    [None, 0, 1, 2, 3],
    [None, 0, 1, 0, None, 4, 4, 6, 7, 4, None],
    [None, 0, 1, 2, None],
    [None, *range(30)],
]


@pytest.mark.parametrize("shape", SHAPES)
def test_lists_are_nested_as_the_tree_is(article, stranger, shape):
    comments = load_comments(article, shape)
    assert_nested(page_of(stranger, article.path), comments)
    for comment in comments[:3]:
        assert_nested(page_of(stranger, f"{article.path}?replytocom={comment.pk}"), comments)


@pytest.mark.parametrize(("count", "heading"), [(0, "0 comments"), (1, "1 comment"), (2, "2 comments")])
def test_the_heading_counts_the_comments(article, stranger, count, heading):
    load_comments(article, [None] * count)
    assert f'<h2 id="comments-title">{heading}</h2>' in page_of(stranger, article.path)


def test_what_was_lost_in_the_archive_is_said(article, stranger):
    article.declared, article.recovered = 18, 15
    article.save()
    page = page_of(stranger, article.path)
    assert "announced 18 comments and held 15 of them; 3 are lost." in page


def test_an_archived_comment_without_name_or_date_gets_none_invented(article, stranger):
    (comment,) = load_comments(article, [None])
    item = item_of(page_of(stranger, article.path), comment)
    assert "unnamed reader" in item
    assert "archived" in item
    assert "<time" not in item
    assert not re.search(r"20\d\d", item.replace(str(comment.pk), ""))


def test_a_known_date_is_shown(article, stranger):
    known, written = load_comments(article, [None, None])
    moment = datetime.datetime(2012, 10, 31, 8, 5, tzinfo=datetime.UTC)
    Comment.objects.filter(pk=known.pk).update(posted_at=moment, name_shown="Gavin")
    Comment.objects.filter(pk=written.pk).update(posted_as_written="a Tuesday in June")
    page = page_of(stranger, article.path)
    assert "31 October 2012, 08:05" in item_of(page, known)
    assert "Gavin" in item_of(page, known)
    assert "a Tuesday in June" in item_of(page, written)
    assert "<time" not in item_of(page, written)


def test_a_live_comment_has_a_date_and_no_archive_mark(article, stranger):
    comment = make_comment(article)
    item = item_of(page_of(stranger, article.path), comment)
    assert "<time" in item
    assert "archived" not in item


def test_a_reply_says_what_it_answers(article, stranger):
    named = make_comment(article, name="Vasilis")
    below = make_comment(article, parent=named)
    (old, reply, unsure) = load_comments(make_article("Other"), [None, 0, 0])
    Comment.objects.filter(pk=unsure.pk).update(parent_certain=False)
    page = page_of(stranger, article.path)
    assert re.search(rf'#comment-{named.pk}">in reply to\s*<bdi>Vasilis', item_of(page, below))
    page = page_of(stranger, old.article.path)
    assert "in reply to unnamed reader" in item_of(page, reply)
    assert "probably in reply to" in item_of(page, unsure)
    assert "in reply to" not in item_of(page, old)


@pytest.mark.parametrize("state", [State.REMOVED, State.SPAM, State.HELD, State.REJECTED, State.WITHDRAWN])
def test_a_placeholder_says_only_that_something_stood_here(article, stranger, state):
    gone, reply = load_comments(article, [None, 0])
    secrets = {"name_shown": "Secretname", "posted_as_written": "secret date", "state": state}
    Comment.objects.filter(pk=gone.pk).update(**secrets)
    page = page_of(stranger, article.path)
    said = re.sub(r"<ol.*", "", item_of(page, gone), flags=re.DOTALL)
    bare = f'<li id="comment-{gone.pk}" class="comment"><p class="gone">A comment stood here.</p>'
    assert re.sub(r">\s+<", "><", said).strip() == bare
    assert "a comment that is gone" in item_of(page, reply)
    assert "ecret" not in page
    assert_nested(page, [gone, reply])


def test_a_removed_comment_without_replies_leaves_nothing(article, stranger):
    gone = make_comment(article, "Secret words.", state=State.REMOVED)
    page = page_of(stranger, article.path)
    assert f"comment-{gone.pk}" not in page
    assert "stood here" not in page


def test_a_chain_of_placeholders_stands_as_long_as_something_readable_is_below(article, stranger):
    rows = load_comments(article, [None, 0, 1, 2, 1])
    Comment.objects.filter(pk__in=[row.pk for row in rows[:3]]).update(state=State.REMOVED)
    page = page_of(stranger, article.path)
    assert page.count("A comment stood here.") == 3
    assert_nested(page, rows)
    Comment.objects.filter(pk=rows[3].pk).update(state=State.HELD)
    page = page_of(stranger, article.path)
    assert page.count("A comment stood here.") == 2
    assert_nested(page, [rows[0], rows[1], rows[4]])


def test_a_placeholder_of_the_archive_and_an_erased_comment_hold_their_place(article, stranger):
    lost, erased, reply = load_comments(article, [None, 0, 1])
    Comment.objects.filter(pk=lost.pk).update(kind=Kind.PLACEHOLDER)
    Comment.objects.filter(pk=erased.pk).update(erased_at=erased.received_at, body_source="", body_html="")
    page = page_of(stranger, article.path)
    assert page.count("A comment stood here.") == 2
    assert_nested(page, [lost, erased, reply])


@pytest.mark.parametrize("who", STATEMENTS)
@pytest.mark.parametrize("count", [15, 100])
def test_the_number_of_statements_is_the_same_for_15_and_100_comments(
    article, ben, who, count, django_assert_num_queries
):
    client = ben if who == "reader" else Client()
    load_comments(article, [None if n % 3 == 0 else n - 1 for n in range(count - 1)])
    if who == "author":
        send_reply(client, article)
    else:
        make_comment(article)
    client.get(article.path)
    with django_assert_num_queries(STATEMENTS[who]):
        assert page_of(client, article.path).count('<li id="comment-') == count


def test_threads_are_paged_by_their_roots(article, stranger):
    SitePolicy.objects.create(pk=1, roots_per_page=2)
    rows = load_comments(article, [None, 0, 1, None, 3, None])
    assert_nested(page_of(stranger, article.path), rows[:5])
    assert_nested(page_of(stranger, f"{article.path}?page=2"), rows[5:])
    for nonsense in ("0", "99", "x", "9" * 30, "%00", "-1"):
        assert stranger.get(f"{article.path}?page={nonsense}").status_code == 200


def test_the_page_of_the_comment_to_answer_is_found(article, stranger):
    SitePolicy.objects.create(pk=1, roots_per_page=1)
    rows = load_comments(article, [None, None, 1, None])
    page = page_of(stranger, f"{article.path}?replytocom={rows[2].pk}")
    assert_nested(page, rows[1:3])
    assert "Page 2 of 3" in page


def test_the_shared_page_carries_nothing_personal(article, stranger):
    load_comments(article, [None])
    answer = stranger.get(article.path)
    page = answer.content.decode()
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in page
    assert re.search(r'name="form_key"(?![^>]*value)', page)
    assert "Cookie" in answer["Vary"]
    assert "private" not in answer["Cache-Control"]
    again = Client().get(article.path).content.decode()
    assert without_stamp(again) == without_stamp(answer.content.decode())


def test_the_shared_page_is_the_same_after_others_have_been_there(article, stranger, ben, mod):
    before = without_stamp(stranger.get(article.path).content.decode())
    author = Client()
    send_reply(author, article, remember="on")
    for client in (author, ben, mod):
        assert client.get(article.path)["Cache-Control"] == "private, no-store"
    assert without_stamp(Client().get(article.path).content.decode()) == before


def test_titles_names_and_notices_with_markup_stay_text(stranger):
    article = make_article(EVIL, author_name=EVIL, notice=EVIL)
    SitePolicy.objects.create(pk=1, name=EVIL, notice=EVIL)
    parent = make_comment(article, EVIL, name=EVIL)
    make_comment(article, parent=parent)
    for address in (article.path, f"{article.path}?replytocom={parent.pk}", "/", "/nothing/here/"):
        assert EVIL not in stranger.get(address).content.decode()


@pytest.mark.parametrize("path", ["/nothing/", "/a%00b/", "/%ff/", "/" + "x" * 600 + "/", "/.../"])
def test_a_path_without_an_article_is_not_found(db, stranger, path):
    assert stranger.get(path).status_code == 404


def test_the_author_of_a_removed_reply_is_told_and_nobody_else(article, stranger):
    send_reply(stranger, article, "Words of mine.")
    Comment.objects.update(state=State.REMOVED)
    assert "A moderator decided not to show this reply." in page_of(stranger, article.path)
    del stranger.cookies[OWN_COOKIE]
    assert "Words of mine." not in page_of(stranger, article.path)
