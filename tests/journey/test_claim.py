"""A reader claims an archived comment, a moderator confirms it, the page of the person shows it."""

import pytest
from playwright.sync_api import expect

from forum.accounts.models import Author, Mute, User
from forum.moderation.models import Claim
from tests.archive import archived_comment, archived_person
from tests.journey.looks import NARROW, look
from tests.make import make_article, make_comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WORDS = "I held the forum on sticks, and my wife can say so."


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def options(request):
    return {"java_script_enabled": request.param}


@pytest.fixture
def talk(db):
    """An article on which Vasilis wrote twice before it was archived, and a guest since."""
    article = make_article("On walking sticks")
    vasilis = archived_person("Vasilis")
    for written in ("a Tuesday in June 2011", ""):
        old = archived_comment(article, vasilis, posted_as_written=written)
    guest = Author.objects.create(
        kind=Author.Kind.GUEST, name="Gwendolyn-Maria Papadopoulou-Featherstonehaugh"
    )
    text = "I bought a folding one last winter. It has seen more of the town than I have. " * 3
    reply = make_comment(article, text, name=guest.name, author=guest, parent=old)
    make_comment(article, "The green one is at the fishmonger's.", name="Ann", parent=reply)
    return article


def test_archived_words_are_claimed_confirmed_and_shown_and_the_confirmation_is_taken_back(
    people, talk, options
):
    reader, moderator = people("reader", **options), people("moderator", **options)
    visitor = people(**options)
    reader.goto(talk.path)
    reader.get_by_role("link", name="These are my words").first.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text("Did you write this?")
    reader.get_by_label("How can a moderator know?").fill(WORDS)
    reader.get_by_role("button", name="These are my words").click()
    expect(reader.get_by_text("Thank you. A moderator will look at it.")).to_be_visible()

    moderator.goto("/moderation/")
    moderator.get_by_role("link", name="Claims 1").click()
    expect(moderator.get_by_role("heading", level=1)).to_have_text("1 claim waits")
    expect(moderator.get_by_text(WORDS)).to_be_visible()
    expect(moderator.get_by_text("wrote 1 more comment")).to_be_visible()
    moderator.get_by_role("button", name="Grant the claim of reader").click()
    expect(moderator.get_by_text("Granted: reader wrote this.")).to_be_visible()

    visitor.goto(talk.path)
    visitor.get_by_role("link", name="Vasilis").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Reader")
    expect(visitor.locator(".said")).to_have_count(2)
    expect(visitor.locator(".said .tag", has_text="archived")).to_have_count(2)
    visitor.get_by_role("link", name="On walking sticks").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("On walking sticks")

    moderator.get_by_role("button", name="Take back").click()
    expect(moderator.get_by_text("waits again.")).to_be_visible()
    visitor.goto(talk.path)
    visitor.get_by_role("link", name="Vasilis").first.click()
    expect(visitor.get_by_role("heading", level=1)).to_have_text("Vasilis")
    assert all(page.faults == [] for page in (reader, moderator, visitor))


def test_a_person_is_muted_looked_at_and_heard_again(people, talk, options):
    reader = people("reader", **options)
    reader.goto(talk.path)
    reader.get_by_role("link", name="Gwendolyn").first.click()
    reader.get_by_role("button", name="Mute this person").click()
    expect(reader.get_by_text("You muted this person.")).to_be_visible()
    reader.goto(talk.path)
    words = reader.get_by_text("I bought a folding one")
    expect(words).to_be_hidden()
    expect(reader.get_by_text("The green one")).to_be_visible()
    reader.locator("summary", has_text="You muted this person.").focus()
    reader.keyboard.press("Enter")
    expect(words).to_be_visible()
    reader.goto("/people/muted/")
    reader.get_by_role("button", name="Stop muting Gwendolyn").click()
    expect(reader.get_by_text("You have muted nobody.")).to_be_visible()
    reader.goto(talk.path)
    expect(words).to_be_visible()
    assert reader.faults == []


def test_the_pages_of_persons_and_claims_have_no_fault(people, talk):
    visitor, reader, moderator = (people(name, **NARROW) for name in (None, "reader", "moderator"))
    guest, vasilis = Author.objects.get(kind="guest"), Author.objects.get(kind="archived")
    user, desk = User.objects.get(username="reader"), User.objects.get(username="moderator")
    first, second = talk.comments.filter(author=vasilis).order_by("pk")
    Mute.objects.create(owner=user, author=guest)
    Claim.objects.create(comment=first, by=user, text=f"{WORDS} {'long' * 60}")
    Claim.objects.create(comment=second, by=desk)
    gone = {"granted": False, "decided_by": desk, "decided_at": first.received_at}
    Claim.objects.create(comment=first, by=desk, **gone)
    looked_at = [
        (visitor, f"/people/{vasilis.pk}/", "person-visitor"),
        (reader, f"/people/{vasilis.pk}/", "person-reader"),
        (reader, f"/people/{guest.pk}/", "person-muted"),
        (reader, "/people/muted/", "muted"),
        (moderator, "/people/muted/", "muted-none"),
        (reader, talk.path, "thread-muted"),
        (reader, f"/comments/{second.pk}/claim/", "claim"),
        (reader, f"/comments/{first.pk}/claim/", "claim-waits"),
        (moderator, "/moderation/claims/", "claims"),
        (moderator, "/moderation/claims/decided/", "claims-decided"),
    ]
    found = []
    for page, address, name in looked_at:
        page.goto(address)
        found += look(page, name)
    reader.goto(talk.path)
    reader.locator(".muted > summary").click()
    assert found + look(reader, "thread-unfolded") == []
