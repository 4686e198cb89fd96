"""Where people look at letters: an admin at those that were given up, a developer at all."""

import pytest
from django.utils import timezone

from forum.mail.models import Letter
from forum.mail.writing import write

LIST = "/admin/forum/letter/"


@pytest.fixture
def dead(db) -> Letter:
    """A letter that was given up, beside one that waits."""
    write("other", "ben@mail.example", "Another letter", "Other words.")
    letter = write("k", "ann@mail.example", "Your link", "https://forum.example/secret-link/")
    why = {"why": Letter.Why.REFUSED, "error": "550 5.1.1 Nobody"}
    Letter.objects.filter(pk=letter.pk).update(dead_at=timezone.now(), tries=1, **why)
    return letter


def test_admin_sees_dead_letters_with_their_error_and_never_their_text(boss, dead):
    shown = boss.get(LIST, {"state": "dead"}).content.decode()
    assert "550 5.1.1 Nobody" in shown
    assert "ben@mail.example" not in shown
    assert "ben@mail.example" in boss.get(LIST, {"state": "waiting"}).content.decode()
    page = boss.get(f"{LIST}{dead.pk}/change/").content.decode()
    assert "Not deliverable" in page
    assert "The address was refused" in page
    assert "secret-link" not in shown + page


def test_admin_has_a_dead_letter_tried_again(boss, dead):
    chosen = {"action": "try_again", "_selected_action": [dead.pk]}
    answer = boss.post(LIST, chosen, follow=True)
    assert "1 letter waits again." in answer.content.decode()
    dead.refresh_from_db()
    assert dead.state == Letter.State.WAITING


def test_nobody_writes_changes_or_removes_letters_in_the_admin(boss, dead):
    assert boss.get(f"{LIST}add/").status_code == 403
    assert boss.post(f"{LIST}{dead.pk}/change/", {"to": "eve@evil.example"}).status_code == 403
    assert boss.post(f"{LIST}{dead.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Letter.objects.get(pk=dead.pk).to == "ann@mail.example"


def test_moderators_do_not_see_letters(mod, ben, dead):
    for client in (mod, ben):
        assert client.get(LIST, follow=True).status_code in {403, 404}


def test_letters_can_be_read_in_development_only(stranger, dead, settings):
    assert stranger.get("/upkeep/letters/").status_code == 404
    settings.DEBUG = True
    answer = stranger.get("/upkeep/letters/")
    page = answer.content.decode()
    assert '<a href="https://forum.example/secret-link/" rel="nofollow">' in page
    assert "no-store" in answer["Cache-Control"]
    assert page.index("Your link") < page.index("Another letter")


def test_markup_in_a_letter_is_words_on_its_page(stranger, settings, db):
    settings.DEBUG = True
    write("k", "ann@mail.example", "<b>Hello</b>", "<img src=x onerror=alert(1)>")
    page = stranger.get("/upkeep/letters/").content.decode()
    assert "<b>Hello" not in page
    assert "<img src=x" not in page
    assert "&lt;img src=x" in page


def test_page_without_letters_says_so(stranger, settings, db):
    settings.DEBUG = True
    assert "There are no letters yet." in stranger.get("/upkeep/letters/").content.decode()
