"""Small Disqus exports: threads, posts, and what becomes of broken ones (cases Q1 to Q6)."""

import datetime
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forum.importing.formats.disqus import reader
from forum.importing.records import ArchivedArticle, DamagedError, RefusedError, Remark, SkippedItem, Source

LINK = "https://blog.example/2014/a-post/"


def thread(number="1", link=LINK, title="A post", **said: str) -> str:
    """A `thread`; keyword arguments are further elements."""
    given_here = {"forum": "blog", "link": link, "title": title, "createdAt": "2014-03-05T08:00:01Z", **said}
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in given_here.items())
    return (
        f'<thread dsq:id="{number}"><id/>{inside}<author><name>Anna</name><username>anna</username>'
        "<email>anna@blog.example</email></author></thread>\n"
    )


def post(number="11", parent="", message="<p>Words.</p>", on="1", author="", **said: str) -> str:
    """A `post`; keyword arguments are further elements."""
    author = author or "<name>Ben</name><isAnonymous>false</isAnonymous><username>ben77</username>"
    given_here = {"createdAt": "2014-03-05T10:31:07Z", "isDeleted": "false", "isSpam": "false", **said}
    inside = "".join(f"<{name}>{text}</{name}>" for name, text in given_here.items())
    above = f'<parent dsq:id="{parent}"/>' if parent else ""
    return (
        f'<post dsq:id="{number}"><id/><message><![CDATA[{message}]]></message>{inside}'
        f"<author>{author}<email>ben@reader.example</email></author><ipAddress>192.0.2.9</ipAddress>"
        f'<thread dsq:id="{on}"/>{above}</post>\n'
    )


def xml(*elements: str, end="</disqus>") -> str:
    """A whole export."""
    start = (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">\n'
        '<category dsq:id="9"><forum>blog</forum><title>General</title></category>'
    )
    return start + "".join(elements) + end


def read_all(folder: Path, *elements: str, **options) -> list[ArchivedArticle | SkippedItem | Remark]:
    path = folder / "disqus.xml"
    path.write_text(xml(*elements, end=options.pop("end", "</disqus>")))
    assert reader.recognises(path.read_bytes(), path.name)
    return list(reader.read(Source(path, path.name, **options)))


def article(folder: Path, *elements: str) -> ArchivedArticle:
    (only,) = [one for one in read_all(folder, *elements) if isinstance(one, ArchivedArticle)]
    return only


def tree(found: ArchivedArticle) -> list[tuple[str, str | None]]:
    return [(one.key, one.parent_key) for one in found.comments]


def codes(remarks: list) -> list[str]:
    return [one.code for one in remarks if isinstance(one, Remark)]


def test_a_thread_with_its_posts_is_an_article(tmp_path):
    found = article(tmp_path, thread(), post("11"), post("12", "11"))
    assert (found.title, found.url, found.source_id, found.blog_id) == ("A post", LINK, "1", "blog")
    assert found.published_at == datetime.datetime(2014, 3, 5, 8, 0, 1, tzinfo=datetime.UTC)
    first = found.comments[0]
    assert (first.body, first.body_format) == ("<p>Words.</p>", "html")
    assert first.posted_at == datetime.datetime(2014, 3, 5, 10, 31, 7, tzinfo=datetime.UTC)
    assert first.address == LINK + "#comment-11"
    assert tree(found) == [("11", None), ("12", "11")]


def test_a_thread_without_posts_is_skipped(tmp_path):
    assert read_all(tmp_path, thread()) == [SkippedItem("thread", "1", "no_comments", "A post")]


def test_case_q1_posts_may_stand_before_their_thread(tmp_path):
    assert tree(article(tmp_path, post("12", "11"), post("11"), thread())) == [("11", None), ("12", "11")]


