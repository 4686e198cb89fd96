"""Themes of WordPress and Blogger through the years: the same two or three comments in each."""

import pytest

from forum.importing.formats.html.reader import recognises
from tests.importing.html.samples import URL, bodies, item, page, read_html, shape


def of_theme(comments: str, **more: str) -> list[tuple[str, str | None, str, str]]:
    """Key, parent, author and text of each comment of a page in a theme."""
    article = read_html(
        f"<html><head><link rel=canonical href='{URL}'></head><body>{comments}</body></html>", **more
    )
    return [(c.key, c.parent_key, c.author_name, c.body) for c in article.comments]


def test_twenty_ten_has_its_id_on_an_inner_element() -> None:
    comments = """<h3 id="comments-title">2 Responses to <em>Rye</em></h3><ol class="commentlist">
      <li class="comment even depth-1" id="li-comment-7"><div id="comment-7"><div class="comment-author
      vcard">
      <img class="avatar"><cite class="fn">Mary</cite> <span class="says">says:</span></div>
      <div class="comment-meta commentmetadata"><a href="#comment-7">March 5, 2014 at 10:31 am</a></div>
      <div class="comment-body"><p>Hm.</p></div><div class="reply"><a
      class="comment-reply-link">Reply</a></div></div>
      <ul class="children"><li class="comment depth-2" id="li-comment-8"><div id="comment-8">
      <div class="comment-author vcard"><cite class="fn"><a href="https://a.example/"
      class="url">Ann</a></cite>
      <span class="says">says:</span></div><div class="comment-body">
      <p>Yes.</p></div></div></li></ul></li></ol>"""
    assert of_theme(comments) == [("7", None, "Mary", "<p>Hm.</p>"), ("8", "7", "Ann", "<p>Yes.</p>")]


def test_the_oldest_theme_has_no_element_for_the_text() -> None:
    comments = """<h3 id="comments">One Response to &#8220;Rye&#8221;</h3><ol class="commentlist">
      <li class="alt" id="comment-3"><cite><a href="https://a.example/" rel="external
      nofollow">Mary</a></cite> Says:
      <br /><small class="commentmetadata"><a href="#comment-3">March 5th, 2008 at 10:31 am</a></small>
      <p>First.</p><p>Second.</p></li></ol>"""
    assert of_theme(comments) == [("3", None, "Mary", "<p>First.</p>\n<p>Second.</p>")]


def test_a_quotation_with_its_source_names_no_author() -> None:
    quote = "<p>He said:</p><blockquote><cite>Bob</cite>: No.</blockquote>"
    li = f'<li id="comment-3" class="comment">{quote}</li>'
    ((_, _, author, body),) = of_theme(f'<ol class="commentlist">{li}</ol>')
    assert author == ""
    assert "Bob" in body


def test_block_themes_nest_lists_without_a_class() -> None:
    def comment(number: int, name: str, text: str, children: str = "") -> str:
        return f"""<li id="comment-{number}" class="comment depth-1"><div class="wp-block-columns">
          <div class="wp-block-comment-author-name">{name}</div><div class="wp-block-comment-date">
          <time datetime="2022-01-02T10:00:00+00:00"><a
          href="{URL}#comment-{number}">January 2</a></time></div>
          <div class="wp-block-comment-edit-link"><a href="#">Edit</a></div>
          <div class="wp-block-comment-content"><p>{text}</p></div>
          <div class="wp-block-comment-reply-link"><a
          class="comment-reply-link">Reply</a></div></div>{children}</li>"""

    inner = f"<ol>{comment(2, 'Ann', 'Yes.')}</ol>"
    listed = f'<ol class="wp-block-comment-template">{comment(1, "Mary", "Hm.", inner)}</ol>'
    heading = '<h2 class="wp-block-comments-title">2 responses to &#8220;Rye&#8221;</h2>'
    found = of_theme(f'<div class="wp-block-comments">{heading}{listed}</div>')
    assert found == [("1", None, "Mary", "<p>Hm.</p>"), ("2", "1", "Ann", "<p>Yes.</p>")]


def test_flat_lists_take_parents_from_depth_classes() -> None:
    def div(number: int, depth: int) -> str:
        return f'<div id="comment-{number}" class="comment depth-{depth}"><p>T{number}.</p></div>'

    article = read_html(
        page("", after="".join([div(1, 1), div(2, 2), div(3, 3), div(4, 2), div(5, 1), div(6, 3)]))
    )
    assert shape(article) == [("1", None), ("2", "1"), ("3", "2"), ("4", "1"), ("5", None), ("6", "5")]
    assert [comment.parent_certain for comment in article.comments] == [True] * 5 + [False]
    assert [(remark.code, remark.source_id) for remark in article.remarks] == [("parent_inferred", "6")]


