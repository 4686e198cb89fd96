"""The comments of a WXR file: kinds, states, ids and authors (cases C1 to C3, C8 to C20)."""

import pytest

from tests.importing.wxr.samples import article, articles, codes, comment, item, one_comment, tree, wxr


@pytest.mark.parametrize(
    ("written", "kind"),
    [("", "comment"), ("comment", "comment"), ("pingback", "pingback"), ("trackback", "trackback")],
)
def test_case_c1_comments_and_pings_have_their_kinds(tmp_path, written, kind):
    assert one_comment(tmp_path, type=written).kind == kind


@pytest.mark.parametrize("written", ["order_note", "review", "note", "webmention"])
def test_case_c1_other_types_are_skipped_with_the_reason(tmp_path, written):
    found = article(tmp_path, comment("1"), comment("2", type=written))
    assert [one.key for one in found.comments] == ["1"]
    (skipped,) = found.skipped
    assert (skipped.kind, skipped.source_id, skipped.code) == (written, "2", "not_a_comment")


@pytest.mark.parametrize(
    ("written", "state"),
    [
        ("1", "visible"),
        (" <![CDATA[1]]>\n", "visible"),
        ("0", "held"),
        ("hold", "held"),
        ("spam", "spam"),
        ("trash", "removed"),
        ("post-trashed", "removed"),
    ],
)
def test_case_c2_states_are_kept_apart(tmp_path, written, state):
    found = article(tmp_path, comment(approved=written))
    assert (found.comments[0].state, found.remarks) == (state, [])


@pytest.mark.parametrize("written", ["", "approve", "yes", "11"])
def test_case_c2_an_unknown_state_is_held_and_told(tmp_path, written):
    found = article(tmp_path, comment(approved=written))
    assert (found.comments[0].state, codes(found.remarks)) == ("held", ["state_unknown"])


def test_case_c3_what_is_trashed_or_held_is_counted_apart(tmp_path):
    found = article(tmp_path, *(comment(str(n), approved=a) for n, a in enumerate(["1", "0", "trash"], 1)))
    assert [one.state for one in found.comments] == ["visible", "held", "removed"]


def test_case_c8_one_id_with_two_texts_is_two_comments(tmp_path):
    found = article(tmp_path, comment("5", content="One."), comment("5", content="Two."), comment("6", "5"))
    assert tree(found.comments) == [("5", None), ("6", "5"), ("5#2", None)]
    assert codes(found.remarks) == ["id_twice"]
    assert found.comments[2].hints["id_as_written"] == "5"


def test_case_c8_the_same_comment_twice_is_one_and_the_less_public(tmp_path):
    found = article(tmp_path, comment("5"), comment("5", approved="spam"))
    assert [(one.key, one.state) for one in found.comments] == [("5", "spam")]


def test_case_c9_the_same_id_under_two_posts_stays_with_each(tmp_path):
    found = articles(
        tmp_path, wxr(item(comment("5")), item(comment("5"), post_id="13", link="https://blog.example/13"))
    )
    assert [[one.key for one in post.comments] for post in found] == [["5"], ["5"]]


@pytest.mark.parametrize("number", ["", "0"])
def test_case_c10_comments_without_id_stay_all_and_are_told(tmp_path, number):
    thanks = comment(number, content="Thanks!")
    found = article(tmp_path, thanks, thanks, comment("4"))
    assert [one.has_id for one in found.comments].count(False) == 2
    assert len({one.key for one in found.comments}) == 3
    assert codes(found.remarks) == ["no_ids"]


def test_case_c11_two_anonymous_comments_of_the_same_second_both_stay(tmp_path):
    found = article(tmp_path, comment("1", author=""), comment("2", author=""))
    assert [one.key for one in found.comments] == ["1", "2"]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("", ""),
        ("   ", ""),
        ("Anonymous", "Anonymous"),
        ("<![CDATA[<b>Bob</b>]]>", "Bob"),
        ("<![CDATA[O&#039;Brien &amp; Co]]>", "O'Brien & Co"),
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("<![CDATA[<3 Anna]]>", "<3 Anna"),
        ("x" * 300, "x" * 100),
        ("\u202eevil", "evil"),
        ("A\n  B", "A B"),
    ],
)
def test_case_c14_names_are_safe_and_kept_as_written_beside(tmp_path, written, shown):
    found = one_comment(tmp_path, author=written)
    assert found.author_name == shown
    assert ("author_name" in found.hints) == (shown in {"Bob", "O'Brien & Co", "x" * 100, "evil", "A B"})


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("https://ben.example/", "https://ben.example/"),
        ("http://", ""),
        ("javascript:alert(1)", ""),
        ("javascript:123", ""),
        ("ben.example", ""),
        ("https://ben.example/" + "x" * 2000, ""),
    ],
)
def test_case_c15_addresses_are_web_addresses_or_dropped(tmp_path, written, address):
    found = one_comment(tmp_path, author_url=written)
    assert found.author_url == address
    assert ("author_url" in found.hints) == (not address and written != "http://")


def test_case_c15_an_address_that_is_an_email_goes_nowhere(tmp_path):
    assert "@" not in repr(one_comment(tmp_path, author_url="mailto:ben@reader.example"))


def test_case_c16_a_user_id_is_a_key_within_the_blog_and_no_account(tmp_path):
    assert one_comment(tmp_path, user_id="1").author_key == "login:1"
    assert one_comment(tmp_path, user_id="0").author_key == ""
    assert one_comment(tmp_path, user_id="").author_key == ""


def test_case_c17_the_author_of_the_post_is_known_by_id_or_email(tmp_path):
    found = article(
        tmp_path,
        comment("1", user_id="7"),
        comment("2", author_email="ANNA@blog.example\n"),
        comment("3", author="Dr Anna"),
        comment("4", author_email=""),
    )
    assert [one.by_blog_author for one in found.comments] == [True, True, False, False]


def test_case_c17_without_an_author_nobody_is_the_author(tmp_path):
    (found,) = articles(tmp_path, wxr(item(comment(author_email="")).replace(">anna<", "><")))
    assert not found.comments[0].by_blog_author


def test_case_c18_no_date_is_made_up(tmp_path):
    assert one_comment(tmp_path, date="", date_gmt="").posted_at is None


def test_case_c19_no_email_and_no_ip_gets_into_a_record(tmp_path):
    found = repr(
        article(tmp_path, comment("1", agent="Mozilla"), comment("2", "9", author_email="x@y.example"))
    )
    assert not any(secret in found for secret in ("@", "192.0.2.9", "Mozilla"))


def test_case_c19_a_name_that_is_an_email_is_cut_before_the_at(tmp_path):
    found = article(tmp_path, comment(author="ben@reader.example"))
    assert found.comments[0].author_name == "ben"
    assert "@" not in repr(found)


def test_case_c20_meta_of_comments_is_ignored(tmp_path):
    meta = "<wp:commentmeta><wp:meta_key>akismet_result</wp:meta_key></wp:commentmeta></wp:comment>"
    (found,) = articles(tmp_path, wxr(item(comment().replace("</wp:comment>", meta))))
    assert "akismet" not in repr(found)
