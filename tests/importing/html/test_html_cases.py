"""The cases H1 to H10 of saved pages, each by its number."""

import datetime

import pytest

from forum.importing.formats.html.reader import read_page
from forum.importing.records import RefusedError
from tests.importing.html.samples import URL, bodies, codes, item, page, read_html, shape

NESTED = item(1, "Lovely.", children=item(2, "Thanks!", "Ann", depth="2", classes="bypostauthor")) + item(
    3, "Mine burned."
)


def test_case_h1_a_nested_list_gives_ids_parents_and_authors() -> None:
    article = read_html(page(NESTED, "3 thoughts on “Rye bread”"))
    assert shape(article) == [("1", None), ("2", "1"), ("3", None)]
    assert bodies(article) == ["<p>Lovely.</p>", "<p>Thanks!</p>", "<p>Mine burned.</p>"]
    assert [comment.author_name for comment in article.comments] == ["Mary", "Ann", "Mary"]
    assert [comment.by_blog_author for comment in article.comments] == [False, True, False]
    assert all(comment.has_id and comment.parent_certain for comment in article.comments)
    assert article.comments[0].posted_at == datetime.datetime(2014, 3, 5, 9, 31, tzinfo=datetime.UTC)
    assert article.comments[0].address == f"{URL}#comment-1"
    assert article.remarks == []


def test_case_h1_two_elements_with_one_id_are_one_comment() -> None:
    twice = (
        '<li id="comment-5" class="comment"><div id="comment-5"><b class="fn">Mary</b><p>Once.</p></div></li>'
    )
    article = read_html(page(twice))
    assert shape(article) == [("5", None)]
    assert bodies(article) == ["<p>Once.</p>"]


def test_case_h1_two_comments_with_one_id_and_different_words_both_stay() -> None:
    article = read_html(page(item(5, "One.") + item(5, "Two.")))
    assert bodies(article) == ["<p>One.</p>", "<p>Two.</p>"]
    assert [comment.has_id for comment in article.comments] == [True, False]
    assert "same_id" in codes(article)


def test_case_h1_a_comment_without_an_id_takes_it_from_its_reply_link() -> None:
    li = (
        '<li class="comment depth-1"><cite class="fn">Mary</cite><div class="comment-text"><p>Hm.</p></div>'
        f'<a class="comment-reply-link" href="{URL}?replytocom=44#respond" data-commentid="44">Reply</a></li>'
    )
    article = read_html(page(li))
    assert (article.comments[0].key, article.comments[0].has_id) == ("44", True)


@pytest.mark.parametrize(
    ("heading", "number"),
    [
        ("3 thoughts on “Rye bread”", 3),
        ("3 Comments", 3),
        ("3 Responses to Rye bread", 3),
        ("3 responses to “<span>Rye bread</span>”", 3),
        ("3 Gedanken zu „Rye bread“", 3),
    ],
)
def test_case_h2_the_heading_declares_a_number(heading: str, number: int) -> None:
    article = read_html(page(NESTED, heading))
    assert (article.declared, article.remarks) == (number, [])


def test_case_h2_a_title_that_looks_like_a_heading_is_a_title() -> None:
    article = read_html(page(NESTED, "3 thoughts on “2 thoughts on bread”", title="2 thoughts on bread"))
    assert (article.title, article.declared) == ("2 thoughts on bread", 3)


def test_case_h3_the_number_counts_all_pages() -> None:
    older = f'<nav><a href="{URL}comment-page-1/#comments">← Older Comments</a></nav>'
    article = read_html(page(NESTED, "60 Comments", after=older.replace("nav", "div")))
    assert article.declared == 60
    message = next(remark.message for remark in article.remarks if remark.code == "count_mismatch")
    assert "57 are not in the text" in message
    assert "further pages of comments" in message
    assert article.hints["more_comment_pages"] is True


def test_case_h3_the_number_may_count_pingbacks_or_leave_them_out() -> None:
    ping = '<li id="comment-9" class="pingback"><p>Pingback: <a class="url" href="https://x.example/">X</a></p></li>'
    for number in ("3", "4"):
        article = read_html(page(NESTED + ping, f"{number} Comments"))
        assert (len(article.comments), article.remarks) == (4, [])


def test_case_h4_a_pingback_row_is_of_its_own_kind() -> None:
    ping = (
        '<li class="post pingback"><p>Pingback: <a href="https://x.example/a" rel="external">On rye</a>'
        ' <a class="comment-edit-link" href="/wp-admin/">Edit</a></p></li>'
    )
    comment = read_html(page(item(1, "Hm.") + ping)).comments[1]
    assert (comment.kind, comment.has_id, comment.author_name) == ("pingback", False, "On rye")
    assert comment.author_url == "https://x.example/a"
    assert comment.body == '<p><a href="https://x.example/a">On rye</a></p>'


