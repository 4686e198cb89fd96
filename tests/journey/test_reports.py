"""Readers report, strangers ask for words to go, a wave of spam is cleared; each page without a fault."""

import datetime

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from forum.accounts.models import Author, User
from forum.accounts.viewer import Viewer
from forum.articles.models import Article
from forum.moderation import bans, cases, decisions, reports, takedowns
from forum.moderation.models import Case, RuleHit
from forum.posting import replies
from forum.text.render import render
from forum.threads import tree, writing
from forum.threads.models import Comment, Private
from forum.threads.writing import Draft
from tests.archive import archived_comment, archived_person
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.journey.served import site, there  # noqa: F401
from tests.make import make_article, make_comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
LONG = "Gwendolyn-Maria Papadopoulou-Featherstonehaugh"
WAVE, BY_THE_ACT = 500, 20


def fill() -> Article:
    """An article with an archived comment that is answered by name, and one that nobody should read."""
    article = make_article("On walking sticks and how to fall well")
    old = archived_comment(article, archived_person("Vasilis"), name="Vasilis")
    make_comment(article, "Vasilis is right, I fell, too.", parent=old, name="Ann")
    make_comment(article, "My sticks heal the nerves. Write to me.", name=LONG, ip="203.0.113.7", parent=old)
    return article


def wave(article: Article) -> None:
    """Five hundred replies of robots and one of a person among them.

    Some come through the act of replying, and more of the same stand as it leaves them.
    """
    for n in range(BY_THE_ACT):
        draft = Draft(offer(n), f"Seller {n}", ip=f"203.0.113.{n % 250}")
        made = replies.submit_reply(article, None, draft, replies.Sender(Viewer(), None))
    more(made, range(BY_THE_ACT, WAVE))
    replies.submit_reply(article, None, Draft("I fell again.", "Vera"), replies.Sender(Viewer(), None))


def offer(n: int) -> str:
    """What a robot writes."""
    return f"Cheap sticks, offer {n}: https://sticks-{n}.example/"


def more(first: Comment, offers: range) -> None:
    """Further robots' replies that wait as the first one does, each with writer, private part and case."""
    sellers = Author.objects.bulk_create(Author(kind=first.author.kind, name=f"Seller {n}") for n in offers)
    hits = list(first.cases.get().hits.all())
    with tree.locked(first.article_id) as article:
        numbers = tree.take_numbers(len(offers))
        rows = [
            Comment(
                pk=number,
                article=article,
                order_key=first.order_key + n,
                state=first.state,
                origin=first.origin,
                author=seller,
                name_shown=seller.name,
                body_source=offer(n),
                body_html=render(offer(n)),
                posted_at=first.posted_at,
                received_at=first.received_at,
                risk=first.risk,
                own_key=f"robot-{n}",
            )
            for n, number, seller in zip(offers, numbers, sellers, strict=True)
        ]
        writing.load(article, rows)
        Private.objects.bulk_create(Private(comment_id=number, ip="203.0.113.9") for number in numbers)
        cases.open_cases(numbers, Case.Cause.NEW)
    found = list(Case.objects.filter(comment__in=numbers))
    RuleHit.objects.bulk_create(RuleHit(case=case, rule=hit.rule) for case in found for hit in hits)


def test_a_reader_reports_and_a_moderator_removes(people, site):  # noqa: F811
    article = there(fill)
    reader, desk = people(), people("moderator")
    reader.goto(article.path)
    press(reader.get_by_role("link", name=f"Report the comment by {LONG}"))
    press(reader.get_by_role("button", name="Report", exact=True))
    expect(reader.get_by_role("alert")).to_contain_text("Please choose what is wrong with it.")
    reader.get_by_label("Its advice could harm").check()
    reader.get_by_label("In your own words (optional)").fill("Nerves do not heal from sticks.")
    press(reader.get_by_role("button", name="Report", exact=True))
    expect(reader.get_by_role("heading", name="Thank you")).to_be_visible()
    desk.goto("/moderation/?tab=reported")
    expect(desk.get_by_text("Nerves do not heal from sticks.")).to_be_visible()
    desk.get_by_role("button", name="Remove comment").first.click()
    expect(desk.get_by_text("Removed").first).to_be_visible()
    reader.goto(article.path)
    expect(reader.get_by_text("My sticks heal the nerves.")).to_have_count(0)
    assert [fault for fault in reader.faults if "422" not in fault] == desk.faults == []


def test_a_stranger_asks_and_the_words_are_gone_for_good(people, site):  # noqa: F811
    article = there(fill)
    stranger, desk = people(java_script_enabled=False), people("moderator")
    stranger.goto(article.path)
    press(stranger.get_by_role("link", name="Take down the comment by Vasilis"))
    stranger.get_by_label("Erase what I wrote").check()
    stranger.get_by_label("Why, and how can a moderator know").fill("I was ill when I wrote it.")
    stranger.get_by_label("E-mail for the answer (optional)").fill("vasilis@mail.example")
    press(stranger.get_by_role("button", name="Send the request"))
    expect(stranger.get_by_role("heading", name="Your request is here")).to_be_visible()
    desk.goto("/moderation/?tab=takedowns")
    press(desk.get_by_role("link", name="Look and answer"))
    desk.get_by_label("Your answer (optional)").fill("It is gone. All the best.")
    press(desk.get_by_role("button", name="Go on"))
    expect(desk.get_by_role("heading", name="This cannot be taken back")).to_be_visible()
    expect(desk.get_by_text("2 replies stay")).to_be_visible()
    press(desk.get_by_role("button", name="Erase for good"))
    expect(desk.get_by_text("Erased, and the request is answered.")).to_be_visible()
    stranger.goto(article.path)
    expect(stranger.get_by_text("A comment stood here.")).to_be_visible()
    expect(stranger.get_by_text("Archived words 0.")).to_have_count(0)
    expect(stranger.get_by_text("Vasilis is right, I fell, too.")).to_be_visible()
    assert stranger.faults == desk.faults == []


