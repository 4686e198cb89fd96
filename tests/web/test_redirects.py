"""Where a form may send somebody afterwards: to this host and nowhere else."""

import pytest
from django.test import RequestFactory

from forum.web.redirects import SeeOther, safe_next

DEFAULT = "/moderation/"


def after(wanted: str | None, *, secure: bool = False) -> str:
    data = {} if wanted is None else {"next": wanted}
    return safe_next(RequestFactory().post("/moderation/decide/", data, secure=secure), DEFAULT)


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "/moderation/?page=2",
            "/2011/06/14/post/#comment-7",
            "/",
            "?page=2",
            "http://testserver/moderation/",
        ),
        *("/search/?q=http://a.example/", "/2011/06/14/ä/"),
    ],
)
def test_addresses_of_this_host_are_followed(wanted):
    assert after(wanted) == wanted


@pytest.mark.parametrize(
    "wanted",
    [
        *(
            "https://evil.example/",
            "//evil.example/",
            "///evil.example/",
            "////evil.example",
            "http:///evil.example",
        ),
        *(
            "/\\evil.example",
            "\\\\evil.example",
            "\\/evil.example",
            "http:\\\\evil.example",
            "https:evil.example",
        ),
        *("javascript:alert(1)", "data:text/html,x", "JaVaScRiPt:1", "ftp://testserver/", "vbscript:1"),
        *("http://testserver@evil.example/", "http://testserver.evil.example/", "http://testserver:81/"),
        *("\x01//evil.example", "\t//evil.example", "/\t/evil.example", "/\n/evil.example", "http://[evil/"),
        *(" //evil.example", " https://evil.example", "http://testserver\\@evil.example/"),
    ],
)
def test_foreign_addresses_are_refused(wanted):
    assert after(wanted) == DEFAULT


@pytest.mark.parametrize(
    ("wanted", "leads"), [("/a/", "/a/"), ("https://evil.example/", DEFAULT), ("//evil.example", DEFAULT)]
)
def test_a_page_passes_on_where_it_was_opened_from_and_the_form_has_the_last_word(wanted, leads):
    assert safe_next(RequestFactory().get("/moderation/", {"next": wanted}), DEFAULT) == leads
    typed = RequestFactory().post("/moderation/?next=/query/", {"next": wanted})
    assert safe_next(typed, DEFAULT) == leads


@pytest.mark.parametrize("wanted", [None, "", " "])
def test_no_address_leads_to_the_usual_page(wanted):
    assert after(wanted) == DEFAULT


def test_secure_page_is_not_left_for_an_insecure_one():
    assert after("http://testserver/moderation/", secure=True) == DEFAULT
    assert after("https://testserver/moderation/", secure=True) == "https://testserver/moderation/"


@pytest.mark.parametrize("wanted", ["/x\r\nSet-Cookie: a=b", "/x\nLocation: https://evil.example/"])
def test_line_end_in_an_address_makes_no_second_header(wanted):
    response = SeeOther(after(wanted))
    assert "\n" not in response["Location"]
    assert "Set-Cookie" not in response


def test_see_other_is_303():
    response = SeeOther("/moderation/")
    assert (response.status_code, response["Location"]) == (303, "/moderation/")