def test_case_h4_a_trackback_row_is_of_its_own_kind() -> None:
    row = (
        '<li class="trackback" id="comment-8"><p>Trackback: <a href="https://x.example/a">On rye</a></p></li>'
    )
    assert read_html(page(item(1, "Hm.") + row)).comments[1].kind == "trackback"


def test_case_h4_a_comment_that_waits_is_held_and_not_counted() -> None:
    notice = '<em class="comment-awaiting-moderation">Your comment is awaiting moderation.</em>'
    article = read_html(page(item(1, "Hm.") + item(2, "Mine.", notice=notice), "1 Comment"))
    assert [(comment.state, comment.body) for comment in article.comments] == [
        ("visible", "<p>Hm.</p>"),
        ("held", "<p>Mine.</p>"),
    ]
    assert article.remarks == []


def test_case_h5_the_reply_form_is_no_comment_and_no_name() -> None:
    form = '<h3 id="reply-title">Leave a Reply to Mary <small><a>Cancel reply</a></small></h3>'
    article = read_html(page(NESTED, form=form))
    assert len(article.comments) == 3
    assert article.hints["reply_form_name"] == "Mary"
    assert "Leave" not in "".join(bodies(article)) + article.body


def test_case_h5_a_form_that_was_opened_inside_a_comment_stays_out_of_it() -> None:
    form = '<div id="respond"><h3 id="reply-title">Leave a Reply</h3><form><p>Notify me of</p></form></div>'
    article = read_html(page(item(1, "Hm.", children=form)))
    assert bodies(article) == ["<p>Hm.</p>"]


def test_case_h6_likes_shares_and_the_side_column_stay_out() -> None:
    like = (
        '<p id="comment-like-1" class="comment-likes"><a class="comment-like-link" href="#">Like</a>'
        '<span class="comment-like-feedback">Liked by 2 people</span></p>'
    )
    share = '<div class="sharedaddy"><h3>Share this:</h3></div><div id="jp-relatedposts">Related</div>'
    article = read_html(page(item(1, "Hm.", extra=like), content=f"<p>Flour.</p>{share}"))
    assert bodies(article) == ["<p>Hm.</p>"]
    assert article.body == "<p>Flour.</p>"


def test_case_h6_words_like_the_buttons_stay_in_a_text() -> None:
    article = read_html(page(item(1, "Reply</p><p>Loading... I like this: Share this")))
    assert bodies(article) == ["<p>Reply</p>\n<p>Loading... I like this: Share this</p>"]


def test_case_h9_no_gravatar_hash_is_kept() -> None:
    link = '<a class="url" href="https://gravatar.com/0123456789abcdef0123456789abcdef">Mary</a>'
    article = read_html(page(item(1, "Hm.", link) + NESTED.replace("comment-1", "comment-4")))
    assert article.comments[0].author_name == "Mary"
    assert article.comments[0].author_url == ""
    assert "gravatar" not in repr(article)


def test_case_h10_images_leave_the_text_and_their_addresses_stay_for_staff() -> None:
    image = (
        '<p>See <img src="/loaf.jpg" alt="A loaf"></p><p><img class="wp-smiley" alt=":)" src="/s.gif"></p>'
    )
    article = read_html(page(item(1, "Hm."), content=image))
    assert article.body == "<p>See</p>\n<p>:)</p>"
    assert article.hints["images"] == ["https://bread.example.org/loaf.jpg"]


def test_case_d9_a_date_in_words_stays_as_written() -> None:
    li = (
        '<li id="comment-5" class="comment"><cite class="fn">Mary</cite><div class="commentmetadata">'
        '<a href="#comment-5">March 5, 2014 at 10:31 am</a></div><p>Hm.</p></li>'
    )
    comment = read_html(page(li)).comments[0]
    assert (comment.posted_at, comment.posted_as_written) == (None, "March 5, 2014 at 10:31 am")


def test_case_c17_the_posts_author_is_marked() -> None:
    article = read_html(page(item(1, "Hm.", classes="byuser comment-author-ann bypostauthor")))
    assert (article.comments[0].by_blog_author, article.comments[0].author_key) == (True, "ann")


def test_a_page_that_announces_comments_and_holds_none_is_refused() -> None:
    with pytest.raises(RefusedError, match="announces 18 comments"):
        list(read_page(page("", "18 thoughts on “Rye bread”"), "", "page.html"))
