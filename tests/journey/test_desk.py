"""The desk in a browser: by keys, by pointer and without script, and the list that stays where it is."""

import pytest
from playwright.sync_api import expect

from forum.moderation.models import Decision, Lease
from forum.threads.models import Comment
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.journey.served import site, there  # noqa: F401
from tests.make import load_comments, make_article, make_comment
from tests.moderation.desk import hold, make_guest, report

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
LOOK = 1500  # milliseconds after which desk.js says that somebody looks at what they rest on


def fill() -> list[int]:
    """Comments that wait, short and long, with and without what they answer; their numbers in order."""
    article = make_article("Walking sticks")
    rows = load_comments(article, [None, 0, 1, None])
    make_comment(article, "Refused.", author=(vera := make_guest()), name="Vera", state="rejected")
    held = [
        hold(article, "See https://sticks.example/ and www.more.example", author=vera, parent=rows[2]),
        hold(article, "It is a long story. " * 30, name="Ann"),
        hold(article, "שלום לכולם", name="דנה"),
        hold(article, "long" * 60, name="N" * 90),
        hold(article, "The last one.", name="Zoë"),
    ]
    report(make_comment(article, "Reported words.", name="Bob"))
    return [comment.pk for comment in held]


@pytest.fixture
def held(site) -> list[int]:  # noqa: F811
    """The numbers of five comments that wait."""
    return there(fill)


def states(numbers: list[int]) -> list[str]:
    """What has become of comments."""
    rows = there(lambda: dict(Comment.objects.filter(pk__in=numbers).values_list("pk", "state")))
    return [rows[number] for number in numbers]


def decisions() -> list[tuple]:
    """All decisions, oldest first."""
    return there(lambda: list(Decision.objects.order_by("pk").values_list("act", "comment", "reason")))


def card(page, number: int):
    """A comment's place on the page."""
    return page.locator(f"#comment-{number}")


def decided(page, number: int) -> None:
    """Wait until a strip stands where the comment waited."""
    expect(page.locator(f"[data-decided='{number}']")).to_be_visible()


def test_desk_pages_have_no_fault(people, held):
    page = people("moderator", **NARROW)
    page.goto("/moderation/")
    found = look(page, "desk-queue")
    for summary in ("Find and sort", "More"):
        page.locator("summary", has_text=summary).first.click()
    page.get_by_label("Choose").first.check()
    found += look(page, "desk-open")
    page.goto(f"/moderation/comments/{held[0]}/")
    found += look(page, "desk-comment")
    page.goto("/moderation/?tab=reported")
    found += look(page, "desk-reported")
    page.keyboard.press("?")
    found += look(page, "desk-keys", whole=False)
    page.goto("/moderation/?tab=spam&q=nothing")
    found += look(page, "desk-empty")
    page.goto("/moderation/")
    card(page, held[1]).get_by_role("button", name="Spam").click()
    decided(page, held[1])
    found += look(page, "desk-decided-one")
    page.goto("/moderation/decided/")
    found += look(page, "desk-decided")
    page.goto("/moderation/keys/")
    found += look(page, "desk-keys-page")
    assert found == page.faults == []


def boxes(page, numbers: list[int]) -> dict[int, dict]:
    """Where comments stand under the eyes, to the pixel."""
    found = {number: card(page, number).bounding_box() for number in numbers}
    return {number: {side: round(value) for side, value in box.items()} for number, box in found.items()}


def moved(before: dict[int, dict], after: dict[int, dict]) -> list[tuple[int, str]]:
    """What stands elsewhere by more than the one pixel to which a browser rounds where it scrolls to."""
    pairs = [(number, side) for number, box in after.items() for side in box]
    return [(number, side) for number, side in pairs if abs(after[number][side] - before[number][side]) > 1]


@pytest.mark.parametrize("at", [0, 2, 4])
def test_case_x10_a_decision_moves_nothing_under_the_pointer(people, held, at):
    page = people("moderator", viewport={"width": 1280, "height": 900})
    page.goto("/moderation/")
    card(page, held[at]).get_by_role("button", name="Approve").scroll_into_view_if_needed()
    others = [number for number in held if number != held[at]]
    before, own = boxes(page, others), boxes(page, [held[at]])
    assert moved(own, {held[at]: {"y": own[held[at]]["y"] + 2}}) == [(held[at], "y")]
    card(page, held[at]).get_by_role("button", name="Approve").click()
    decided(page, held[at])
    page.wait_for_load_state()
    assert moved(before | own, boxes(page, held)) == []
    page.reload()
    assert page.locator(".cards > [id^=comment-]").count() == len(held)


