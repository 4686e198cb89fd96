"""Page numbers as they come in addresses: whatever stands there, some page is shown."""

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from forum.web.paging import page_of

ROWS = list(range(45))


def page(wanted: str | None, rows: object = ROWS, size: int = 20):
    query = {} if wanted is None else {"page": wanted}
    return page_of(RequestFactory().get("/", query), rows, size)


def test_page_holds_its_rows():
    assert list(page("2")) == ROWS[20:40]
    assert list(page("3")) == ROWS[40:]


@pytest.mark.parametrize(
    "wanted", [None, "", "x", "1.5", "2x", "٢x", "\0", "²", "1e1", "nan", "inf", "[]", " "]
)
def test_nonsense_is_the_first_page(wanted):
    assert page(wanted).number == 1


@pytest.mark.parametrize("wanted", ["4", "999999", str(10**30), "9" * 5000])
def test_too_large_is_the_last_page(wanted):
    assert page(wanted).number == 3


@pytest.mark.parametrize("wanted", ["-1", "0", "-0", "-999999", "-" + "9" * 5000])
def test_page_before_the_first_is_some_page_and_no_error(wanted):
    assert page(wanted).number in {1, 3}


def test_no_rows_are_one_empty_page():
    assert list(page("7", rows=[])) == []
    assert page("7", rows=[]).number == 1


@pytest.mark.parametrize("size", [0, -5])
def test_page_size_that_cannot_be_is_one(size):
    assert list(page("2", size=size)) == [1]


@given(st.text(max_size=40))
def test_any_text_at_all_gives_a_page(wanted):
    assert 1 <= page(wanted.encode(errors="ignore").decode()).number <= 3