@pytest.mark.parametrize(
    "link",
    [
        LINK,
        LINK.rstrip("/"),
        LINK.replace("https", "http"),
        LINK.replace("blog.ex", "Blog.ex"),
        LINK + "?utm_source=mail&amp;utm_medium=x",
        LINK + "#disqus_thread",
    ],
)
def test_case_q1_two_threads_of_one_page_are_one_article_to_confirm(tmp_path, link):
    found = article(tmp_path, thread("2", link), thread("1"), post("11"), post("12", "11", on="2"))
    assert found.source_id == "1"
    assert tree(found) == [("11", None), ("12", "11")]
    assert codes(found.remarks) == ["threads_united"]


def test_case_q1_a_query_that_says_which_page_it_is_counts(tmp_path):
    two = thread("1", LINK + "?p=1"), thread("2", LINK + "?p=2")
    assert len(read_all(tmp_path, *two, post("11"), post("12", on="2"))) == 2


@pytest.mark.parametrize(
    ("link", "title"), [(LINK, "A post"), ("https://blog.example/x/index.html", "X"), ("", "Thread 1")]
)
def test_case_q2_an_empty_id_or_title_is_normal(tmp_path, link, title):
    assert article(tmp_path, thread(title="", link=link), post()).title == title


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ({}, "visible"),
        ({"isSpam": "true"}, "spam"),
        ({"isDeleted": "true"}, "removed"),
        ({"isApproved": "false"}, "held"),
        ({"isSpam": "true", "isDeleted": "true"}, "removed"),
    ],
)
def test_case_q3_states_are_kept_apart(tmp_path, said, state):
    (comment,) = article(tmp_path, thread(), post(**said)).comments
    assert (comment.state, comment.kind) == (state, "comment")


def test_case_q3_a_deleted_post_with_answers_keeps_its_place_and_nothing_else(tmp_path):
    found = article(tmp_path, thread(), post("11", isDeleted="true"), post("12", "11"))
    place = found.comments[0]
    assert (place.kind, place.state, place.body, place.author_name) == ("placeholder", "removed", "", "")
    assert tree(found)[1] == ("12", "11")


def test_case_q3_a_thread_that_is_deleted_or_closed_says_so(tmp_path):
    found = article(tmp_path, thread(isDeleted="true", isClosed="true"), post())
    assert (found.state, found.hints["closed"]) == ("trash", True)


@pytest.mark.parametrize(
    ("message", "body"),
    [
        ("<p>a</p>\n\n<p>b</p>", "<p>a</p>\n\n<p>b</p>"),
        ("a\nb", "<p>a<br>\nb</p>"),
        ("<p>a\nb</p>", "<p>a\nb</p>"),
        ('<a href="x" rel="y">x</a>', '<p><a href="x" rel="y">x</a></p>'),
        ("", ""),
    ],
)
def test_case_q4_messages_are_html_with_their_newlines(tmp_path, message, body):
    assert article(tmp_path, thread(), post(message=message)).comments[0].body == body


def test_case_q4_an_escaped_message_is_the_same(tmp_path):
    escaped = post().replace("<![CDATA[<p>Words.</p>]]>", "&lt;p&gt;Words.&lt;/p&gt;")
    assert article(tmp_path, thread(), escaped).comments[0].body == "<p>Words.</p>"


def test_case_q5_only_a_username_makes_one_person(tmp_path):
    anonymous = "<name>Ben</name><isAnonymous>true</isAnonymous>"
    found = article(
        tmp_path, thread(), post("11"), post("12", author=anonymous), post("13", author=anonymous)
    )
    assert [one.author_key for one in found.comments] == ["user:ben77", "", ""]
    assert [one.author_name for one in found.comments] == ["Ben"] * 3


def test_case_q5_no_email_and_no_ip_gets_into_a_record(tmp_path):
    found = repr(article(tmp_path, thread(), post()))
    assert "@" not in found
    assert "192.0.2.9" not in found


def test_case_q5_a_name_that_is_an_email_is_cut_before_the_at(tmp_path):
    found = article(tmp_path, thread(), post(author="<name>ben@reader.example</name>"))
    assert found.comments[0].author_name == "ben"
    assert "@" not in repr(found)


