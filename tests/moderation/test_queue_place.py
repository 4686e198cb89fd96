"""The list stays where it is: what is decided leaves a strip, what comes is told of and never pushed in."""

import datetime

import pytest
from django.utils import timezone

from forum.moderation.models import Decision
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.states import State
from tests.make import make_comment
from tests.moderation.desk import cards, desk, following, hold, next_of, places, report, strips

pytestmark = pytest.mark.django_db
STATEMENTS = 12


def decide(client, act: str, comment, page: str):
    """Send the form of a comment as it stands on a page, and return the page that it leads to."""
    fields = {"comment": comment.pk, "decision": act, f"version-{comment.pk}": comment.version}
    answer = client.post("/moderation/decide/", fields | {"next": next_of(page, comment)})
    assert answer.status_code == 303
    return answer["Location"]


def test_case_x10_what_is_decided_leaves_a_strip_and_the_others_stay(article, mod):
    rows = [hold(article, f"Words {n}.") for n in range(4)]
    first = desk(mod)
    address = decide(mod, "approve", rows[1], first)
    assert address.endswith(f"#comment-{rows[2].pk}")
    again = desk(mod, address)
    assert places(again) == places(first) == [row.pk for row in rows]
    assert strips(again) == [rows[1].pk]
    assert "Approved by you: the comment by Ann." in again
    assert f'name="id" value="{Decision.objects.get().pk}"' in again


def test_case_x10_new_arrivals_are_told_of_and_not_pushed_in(article, mod):
    rows = [hold(article, f"Words {n}.") for n in range(3)]
    address = decide(mod, "approve", rows[0], desk(mod))
    assert "come since" not in desk(mod, address)
    late = [hold(article, f"Late words {n}.") for n in range(3)]
    Comment.objects.filter(pk=late[0].pk).update(held_at=timezone.now() - datetime.timedelta(days=9))
    page = desk(mod, address)
    assert places(page) == [row.pk for row in rows]
    assert "2 more have come since." in page
    assert "Late words" not in page
    assert late[0].pk in cards(desk(mod))


def test_the_last_one_leads_to_those_left_out_before_and_then_to_the_end(article, mod):
    one, two = hold(article, "One."), hold(article, "Two.")
    page = desk(mod)
    address = decide(mod, "approve", two, page)
    assert address.endswith(f"#comment-{one.pk}")
    address = decide(mod, "reject", one, desk(mod, address))
    assert address.endswith("#end")
    assert "All of these are decided, and nothing else waits." in desk(mod, address)


def test_when_all_is_decided_the_next_twenty_are_offered(article, mod):
    rows = [hold(article, f"Words {n}.") for n in range(23)]
    address = decide(mod, "approve", rows[0], desk(mod))
    mod.post("/moderation/decide/", {"comment": [row.pk for row in rows[1:20]], "decision": "approve"})
    page = desk(mod, address)
    assert strips(page) == [row.pk for row in rows[:20]]
    assert cards(desk(mod, following(page))) == [row.pk for row in rows[20:]]


def test_a_strip_says_who_decided_and_offers_undo_only_while_it_is_possible(article, mod, boss):
    row, other = hold(article), hold(article, "Other words.")
    address = decide(mod, "approve", other, desk(mod))
    boss.post("/moderation/decide/", {"comment": row.pk, "decision": "spam"})
    page = desk(mod, address)
    assert strips(page) == [row.pk, other.pk]
    assert "Marked as spam by boss: the comment by Ann." in page
    assert page.count("data-undo>") == 2
    Comment.objects.filter(pk=other.pk).update(version=9)
    assert desk(mod, address).count("data-undo>") == 1


def test_undo_brings_the_card_back_to_its_place(article, mod):
    rows = [hold(article, f"Words {n}.") for n in range(3)]
    address = decide(mod, "approve", rows[1], desk(mod))
    page = desk(mod, address)
    leads_to = page.partition("data-undo>")[2].partition('name="next" value="')[2].partition('"')[0]
    answer = mod.post("/moderation/undo/", {"id": Decision.objects.get().pk, "next": leads_to})
    assert answer["Location"].endswith(f"#comment-{rows[1].pk}")
    assert cards(desk(mod, answer["Location"])) == [row.pk for row in rows]


