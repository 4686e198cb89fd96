"""The WXR file itself: versions, prefixes, damage, and which items are posts (cases W1 to W13, Q7)."""

import re

import pytest

from forum.importing.formats.wxr import reader
from forum.importing.records import ArchivedArticle, DamagedError, RefusedError, SkippedItem, Source
from tests.importing.wxr.samples import article, articles, codes, comment, item, read_all, wxr


@pytest.mark.parametrize("version", ["1.0", "1.1", "1.2", "1.3", "2.0"])
def test_case_w1_every_version_of_the_namespace_gives_the_same(tmp_path, version):
    text = wxr(item(comment("3")), export=f"http://wordpress.org/export/{version}/")
    assert articles(tmp_path, text) == articles(tmp_path, wxr(item(comment("3"))))


@pytest.mark.parametrize("prefix", ["x", "wordpress", "w-p"])
def test_case_w2_the_prefix_does_not_matter(tmp_path, prefix):
    text = wxr(item(comment("3")), prefix=prefix)
    assert articles(tmp_path, text) == articles(tmp_path, wxr(item(comment("3"))))


def test_case_w2_a_prefix_that_is_not_declared_is_read_and_told(tmp_path):
    text = re.sub(r'xmlns:wp="[^"]*"', "", wxr(item(comment("3"))))
    found = read_all(tmp_path, text)
    assert [one.key for one in found[0].comments] == ["3"]
    assert codes(found) == ["prefixes"]


@pytest.mark.parametrize(
    "evil", ['<!DOCTYPE rss [<!ENTITY x "y">]>', '<!DOCTYPE rss SYSTEM "http://192.0.2.1/">']
)
def test_case_w3_a_dtd_refuses_the_whole_file(tmp_path, evil):
    with pytest.raises(RefusedError, match="DTD"):
        read_all(tmp_path, wxr(item()).replace("<rss", evil + "<rss", 1))


def test_case_w5_a_file_that_breaks_off_tells_what_was_whole(tmp_path):
    cut = wxr(item(), item(post_id="13", link="https://blog.example/13"), item())[:-300]
    with pytest.raises(DamagedError, match="2 “item” and 0 “comment” elements were complete"):
        read_all(tmp_path, cut)
    found = read_all(tmp_path, cut, accept_damaged=True)
    assert sum(isinstance(one, ArchivedArticle) for one in found) == 2
    assert codes(found) == ["damaged", "lost_items"]


def test_case_w6_blank_lines_and_a_mark_before_the_declaration_are_accepted(tmp_path):
    assert len(articles(tmp_path, "\n\n\ufeff" + wxr(item()))) == 1


def test_case_w7_control_bytes_do_not_end_the_import(tmp_path):
    found = read_all(tmp_path, wxr(item(comment(content="a\x03\x05b"))))
    assert found[0].comments[0].body == "<p>ab</p>"
    assert codes(found) == ["control_characters"]


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("<![CDATA[a ]]]]><![CDATA[> b]]>", "<p>a ]]> b</p>"),
        ("\n   <![CDATA[First!]]>\n", "<p>First!</p>"),
        ("<![CDATA[]]>", ""),
        ("  ", ""),
        ("<![CDATA[a <![CDATA[ b]]>", "<p>a <![CDATA[ b</p>"),
        ("<![CDATA[a ]] > b]]>", "<p>a ]] > b</p>"),
        ("a &lt;b&gt;<![CDATA[ c</b>]]> d", "<p>a <b> c</b> d</p>"),
    ],
)
def test_case_w8_cdata_is_read_to_the_letter(tmp_path, written, body):
    (found,) = articles(tmp_path, wxr(item(comment().replace("<![CDATA[Words.]]>", written))))
    assert found.comments[0].body == body


def test_case_w9_authors_are_found_in_any_case_or_stand_by_their_login(tmp_path):
    many = "".join(
        f"<wp:author><wp:author_id>{n}</wp:author_id><wp:author_login>u{n}</wp:author_login></wp:author>"
        for n in range(100, 400)
    )
    strange = item(post_id="2", link="https://blog.example/2").replace("anna", "Nobody Known")
    found = articles(tmp_path, wxr(item().replace(">anna<", ">ANNA<"), strange, head=many))
    assert [one.author_name for one in found] == ["Dr Anna", "Nobody Known"]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("publish", "published"),
        ("draft", "draft"),
        ("auto-draft", "draft"),
        ("pending", "pending"),
        ("private", "private"),
        ("future", "future"),
        ("trash", "trash"),
    ],
)
def test_case_w10_the_state_of_a_post_is_kept(tmp_path, status, state):
    assert article(tmp_path, status=status).state == state


def test_case_w10_a_password_makes_a_post_private(tmp_path):
    assert article(tmp_path, post_password="secret").state == "private"
    assert article(tmp_path, post_password="secret", status="draft").state == "draft"


def test_case_w10_an_unknown_state_is_a_draft_and_told(tmp_path):
    found = article(tmp_path, status="odd")
    assert (found.state, codes(found.remarks)) == ("draft", ["state_unknown"])


@pytest.mark.parametrize("kind", ["attachment", "nav_menu_item", "revision", "wp_navigation", "product"])
def test_case_w10_what_is_no_post_is_skipped_with_its_kind(tmp_path, kind):
    (found,) = read_all(tmp_path, wxr(item(post_type=kind)))
    assert found == SkippedItem(kind, "12", "not_a_post", "A post")


def test_case_w10_comments_of_what_is_no_post_are_told(tmp_path):
    found = read_all(tmp_path, wxr(item(comment("5"), comment("6"), post_type="attachment")))
    assert codes(found) == ["comments_left_out"]
    skipped = [(one.kind, one.source_id, one.code) for one in found if isinstance(one, SkippedItem)]
    assert skipped == [
        ("attachment", "12", "not_a_post"),
        *(("comment", "5", "no_post"), ("comment", "6", "no_post")),
    ]