def test_a_wave_of_five_hundred_is_held_and_cleared(people, site):  # noqa: F811
    article = there(fill)
    there(lambda: wave(article))
    assert there(lambda: Comment.objects.filter(state="held").count()) == WAVE + 1
    reader, desk = people(), people("moderator")
    reader.goto(article.path)
    expect(reader.get_by_text("Cheap sticks")).to_have_count(0)
    desk.goto("/moderation/?q=Cheap+sticks")
    desk.get_by_text(f"All {WAVE} of this filter").click()
    press(desk.locator(".bulk-all").get_by_role("button", name="Spam"))
    expect(desk.get_by_role("heading", name=f"Spam {WAVE} comments?")).to_be_visible()
    press(desk.get_by_role("button", name="Spam"))
    expect(desk.get_by_text(f"Marked as spam: {WAVE} comments.")).to_be_visible()
    rest = there(lambda: list(Comment.objects.filter(state="held").values_list("name_shown", flat=True)))
    assert rest == ["Vera"]
    assert desk.faults == []


def talk() -> dict[str, int]:
    """What the pages are looked at with: reports, requests at a comment and nowhere, bans of all kinds."""
    article, mod = fill(), User.objects.get(username="moderator")
    old, ad = (article.comments.get(name_shown=name) for name in ("Vasilis", LONG))
    archived_comment(make_article("Another"), old.author, name="Vasilis")
    person = Author.objects.get(user__username="reader")
    for n, reason in enumerate(("spam", "spam", "harm", "other")):
        by = reports.Reporter(person if not n else None, str(n), not n)
        reports.report(ad.pk, by, reason, "It promises what nobody can keep. " * n)
    why = "I was ill.\n\n" + "x" * 90
    at = takedowns.ask(takedowns.Asked("unname", why, "Vasilis", "v@x.example", old.pk))
    takedowns.ask(takedowns.Asked("erase", "Please. " * 60, where="https://old.example/" + "long" * 40))
    order = bans.Order("week", decisions.Grounds(reason="A wave of robots."), person=False)
    bans.over_many("network", "198.51.100.0/24", order, mod)
    bans.over_many("domain", "spam.example", order, mod)
    bans.over_many("network", "2001:db8:1:2::/64", order, mod)
    long_ago = timezone.now() - datetime.timedelta(days=31)
    bans.standing().filter(value="198.51.100.0/24").update(until=long_ago)
    bans.purge()
    return {"ad": ad.pk, "old": old.pk, "request": at.pk}


def test_the_pages_of_reports_requests_and_bans_have_no_fault(people, site):  # noqa: F811
    numbers = there(talk)
    reader, boss = people(**NARROW), people("admin", **NARROW)
    found: list[str] = []
    looked_at = [
        (reader, there(lambda: Comment.objects.get(pk=numbers["ad"]).article.path), "article-reported"),
        (reader, "/reported/?danger=1", "reported"),
        (reader, "/take-down/asked/", "asked"),
        (boss, "/moderation/?tab=reported", "queue-reported"),
        (boss, "/moderation/?tab=takedowns", "queue-takedowns"),
        (boss, "/moderation/requests/", "requests"),
        (boss, f"/moderation/requests/{numbers['request']}/", "request"),
        (boss, "/moderation/bans/", "bans-many"),
        (boss, f"/moderation/comments/{numbers['ad']}/ban/", "ban-reported"),
    ]
    for page, address, name in looked_at:
        page.goto(address)
        found += look(page, name)
    for address, button, name in (
        (f"/comments/{numbers['ad']}/report/", "Report", "report"),
        (f"/comments/{numbers['old']}/take-down/", "Send the request", "take-down"),
        ("/take-down/", "Send the request", "take-down-anywhere"),
    ):
        reader.goto(address)
        found += look(reader, name)
        press(reader.get_by_role("button", name=button, exact=True))
        found += look(reader, f"{name}-refused")
    boss.goto(f"/moderation/requests/{numbers['request']}/")
    press(boss.get_by_role("button", name="Go on"))
    found += look(boss, "request-sure")
    boss.goto("/moderation/bans/add/")
    found += look(boss, "ban-many")
    boss.get_by_label("A domain of e-mail addresses").check()
    boss.get_by_label("Network or domain").fill("gmail.com")
    boss.get_by_label("In your own words").fill("Many robots.")
    press(boss.get_by_role("button", name="Ban", exact=True))
    found += look(boss, "ban-many-refused")
    assert found == []