def test_what_left_the_queue_without_a_decision_is_a_strip_too(article, mod):
    row = hold(article)
    page = desk(mod)
    here = next_of(page, row).partition("#")[0]
    Comment.objects.filter(pk=row.pk).update(state=State.WITHDRAWN)
    assert "Not waiting any more: the comment by Ann." in desk(mod, here)


def test_a_reported_comment_waits_until_its_case_is_closed(article, mod):
    row = report(make_comment(article, "Reported words."))
    page = desk(mod, "tab=reported")
    assert cards(page) == [row.pk]
    address = decide(mod, "remove", row, page)
    assert strips(desk(mod, address)) == [row.pk]
    assert cards(desk(mod, "tab=reported")) == []


@pytest.mark.parametrize("show", ["abc", "-1.5", "1" * 400, ".".join("9" * 300), "%00", "0", "٣"])
def test_a_list_that_is_nonsense_is_no_list(article, mod, show):
    hold(article)
    assert mod.get(f"/moderation/?show={show}&since=abc").status_code == 200


@pytest.mark.parametrize("count", [2, 20])
@pytest.mark.parametrize("query", ["", "q=words", "show"])
def test_statements_do_not_grow_with_the_page(article, mod, count, query, django_assert_max_num_queries):
    parent = make_comment(article, "A parent.", parent=make_comment(article, "A root."))
    rows = [hold(article, f"Some words https://a.example/{n}", parent=parent) for n in range(count)]
    if query == "show":
        query = decide(mod, "approve", rows[0], desk(mod, "q=words"))
    desk(mod, query)
    with django_assert_max_num_queries(STATEMENTS):
        page = desk(mod, query)
    assert len(places(page)) == count


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "Nothing waits. Thank you."),
        ("tab=reported", "Nothing is reported."),
        ("tab=spam", "There is no spam."),
        ("q=nothing", "Nothing is like that."),
    ],
)
def test_an_empty_desk_says_so(db, mod, query, said):
    page = desk(mod, query)
    assert said in page
    assert 'id="bulk"' not in page


def test_the_tabs_count_what_is_there_on_every_page_of_the_desk(article, mod):
    for n in range(3):
        hold(article, f"Words {n}.")
    report(make_comment(article, "Reported."))
    for n in range(2):
        make_comment(article, f"Bought {n}.", state=State.SPAM)
    for address in ("/moderation/", "/moderation/decided/", "/moderation/claims/", "/moderation/keys/"):
        page = desk(mod, address)
        for tab, count in (("Held", 3), ("Reported", 1), ("Spam", 2)):
            assert f'{tab} <span class="count">{count}</span>' in page, (address, tab)
    held = [row.pk for row in article.comments.filter(state="held")]
    mod.post("/moderation/decide/", {"comment": held[:2], "decision": "spam"})
    assert 'Spam <span class="count">4</span>' in desk(mod)


@pytest.mark.parametrize(("hours", "alarm", "said"), [(30, 24, True), (20, 24, False), (999, 0, False)])
def test_the_desk_says_when_somebody_has_waited_too_long(article, mod, hours, alarm, said):
    SitePolicy.objects.create(pk=1, alarm_after_hours=alarm)
    row = hold(article)
    held = timezone.now() - datetime.timedelta(hours=hours)
    Comment.objects.filter(pk=row.pk).update(held_at=held)
    assert ("The oldest reply has waited" in desk(mod, "tab=spam")) == said


def test_all_of_a_filter_and_those_chosen_can_be_sent_without_script(article, mod):
    rows = [hold(article, f"Words {n}.") for n in range(2)]
    page = desk(mod, "q=words")
    for row in rows:
        assert f'type="checkbox" name="comment" value="{row.pk}" form="bulk"' in page
        assert f'name="version-{row.pk}" value="{row.version}" form="bulk"' in page
    assert 'name="filter" value="tab=held&q=words"' in page
    assert 'name="count" value="2"' in page
    assert "Those that are held, with the words “words”." in page
