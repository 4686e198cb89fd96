"""Filters of the queue: each picks its comments and no other, has an address, and says what it shows."""

import datetime

import pytest
from django.http import QueryDict
from django.utils import timezone

from forum.accounts.models import Author
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation.filters import FLAGS, SORTS, TABS, Filter
from forum.moderation.models_people import Note
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import load_comments, make_article, make_comment
from tests.moderation.desk import desk, hold, make_guest, report

pytestmark = pytest.mark.django_db
DESK = Viewer(user_id=1, rights=frozenset({MODERATE}))
LATE = datetime.timedelta(days=4)


def asked(query: str) -> Filter:
    """The filter of an address."""
    return Filter.of(QueryDict(query))


def texts(query: str) -> set[str]:
    """The words of the comments that a filter lets through."""
    return set(asked(query).rows(DESK).values_list("body_source", flat=True))


@pytest.fixture
def full(mod) -> dict[str, object]:
    """Comments of which every filter lets some through and some not."""
    stairs, sticks = make_article("Stairs"), make_article("Sticks")
    vera = make_guest()
    make_comment(stairs, "Refused words.", author=vera, name="Vera", state=State.REJECTED)
    hold(stairs, "A link https://a.example/", author=vera)
    hold(sticks, "Plain words.", name="Zoë")
    answered = hold(sticks, "With a reply.", name="Ann")
    child = make_comment(sticks, "Below.", parent=make_comment(sticks, "Above."))
    Comment.objects.filter(pk=child.pk).update(body_source="unused")
    Comment.objects.filter(pk=answered.pk).update(rght=4)
    report(make_comment(sticks, "Reported."))
    make_comment(sticks, "Bought here.", state=State.SPAM)
    Note.objects.create(author=vera, by=mod.user, text="Again.")
    Comment.objects.filter(body_source="Plain words.").update(held_at=timezone.now() - LATE)
    rows = load_comments(stairs, [None])
    Comment.objects.filter(pk=rows[0].pk).update(
        state=State.HELD, held_at=timezone.now(), body_source="Archived."
    )
    return {"stairs": stairs, "sticks": sticks, "vera": vera}


HELD = {"A link https://a.example/", "Plain words.", "With a reply.", "Archived."}


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("", HELD),
        ("tab=held", HELD),
        ("tab=reported", {"Reported."}),
        ("tab=spam", {"Bought here."}),
        ("q=plain", {"Plain words."}),
        ("q=zoë", {"Plain words."}),
        ("q=PLAIN%00", {"Plain words."}),
        ("person=ver", {"A link https://a.example/"}),
        ("older=72", {"Plain words."}),
        ("older=168", set()),
        ("reason=new", HELD - {"Archived."}),
        ("reason=link", {"A link https://a.example/"}),
        ("reason=never_heard_of", set()),
        ("flag=link", {"A link https://a.example/"}),
        ("flag=guest", HELD - {"Archived."}),
        ("flag=refused_before", {"A link https://a.example/"}),
        ("flag=newcomer", HELD - {"Archived."}),
        ("flag=noted", {"A link https://a.example/"}),
        ("flag=answered", {"With a reply."}),
        ("flag=guest&flag=answered", {"With a reply."}),
        ("flag=link&q=plain", set()),
    ],
)
def test_a_filter_lets_through_what_it_names(full, query, wanted):
    assert texts(query) == wanted


def test_an_article_and_an_author_are_named_by_number(full):
    assert texts(f"article={full['sticks'].pk}") == {"Plain words.", "With a reply."}
    assert texts(f"author={full['vera'].pk}") == {"A link https://a.example/"}


EVERYTHING = [
    *(f"tab={tab}" for tab in TABS),
    *(f"sort={sort}" for sort in SORTS),
    *(f"flag={flag}" for flag in FLAGS),
    "article=3&author=7&person=V%C3%A9ra&q=a+%26+b%3D%22&older=24&reason=link&flag=noted&flag=link&sort=risk",
]


@pytest.mark.parametrize("query", EVERYTHING)
def test_an_address_goes_round(query):
    wanted = asked(query)
    assert wanted.unknown == ()
    assert asked(wanted.query()) == wanted
    assert asked(wanted.query()).query() == wanted.query()
    assert wanted != Filter() or query in {"tab=held", "sort=oldest"}


def test_the_same_filter_has_one_address_whatever_the_order_of_its_parts():
    one, other = asked("q=a&flag=noted&flag=link&tab=held"), asked("tab=held&flag=link&q=a&flag=noted")
    assert one.query() == other.query()
    assert Filter().query() == "tab=held"


@pytest.mark.parametrize(
    "query",
    [
        "tab=nonsense",
        "article=abc",
        "article=-1",
        "article=" + "9" * 40,
        "author=1.5",
        "author=٣",
        "older=25",
        "sort=worst",
        "reason=<b>",
        "flag=nothing",
        "q=%00%00",
    ],
)
def test_nonsense_is_left_out_and_said_in_one_sentence(mod, article, query):
    hold(article)
    name = query.partition("=")[0]
    assert asked(query).unknown == (name,)
    page = desk(mod, query)
    assert f"left out: {name}." in page
    assert "1 comment is held" in page


def test_words_are_cut_and_freed_of_control_characters():
    assert asked("q=" + "x" * 500).q == "x" * 100
    assert asked("q=a%00%1Fb%0Ac").q == "ab c"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "held"),
        ("flag=guest&flag=link", "held, with a link, by guests"),
        ("tab=spam&q=pills&older=24", "marked as spam, with the words “pills”, waiting for more than a day"),
        ("tab=reported&reason=honeypot", "reported, because of: A hidden field was filled in"),
        ("person=vera&reason=some_rule", "held, by somebody called “vera”, because of: some rule"),
    ],
)
def test_a_filter_says_what_it_shows(query, sentence):
    assert asked(query).sentence() == sentence


def test_the_sentence_names_article_and_author(full):
    wanted = asked(f"article={full['stairs'].pk}&author={full['vera'].pk}")
    assert wanted.sentence() == "held, by “Vera”, in “Stairs”"
    assert wanted.sentence("Other", "Name") == "held, by “Name”, in “Other”"
    assert asked("article=999999").sentence() == "held, in “999999”"


def test_readers_see_through_no_filter_what_they_may_not_read(full):
    assert not Filter().rows(Viewer(user_id=2)).exists()
    assert Filter().rows(DESK).count() == len(HELD)


def test_a_filter_that_leaves_nothing_out_is_the_whole_tab():
    assert asked("tab=spam&sort=newest").is_whole_tab
    assert not asked("q=a").is_whole_tab
    assert not asked("flag=link").is_whole_tab
    assert Author.objects.count() == 0