def test_case_w10_pages_are_pages(tmp_path):
    assert article(tmp_path, post_type="page").kind == "page"


def test_case_w10_an_item_without_type_is_a_post_when_it_says_something(tmp_path):
    found = read_all(
        tmp_path,
        wxr(
            item(comment(), post_type=None, title="", post_id="1"),
            item(post_type=None, post_id="2"),
            item(post_type=None, title="", post_id="3"),
        ),
    )
    assert [type(one) for one in found] == [ArchivedArticle, ArchivedArticle, SkippedItem]


@pytest.mark.parametrize(("name", "title"), [("a-good-day", "A good day"), ("", "Untitled 12")])
def test_case_w10_what_has_no_title_gets_one(tmp_path, name, title):
    found = article(tmp_path, title="", post_name=name)
    assert (found.title, codes(found.remarks)) == (title, ["untitled"])


def test_case_w11_a_post_that_is_there_twice_is_one_article_with_all_comments(tmp_path):
    first, second = item(comment("1"), comment("2"), post_date=""), item(comment("2"), comment("3"))
    found = read_all(tmp_path, wxr(first, second))
    assert [one.key for one in found[0].comments] == ["1", "2", "3"]
    assert found[0].published_at is not None
    assert codes(found) == ["post_twice"]
    assert found[-1] == SkippedItem("post", "12", "post_twice", found[-1].excerpt)


def test_case_w12_the_same_title_and_date_are_two_articles(tmp_path):
    found = articles(
        tmp_path, wxr(item(), item(post_id="13", link="https://blog.example/2014/03/05/a-post-2/"))
    )
    assert [one.source_id for one in found] == ["12", "13"]


def test_case_w13_serialized_values_are_not_looked_at(tmp_path):
    meta = '<wp:postmeta><wp:meta_value>O:8:"Evil":0:{}</wp:meta_value></wp:postmeta>'
    (found,) = articles(tmp_path, wxr(item().replace("</item>", meta + "</item>")))
    assert "Evil" not in repr(found)


def test_case_q7_the_wxr_made_for_disqus_is_read(tmp_path):
    text = f"""<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dsq="http://www.disqus.com/"
     xmlns:wp="http://wordpress.org/export/1.0/"><channel><item><title>Foo bar</title>
     <link>https://blog.example/foo</link><dsq:thread_identifier>foo-1</dsq:thread_identifier>
     <wp:post_date_gmt>2010-09-20 09:13:44</wp:post_date_gmt>{comment("65")}{comment("66", parent="65")}
     </item></channel></rss>"""
    (found,) = articles(tmp_path, text)
    assert found.hints["thread_identifier"] == "foo-1"
    assert [one.parent_key for one in found.comments] == [None, "65"]
    assert found.blog_id == "blog.example"


def test_the_blog_and_all_addresses_of_a_post_are_known(tmp_path):
    found = article(tmp_path)
    assert (found.site_name, found.blog_id, found.language) == ("The Blog", "blog.example", "en")
    assert found.url == "https://blog.example/2014/03/05/a-post/"
    assert found.addresses == ["https://blog.example/?p=12"]


def test_an_address_without_host_belongs_to_the_blog(tmp_path):
    assert article(tmp_path, link="/2014/x/").url == "https://blog.example/2014/x/"


def test_only_wordpress_exports_are_recognised(tmp_path):
    assert not reader.recognises(b'<rss version="2.0"><channel><item/></channel></rss>', "a.xml")
    assert not reader.recognises(b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "a.xml")
    assert reader.recognises(wxr().encode("utf-16"), "a.xml")
    path = tmp_path / "feed.xml"
    path.write_text("<feed/>")
    with pytest.raises(RefusedError, match="<feed>"):
        list(reader.read(Source(path, path.name)))


def test_an_address_whose_ampersands_stand_alone_is_read_as_wordpress_writes_it(tmp_path):
    """WordPress writes `comment_author_url` by esc_url_raw, so that its `&` is not escaped."""
    address = "https://ben.example/?a=1&b=2&copy=3"
    records = read_all(tmp_path, wxr(item(comment("1", author_url=address), title="Q&A & &amp; more")))
    assert records[0].comments[0].author_url == address
    assert records[0].title == "Q&A & & more"
    assert codes(records) == ["ampersands"]


def test_an_ampersand_at_the_edge_of_a_piece_is_one(tmp_path):
    for filling in range(65_520, 65_545):
        body = "x" * filling
        text = wxr(item(body="", title=f"{body}&amp;&y")).replace("<title>The Blog</title>", "")
        assert articles(tmp_path, text)[0].title in {f"{body}&&y"[:500], body[:500]}


def test_windows_letters_in_a_file_that_says_latin_are_read_as_such(tmp_path):
    text = wxr(item(comment("1", content="“Grüße” – ja"))).replace("UTF-8", "ISO-8859-1")
    records = read_all(tmp_path, text.encode("cp1252"))
    assert records[0].comments[0].body == "<p>“Grüße” – ja</p>"
    assert codes(records) == ["encoding"]
    text = text.replace("“Grüße” – ja", "Grüße")
    assert codes(read_all(tmp_path, text.encode("latin-1"))) == []


def test_states_in_capitals_are_the_same_states(tmp_path):
    states = [comment(str(n), approved=state) for n, state in enumerate(("SPAM", "Trash", "HOLD"), 1)]
    assert [one.state for one in article(tmp_path, *states).comments] == ["spam", "removed", "held"]
