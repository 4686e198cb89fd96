"""The reply form: where it stands, what it says, and what it does to what is typed."""

import re

import pytest
from django.test import Client

from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Kind, State
from tests.make import form_of, load_comments, make_comment, send_reply

pytestmark = pytest.mark.django_db


def page_of(client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_form_stands_at_the_foot_of_the_article(article, stranger):
    load_comments(article, [None, 0])
    page = page_of(stranger, article.path)
    assert page.count('id="respond"') == 1
    assert page.index('id="respond"') > page.index("Archived words 1.")
    assert "Cancel" not in page
    assert form_of(stranger.get(article.path))["parent"] == ""


def test_the_form_moves_to_the_comment_that_is_answered(article, stranger):
    first, _reply, last = load_comments(article, [None, 0, None])
    page = page_of(stranger, f"{article.path}?replytocom={first.pk}")
    assert page.count('id="respond"') == 1
    assert page.index("Archived words 0.") < page.index('id="respond"') < page.index("Archived words 1.")
    assert "Reply to unnamed reader" in page
    assert form_of(stranger.get(f"{article.path}?replytocom={last.pk}"))["parent"] == str(last.pk)


def test_each_visible_comment_links_to_its_form(article, stranger):
    rows = load_comments(article, [None, 0])
    page = page_of(stranger, article.path)
    for row in rows:
        assert f'href="?replytocom={row.pk}#respond"' in page


def test_cancel_leads_back_to_the_comment(article, stranger):
    (row,) = load_comments(article, [None])
    page = page_of(stranger, f"{article.path}?replytocom={row.pk}")
    assert cancel(page).endswith(f"#comment-{row.pk}")
    assert "replytocom" not in cancel(page)


def cancel(page: str) -> str:
    return re.search(r'<a class="act" href="([^"]*)">Cancel', page)[1]


def test_cancel_on_a_later_page_keeps_the_readers_place(article, stranger):
    SitePolicy.objects.create(pk=1, roots_per_page=1)
    _first, second = load_comments(article, [None, None])
    page = page_of(stranger, f"{article.path}?replytocom={second.pk}")
    back = stranger.get(cancel(page), follow=True).content.decode()
    assert f'id="comment-{second.pk}"' in back


@pytest.mark.parametrize("number", ["nonsense", "0", "-1", "9" * 30, "", "%00", "٣", "1 OR 1=1"])
def test_a_comment_to_answer_that_is_nonsense_gives_the_ordinary_form_and_says_so(article, stranger, number):
    page = page_of(stranger, f"{article.path}?replytocom={number}")
    assert "The comment that you wanted to answer is not here" in page
    assert form_of(stranger.get(f"{article.path}?replytocom={number}"))["parent"] == ""


def test_an_own_held_reply_offers_no_form_that_would_be_refused(article, stranger):
    send_reply(stranger, article)
    own = Comment.objects.get()
    page = page_of(stranger, f"{article.path}?replytocom={own.pk}")
    assert f"?replytocom={own.pk}#respond" not in page
    assert form_of(stranger.get(f"{article.path}?replytocom={own.pk}"))["parent"] == ""


@pytest.mark.parametrize("kind", [Kind.PINGBACK, Kind.TRACKBACK])
def test_a_pingback_offers_no_form_that_would_be_refused(article, stranger, kind):
    (ping,) = load_comments(article, [None])
    Comment.objects.filter(pk=ping.pk).update(kind=kind)
    offered = f"?replytocom={ping.pk}#respond" in page_of(stranger, article.path)
    taken = send_reply(stranger, article, parent=ping.pk).status_code == 303
    assert offered == taken


def test_the_form_says_what_is_stored_and_that_the_address_is_never_shown(article, stranger):
    page = page_of(stranger, article.path)
    assert "your network address for 30 days" in page
    assert "about your health can be read by everybody" in page
    assert "Never shown." in page
    assert "need not be your real name" in page


def test_the_trap_is_out_of_reach_of_keyboard_and_screen_reader(article, stranger):
    page = page_of(stranger, article.path)
    trap = re.search(r'<div[^>]*class="trap"[^>]*>.*?name="website".*?>', page, re.DOTALL)[0]
    assert 'aria-hidden="true"' in trap
    assert 'tabindex="-1"' in trap


def test_each_error_is_tied_to_its_field(article, stranger):
    page = send_reply(stranger, article, "", name="").content.decode()
    for field in ("body", "name"):
        control = re.search(rf'<(?:input|textarea)[^>]*name="{field}"[^>]*>', page)[0]
        described = re.search(r'aria-describedby="([^"]*)"', control)[1].split()
        assert 'aria-invalid="true"' in control
        assert any(f'id="{name}"' in page and "error" in name for name in described)
        assert f'<a href="#id_{field}">' in page


SCRIPTS = [
    "<script>alert(1)</script>",
    "javascript:123",
    '<a href="javascript:123">x</a>',
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "http://x.example/\"onmouseover='alert(1)'",
    "https://x.example/<script>",
]


@pytest.mark.parametrize("body", SCRIPTS)
def test_markup_and_scripts_stay_text(article, stranger, body):
    send_reply(stranger, article, body, name=body[:60])
    reply = Comment.objects.get()
    page = page_of(stranger, article.path)
    assert reply.body_source == body
    words = re.search(r'<div class="prose">(.*?)</div>\s*</article>', page, re.DOTALL)[1]
    assert set(re.findall(r"<(\w+)", words)) <= {"p", "a", "br"}
    assert not re.search(r"<[^>]+(\son\w+=|javascript:)", words)
    assert "<script>" not in page


def test_web_addresses_become_links_that_give_no_credit(article, stranger):
    send_reply(stranger, article, "See (https://ms.example/a?b=1&c=2).")
    html = Comment.objects.get().body_html
    assert 'href="https://ms.example/a?b=1&amp;c=2"' in html
    for word in ("nofollow", "ugc", "noopener", "noreferrer"):
        assert word in html


def test_paragraphs_and_line_breaks_are_kept(article, stranger):
    send_reply(stranger, article, "\r\nOne\r\ntwo\r\n\r\nthree <3 p<0.05\r\n")
    reply = Comment.objects.get()
    assert reply.body_source == "One\ntwo\n\nthree <3 p<0.05"
    assert reply.body_html == "<p>One<br>\ntwo</p>\n<p>three &lt;3 p&lt;0.05</p>"


def test_control_characters_are_taken_out_and_nothing_else(article, stranger):
    send_reply(stranger, article, "a\x00b\x07c\x1b[31md\x7f\u0085e\tf 👩‍🦽", name="Ve\x00ra\u202e\n")
    reply = Comment.objects.get()
    assert (reply.body_source, reply.name_shown) == ("abc[31mde\tf 👩‍🦽", "Vera")


@pytest.mark.parametrize("field", ["form_key", "email", "website", "parent", "remember"])
def test_a_nul_in_any_other_field_is_no_error_of_ours(article, stranger, field):
    answer = send_reply(stranger, article, **{field: "a\x00b"})
    assert answer.status_code in {303, 422}


LONE = {
    "body": b"half +2AA- words",
    "name": b"Ve+2AA-ra",
    "form_key": b"+2AA-",
    "email": b"+2AA-@x.example",
    "website": b"+2AA-",
}


@pytest.mark.parametrize("field", LONE)
def test_a_lone_surrogate_in_any_field_is_no_error_of_ours(article, stranger, field):
    fields = {"body": b"Words.", "name": b"Vera"} | {field: LONE[field]}
    part = b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    sent = b"".join(part % (name.encode(), value) for name, value in fields.items()) + b"--b--\r\n"
    kind = "multipart/form-data; boundary=b; charset=utf-7"
    answer = stranger.generic("POST", f"{article.path}reply/", sent, content_type=kind)
    assert answer.status_code in {303, 400, 422}


def test_a_post_that_is_no_form_is_refused_in_a_page(article, stranger):
    answer = stranger.post(f"{article.path}reply/", data="{}", content_type="application/json")
    assert answer.status_code == 422
    assert "still empty" in answer.content.decode()


def test_the_refusal_shows_the_comment_that_is_answered(article, stranger):
    parent = make_comment(article, "Which stick do you use?")
    answer = send_reply(stranger, article, "", parent=parent.pk)
    assert "You answer Ann" in answer.content.decode()
    assert "Which stick do you use?" in answer.content.decode()
    assert form_of(answer)["parent"] == str(parent.pk)


def test_a_comment_that_may_not_be_seen_is_not_shown_in_the_refusal(article, stranger):
    held = make_comment(article, "Which stick do you use?", state=State.HELD)
    assert "Which stick" not in send_reply(Client(), article, "", parent=held.pk).content.decode()
