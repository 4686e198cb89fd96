"""A moderator answers, notes, bans and lifts, with and without script; each page in each size."""

import pytest
from playwright.sync_api import expect

from forum.accounts.models import Author, User
from forum.accounts.writing import trust
from forum.moderation import bans, notes
from forum.moderation.decisions import Grounds, decide
from forum.moderation.models_people import CannedReply, Reason
from forum.threads.models import Comment
from tests.archive import archived_person
from tests.journey.hands import press
from tests.journey.looks import NARROW, look
from tests.make import make_article, make_comment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Gwendolyn-Maria Papadopoulou-Featherstonehaugh"
WORDS = "My neighbour sells sticks that heal the nerves. Write to me and I tell you where. " * 3


@pytest.fixture(params=[True, False], ids=["with-javascript", "without-javascript"])
def options(request):
    return {"java_script_enabled": request.param}


@pytest.fixture
def talk(db):
    """A guest with words in all states, and the sentences of a desk."""
    article = make_article("On walking sticks and how to fall well")
    person = Author.objects.create(kind=Author.Kind.GUEST, name=LONG)
    first = make_comment(article, "What about my knee? It gives way on stairs.", name="Vera")
    for state in ("visible", "removed", "held", "held"):
        values = {"name": LONG, "author": person, "email": "g@mail.example", "parent": first}
        make_comment(article, WORDS, state=state, **values)
    Reason.objects.all().delete()
    Reason.objects.create(code="ads", title="Advertising", text="We keep this place free of advertising.")
    CannedReply.objects.all().delete()
    text = "Hello {name},\n\nthank you for asking under “{article}”. Please ask your doctor."
    CannedReply.objects.create(title="Please ask your doctor", text=text)
    return article


def held(article) -> Comment:
    """The comment that has waited longest."""
    return article.comments.filter(state="held").earliest("pk")


def test_a_comment_is_answered_its_writer_noted_banned_stopped_and_heard_again(people, talk, options):
    comment = held(talk)
    guest, desk = people(**options), people("moderator", **options)
    guest.goto(f"{talk.path}?replytocom={talk.comments.first().pk}#respond")
    guest.get_by_label("Your reply").fill("I bought one, too.")
    guest.get_by_label("Name", exact=False).first.fill("Walter")
    press(guest.get_by_role("button", name="Send reply"))
    number = Comment.objects.get(name_shown="Walter").pk

    desk.goto(f"/moderation/comments/{number}/answer/")
    desk.get_by_label("Begin with a canned reply").select_option(label="Please ask your doctor")
    press(desk.get_by_role("button", name="Fill in"))
    words = desk.get_by_label("Your answer")
    expect(words).to_have_value(
        "Hello Walter,\n\nthank you for asking under “On walking sticks and how to fall well”. "
        "Please ask your doctor."
    )
    press(desk.get_by_role("button", name="Approve and answer"))
    expect(desk.get_by_text("Approved and answered: the comment by Walter.")).to_be_visible()
    guest.goto(talk.path)
    expect(guest.get_by_text("Hello Walter,")).to_be_visible()

    walter = Comment.objects.get(pk=number).author_id
    desk.goto(f"/moderation/people/{walter}/")
    desk.get_by_text("Write a note").click()
    desk.get_by_label("New note").fill("Writes from the same house as Vera.")
    press(desk.get_by_role("button", name="Keep this note"))
    expect(desk.get_by_text("Writes from the same house as Vera.")).to_be_visible()

    press(desk.get_by_role("link", name="Ban", exact=True))
    desk.get_by_label("1 month").check()
    desk.get_by_label("Reason").select_option(label="Advertising")
    press(desk.get_by_role("button", name="Ban"))
    expect(desk.get_by_text("Banned: Walter.")).to_be_visible()

    guest.get_by_label("Your reply").fill("And another thing.")
    guest.get_by_label("Name", exact=False).first.fill("Walter")
    press(guest.get_by_role("button", name="Send reply"))
    expect(guest.get_by_text("for this reason: We keep this place free of advertising.")).to_be_visible()
    expect(guest.get_by_role("textbox", name="Your reply")).to_have_value("And another thing.")

    press(desk.get_by_role("button", name="Lift the ban of Walter"))
    expect(desk.get_by_text("The ban is lifted.")).to_be_visible()
    press(guest.get_by_role("button", name="Send reply"))
    expect(guest.get_by_text("And another thing.")).to_be_visible()
    assert comment.state == "held"
    refused = [fault for fault in guest.faults if "403" not in fault]
    assert desk.faults == refused == []


def test_the_pages_of_people_bans_and_answers_have_no_fault(people, talk):
    desk, boss = people("moderator", **NARROW), people("admin", **NARROW)
    comment, mod = held(talk), User.objects.get(username="moderator")
    person, other = comment.author, Author.objects.get(user__username="reader")
    trust([person.pk, other.pk])
    archived_person("Vasilis", claimed_by=other.user)
    notes.add("Vera knows them from the clinic.\n\nPlease be gentle.", person, mod)
    notes.add("x" * 300, person, mod)
    decide("approve", comment.pk, mod, grounds=Grounds(reason="Says what happened to them."))
    make_comment(talk, "Signed otherwise.", name="Nightingale", author=person)
    bans.over_person(other.pk, bans.Order("month", Grounds(reason="Too loud.")), mod)
    bans.lift(bans.standing().get().pk, mod)
    order = bans.Order("week", Grounds("ads", "We keep this place free of advertising."))
    bans.over_comment(comment.pk, order, mod)
    waits = held(talk)
    looked_at = [
        (desk, f"/moderation/people/{person.pk}/", "person"),
        (desk, f"/moderation/people/{other.pk}/", "person-quiet"),
        (desk, "/moderation/bans/", "bans"),
        (desk, f"/moderation/comments/{waits.pk}/ban/", "ban"),
        (boss, f"/moderation/people/{other.pk}/ban/", "ban-person"),
        (desk, f"/moderation/comments/{waits.pk}/answer/?canned={CannedReply.objects.get().pk}", "answer"),
        (desk, f"/moderation/comments/{comment.pk}/answer/", "answer-public"),
    ]
    found = []
    for page, address, name in looked_at:
        page.goto(address)
        found += look(page, name)
    desk.goto(f"/moderation/comments/{waits.pk}/answer/")
    press(desk.get_by_role("button", name="Approve and answer"))
    found += look(desk, "answer-refused")
    desk.goto(f"/moderation/comments/{waits.pk}/ban/")
    press(desk.get_by_role("button", name="Ban", exact=True))
    found += look(desk, "ban-refused")
    desk.goto(f"/moderation/people/{person.pk}/")
    desk.get_by_text("Write a note").click()
    press(desk.get_by_role("button", name="Keep this note"))
    found += look(desk, "note-refused")
    assert found == []