def test_a_list_of_answers_behind_its_comment_belongs_to_it() -> None:
    comments = (
        '<div id="comment-1"><p>Hm.</p></div><ul class="children"><li id="comment-2"><p>Yes.</p></li></ul>'
    )
    assert shape(read_html(page("", after=comments))) == [("1", None), ("2", "1")]


def test_a_link_in_reply_to_names_the_parent() -> None:
    def li(number: int, parent: int) -> str:
        link = (
            f'<p class="in-reply-to">In reply to <a href="{URL}#comment-{parent}">Mary</a></p>'
            if parent
            else ""
        )
        return f'<li id="comment-{number}" class="comment">{link}<div class="comment-content">T.</div></li>'

    article = read_html(page(li(1, 0) + li(2, 1) + li(4, 3)))
    assert shape(article) == [("1", None), ("2", "1"), ("3", None), ("4", "3")]
    assert [comment.kind for comment in article.comments] == ["comment", "comment", "placeholder", "comment"]


def test_wpdiscuz_names_its_parents_in_its_ids() -> None:
    def div(number: int, parent: int) -> str:
        return f"""<div id="wpd-comm-{number}_{parent}" class="comment wpd-comment wpd_comment_level-1">
          <div id="comment-{number}" class="wpd-comment-right"><div class="wpd-comment-header">
          <div class="wpd-comment-author">Mary</div><div class="wpd-comment-date">9 years ago</div></div>
          <div class="wpd-comment-text"><p>T{number}.</p></div><div
          class="wpd-comment-footer">Reply</div></div></div>"""

    form = '<div class="wpd-form"><h3>Notify of</h3><div id="comment-99">Name</div></div>'
    article = read_html(page("", after=f'<div class="wpd-thread-list">{div(5, 0)}{div(6, 5)}</div>{form}'))
    assert shape(article) == [("5", None), ("6", "5")]
    assert bodies(article) == ["<p>T5.</p>", "<p>T6.</p>"]


def blogger(number: int, name: str, text: str, replies: str = "", author: str = "") -> str:
    """One comment as Blogger's threaded widget has it once its script has run."""
    return f"""<li class="comment" id="c{number}"><div class="avatar-image-container"><img
    src="//x/avatar"></div>
      <div class="comment-block"><div class="comment-header"><cite class="user {author}"><a rel="nofollow"
      href="https://www.blogger.com/profile/42">{name}</a></cite><span class="icon user {author}"></span>
      <span class="datetime secondary-text"><a rel="nofollow"
      href="{URL}?showComment=1#c{number}">5 March 2014 at
      10:31</a></span></div><p class="comment-content">{text}</p><span class="comment-actions secondary-text">
      <a class="comment-reply" target="_self">Reply</a><span class="item-control blog-admin">
      <a>Delete</a></span></span>
      </div><div class="comment-replies"><div class="comment-thread inline-thread"><span
      class="thread-toggle">Replies
      </span><ol class="thread-chrome thread-expanded"><div>{replies}</div></ol></div></div></li>"""


def test_threaded_blogger_comments_have_two_levels() -> None:
    listed = blogger(1111111, "Mary", "Hm.<br>Hm.", blogger(2222222, "Ann", "Yes.", author="blog-author"))
    article = read_html(
        f"""<html><body class="item-view"><div class="widget Blog" id="Blog1"><div class="post hentry"><h3
        class="post-title
        entry-title">Rye</h3><div class="post-body entry-content" itemprop="description
        articleBody">Flour.</div></div>
        <section class="comments" id="comments" data-num-comments="2"><h4>2 comments:</h4>
        <ol>{listed}</ol></section></div>
        <div class="widget PopularPosts"><div class="post-body">Another</div></div></body></html>""",
        URL,
    )
    assert shape(article) == [("1111111", None), ("2222222", "1111111")]
    assert bodies(article) == ["Hm.<br>Hm.", "Yes."]
    assert [comment.by_blog_author for comment in article.comments] == [False, True]
    assert article.comments[0].author_key == "https://www.blogger.com/profile/42"
    assert article.comments[0].posted_as_written == "5 March 2014 at 10:31"
    assert (article.title, article.body, article.declared) == ("Rye", "Flour.", 2)