def test_case_x10_without_script_the_list_keeps_its_order_and_the_next_one_its_place(people, held):
    page = people("moderator", viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page.goto("/moderation/")
    sizes = {number: (box["width"], box["height"]) for number, box in boxes(page, held).items()}
    tops, article = [], there(lambda: Comment.objects.select_related("article").get(pk=held[0]).article)
    for n, number in enumerate(held[:-1]):
        there(hold, article, f"Late words {n}.")
        press(card(page, number).get_by_role("button", name="Approve"))
        order = page.locator(".cards > [id^=comment-]").evaluate_all("all => all.map(one => one.id)")
        assert order == [f"comment-{one}" for one in held]
        left = boxes(page, held[n + 1 :])
        assert {one: (box["width"], box["height"]) for one, box in left.items()} == {
            one: sizes[one] for one in left
        }
        tops.append(left[held[n + 1]]["y"])
    assert max(tops[:2]) - min(tops[:2]) <= 2
    expect(page.get_by_text("4 more have come since.")).to_be_visible()


def test_j_and_k_go_from_card_to_card_and_a_decides_the_one_in_focus(people, held):
    page = people("moderator")
    page.goto("/moderation/")
    for _ in range(3):
        page.keyboard.press("j")
    expect(card(page, held[2])).to_be_focused()
    page.keyboard.press("k")
    expect(card(page, held[1])).to_be_focused()
    page.keyboard.press("a")
    decided(page, held[1])
    expect(card(page, held[2])).to_be_focused()
    expect(page.get_by_role("status").filter(has_text="the comment by Ann.")).to_be_visible()
    assert states(held) == ["held", "visible", "held", "held", "held"]


def test_two_presses_of_a_key_decide_one(people, held):
    page = people("moderator")
    page.goto("/moderation/")
    page.keyboard.press("j")
    for _ in range(3):
        page.keyboard.press("a")
    decided(page, held[0])
    page.wait_for_load_state()
    assert [comment for _act, comment, _reason in decisions()] == [held[0]]


def test_r_asks_for_the_reason_and_enter_rejects(people, held):
    page = people("moderator")
    page.goto("/moderation/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    expect(card(page, held[0]).locator("[data-reason]")).to_be_focused()
    page.keyboard.type("Off topic, a j k s")
    page.keyboard.press("Enter")
    decided(page, held[0])
    assert decisions() == [("reject", held[0], "Off topic, a j k s")]


def test_u_takes_the_last_decision_back(people, held):
    page = people("moderator")
    page.goto("/moderation/")
    page.keyboard.press("j")
    page.keyboard.press("s")
    decided(page, held[0])
    page.wait_for_load_state()
    page.keyboard.press("u")
    expect(page.locator(f".case#comment-{held[0]}")).to_be_visible()
    assert states(held[:1]) == ["held"]


def test_keys_choose_search_open_and_explain(people, held):
    page = people("moderator")
    page.goto("/moderation/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(card(page, held[0]).get_by_label("Choose")).to_be_checked()
    expect(page.get_by_text("1 chosen")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Words")).to_be_focused()
    page.keyboard.type("ja?")
    expect(page.get_by_role("searchbox", name="Words")).to_have_value("ja?")
    page.keyboard.press("Tab")
    card(page, held[1]).focus()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("a")
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_be_hidden()
    assert decisions() == []
    with page.expect_navigation():
        page.keyboard.press("o")
    assert page.url.endswith(f"/moderation/comments/{held[1]}/")


def test_keys_with_modifiers_and_keys_switched_off_do_nothing(people, held):
    page, sent = people("moderator"), []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" and "lease" not in r.url else None)
    page.goto("/moderation/")
    page.keyboard.press("j")
    for key in ("Control+s", "Alt+a", "Meta+a"):
        page.keyboard.press(key)
    page.keyboard.press("?")
    page.get_by_label("Use these keys").uncheck()
    page.get_by_role("button", name="Close").click()
    card(page, held[0]).focus()
    page.keyboard.press("a")
    page.reload()
    card(page, held[0]).focus()
    page.keyboard.press("a")
    expect(page.locator("[aria-busy], [data-decided]")).to_have_count(0)
    assert sent == decisions() == []
    page.keyboard.press("?")
    page.get_by_label("Use these keys").check()
    page.get_by_role("button", name="Close").click()
    card(page, held[0]).focus()
    page.keyboard.press("a")
    decided(page, held[0])
    assert (len(sent), decisions()) == (1, [("approve", held[0], "")])


def test_who_rests_on_a_comment_is_seen_by_the_others_until_they_leave(people, held):
    page, other = people("moderator"), people("admin")
    page.clock.install()
    page.goto("/moderation/")
    with page.expect_response("**/moderation/lease/"):
        card(page, held[1]).focus()
        page.clock.fast_forward(LOOK)
    other.goto("/moderation/")
    expect(card(other, held[1]).get_by_text("moderator is looking at it until")).to_be_visible()
    page.goto("/")
    looks = other.get_by_text("is looking at it until")
    for _ in range(50):
        other.reload()
        if not looks.count():
            break
    expect(looks).to_have_count(0)
    assert not there(Lease.objects.exists)