def test_the_owner_of_the_thread_is_the_author_of_the_blog(tmp_path):
    found = article(
        tmp_path, thread(), post("11", author="<name>A</name><username>anna</username>"), post("12")
    )
    assert [one.by_blog_author for one in found.comments] == [True, False]


def test_case_q6_missing_parents_and_circles_make_roots(tmp_path):
    found = article(
        tmp_path, thread(), post("11", "99"), post("12", "13"), post("13", "12"), post("14", "14")
    )
    assert tree(found) == [("11", None), ("12", None), ("13", "12"), ("14", None)]
    assert sorted(codes(found.remarks)) == ["parent_circle", "parent_circle", "parent_missing"]


def test_case_q6_a_parent_in_another_thread_is_told_from_one_that_is_missing(tmp_path):
    made = (thread("1", "https://a.example/1"), thread("2", "https://a.example/2"))
    found = read_all(tmp_path, *made, post("11", on="1"), post("12", "11", on="2"), post("13", "99", on="2"))
    one, other = (remark.message for remark in found[1].remarks)
    assert one == "Comment 12 answers 11, which stands under another post (1)."
    assert other == "Comment 13 answers 99, which this article does not hold."


def test_case_q6_posts_of_a_thread_that_is_missing_wait_out_of_sight(tmp_path):
    found = article(tmp_path, post("11", on="1337"))
    assert (found.state, found.source_id, len(found.comments)) == ("pending", "1337", 1)
    assert codes(found.remarks) == ["thread_missing"]


def test_case_q6_a_malformed_link_stops_only_its_own(tmp_path):
    broken = thread("2", "http://[broken")
    found = read_all(tmp_path, broken, thread(), post("11"), post("12", on="2"))
    assert [one.url for one in found] == ["", LINK]
    assert found[0].hints["link_as_written"] == "http://[broken"


def test_one_id_with_two_texts_is_two_comments_and_the_same_text_one(tmp_path):
    found = article(tmp_path, thread(), post("11"), post("11"), post("11", message="Other."))
    assert [one.key for one in found.comments] == ["11", "11#2"]


def test_ids_beyond_what_numbers_hold_are_kept_to_the_letter(tmp_path):
    big = "9007199254740993"
    found = article(tmp_path, thread("00" + big), post(big, on="00" + big))
    assert (found.source_id, found.comments[0].key) == ("00" + big, big)


def test_a_file_that_breaks_off_is_refused_or_read_up_to_there(tmp_path):
    made = (thread(), post("11"), post("12"), '<post dsq:id="13">')
    with pytest.raises(DamagedError, match="line 6.* 1 “thread” and 2 “post” elements were complete"):
        read_all(tmp_path, *made, end="")
    found = read_all(tmp_path, *made, end="", accept_damaged=True)
    assert len(found[0].comments) == 2
    assert codes(found) == ["damaged", "lost_items"]


def test_another_file_is_refused(tmp_path):
    path = tmp_path / "rss.xml"
    path.write_text("<rss/>")
    with pytest.raises(RefusedError, match="<rss>"):
        list(reader.read(Source(path, path.name)))
    assert not reader.recognises(b"<rss/>", "rss.xml")


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_case_q6_any_order_of_the_file_gives_the_same_tree(data):
    ids = ["11", "12", "13", "14", "110"]
    parents = st.sampled_from(["", *ids, "99"])
    made = [
        post(one, data.draw(parents), isDeleted=data.draw(st.sampled_from(["true", "false"]))) for one in ids
    ]
    made += [thread(), thread("2", LINK + "?utm_x=1")]
    with tempfile.TemporaryDirectory() as folder:
        ordered = article(Path(folder), *made)
        mixed = article(Path(folder), *data.draw(st.permutations(made)))
    assert ordered == mixed
    assert len(ordered.comments) == 5