def test_flat_blogger_comments_are_pairs_in_a_definition_list() -> None:
    comments = """<div id="comments"><h4>2 comments:</h4><dl id="comments-block">
      <dt class="comment-author" id="c3333333"><a name="c3333333"></a>
      <a href="https://www.blogger.com/profile/42" rel="nofollow">Mary</a> said...</dt>
      <dd class="comment-body" id="Blog1_cmt-3333333"><p>Hm.</p></dd><dd class="comment-footer">
      <span class="comment-timestamp"><a href="#c3333333">5 March 2014 at 10:31</a></span></dd>
      <dt class="comment-author blog-author" id="c4444444"><a name="c4444444"></a> Ann said...</dt>
      <dd class="comment-body"><p><span class="deleted-comment">This comment has been removed by the author.
      </span></p>
      </dd><dd class="comment-footer"><span
      class="comment-timestamp">5 March 2014 at 10:40</span></dd></dl></div>"""
    assert of_theme(comments) == [("3333333", None, "Mary", "<p>Hm.</p>"), ("4444444", None, "Ann", "")]
    article = read_html(f"<html><body>{comments}</body></html>")
    assert [comment.state for comment in article.comments] == ["visible", "removed"]
    assert [comment.by_blog_author for comment in article.comments] == [False, True]
    assert article.comments[1].posted_as_written == "5 March 2014 at 10:40"


def test_anchors_between_paragraphs_part_the_comments() -> None:
    comments = "".join(
        f'<p><a name="comment-{number}"></a><cite>{name}</cite> said:</p><p>T{number}.</p>'
        for number, name in ((1, "Mary"), (2, "Ann"))
    )
    found = of_theme(f'<div id="comments">{comments}</div>')
    assert found == [("1", None, "Mary", "<p>T1.</p>"), ("2", None, "Ann", "<p>T2.</p>")]


def test_sixty_levels_of_answers_stay() -> None:
    listed = ""
    for number in range(60, 0, -1):
        listed = item(number, f"T{number}.", children=listed, depth=str(number))
    article = read_html(page(listed))
    assert shape(article) == [("1", None)] + [(str(number), str(number - 1)) for number in range(2, 61)]


def test_pages_are_recognised_by_their_first_tags() -> None:
    assert recognises(
        b"\xef\xbb\xbf <!-- saved from url=(0014)about:internet -->\r\n<!DOCTYPE html>", "x.txt"
    )
    assert recognises(b'<?xml version="1.0"?>\n<html xmlns="http://www.w3.org/1999/xhtml">', "x")
    assert recognises("<!doctype html>".encode("utf-16"), "x")
    assert not recognises(b'<?xml version="1.0"?><rss version="2.0">', "x.html")
    assert not recognises(b"<feed xmlns='http://www.w3.org/2005/Atom'>", "x.html")
    assert not recognises(b"Lethal MS\n\n3 thoughts on it", "x.html")


def test_astra_has_a_class_of_its_own_for_the_text() -> None:
    comments = """<ol class="ast-comment-list"><li class="comment depth-1" id="li-comment-11">
      <article id="comment-11" class="ast-comment"><header><cite><b class="fn">Ann</b>
      </cite><time datetime="2014-03-05T10:31:00Z">March 5, 2014</time></header>
      <section class="ast-comment-content comment"><p>Rye.</p></section></article></li></ol>"""
    (found,) = read_html(page("", after=comments)).comments
    assert (found.author_name, found.body) == ("Ann", "<p>Rye.</p>")


def test_wpdiscuz_has_the_date_in_a_title() -> None:
    comments = """<div class="wpd-thread-list"><div id="wpd-comm-11_0" class="comment wpd-comment">
      <div id="comment-11"><div class="wpd-comment-author">Ann</div>
      <div class="wpd-comment-date" title="March 5, 2014 10:31 am">10 years ago</div>
      <div class="wpd-comment-text"><p>Rye.</p></div></div></div></div>"""
    (found,) = read_html(page("", after=comments)).comments
    assert found.posted_as_written == "March 5, 2014 10:31 am"


@pytest.mark.parametrize(
    ("words", "encoding", "tag"),
    [
        ("これはコメントです。ありがとう", "shift_jis", "<html>"),
        ("これはコメントです。ありがとう", "euc_jp", '<html lang="ja">'),
        ("Это комментарий", "cp1251", '<html lang="ru-RU">'),
        ("“Grüße”", "cp1252", '<html lang="de">'),
        ("“Grüße”", "cp1252", "<html>"),
        ("Grüße", "utf-8", '<html lang="ja">'),
    ],
)
def test_case_h8_a_page_that_names_no_encoding_is_read_by_its_language(words, encoding, tag) -> None:
    text = page(item(1, words)).replace('<meta charset="utf-8">', "").replace("–", "-")
    text = text.replace('<html lang="en-GB">', tag)
    assert bodies(read_html(text.encode(encoding))) == [f"<p>{words}</p>"]
