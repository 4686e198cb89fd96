"""Notes of the desk: kept, shown newest first, never changed, and never seen outside."""

import re

import pytest
from django.test import Client

from forum.accounts.models import Author, User
from forum.mail.models import Letter
from forum.moderation import notes
from forum.moderation.models_people import Note
from tests.make import make_comment, send_reply
from tests.rules.test_gates import everything, samples  # noqa: F401

pytestmark = pytest.mark.django_db
CANARY = "Canary-4711 is a cousin of the mayor."


@pytest.fixture
def ann(article) -> Author:
    """A guest with one public comment."""
    author = Author.objects.create(kind=Author.Kind.GUEST, name="Ann")
    make_comment(article, "Loud words.", author=author)
    return author


def keep(client, about, text: str, **fields):
    """POST a note on a comment or a person."""
    return client.post(f"/moderation/{notes.About(about)}/notes/", {"text": text} | fields)


def both(author: Author) -> tuple:
    """What notes can be about: a comment and its author."""
    return author.comment_set.get(), author


@pytest.mark.parametrize("which", [0, 1], ids=["comment", "person"])
def test_a_note_is_kept_with_who_and_when_and_the_desk_is_told(ann, mod, which):
    about = both(ann)[which]
    answer = keep(mod, about, "  Ask Vera first.\r\n\r\nShe knows him.  ")
    note = Note.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/moderation/{notes.About(about)}/")
    assert (note.text, note.by) == ("Ask Vera first.\n\nShe knows him.", mod.user)
    assert (note.comment_id, note.author_id) == ((about.pk, None), (None, about.pk))[which]
    assert "Your note is kept. Only the desk sees it." in mod.get("/moderation/").content.decode()
    assert not Letter.objects.exists()


def test_notes_of_a_person_stand_on_their_page_the_newest_first_each_with_its_writer(ann, mod, boss):
    for client, text in ((mod, "First words."), (boss, "Second <b>words</b>.")):
        keep(client, ann, text)
    page = mod.get(f"/moderation/people/{ann.pk}/").content.decode()
    said = r'class="note-words"><p>(.*?)</p></div>\s*<p class="quiet"><bdi>(\w+)</bdi>'
    assert re.findall(said, page) == [("Second &lt;b&gt;words&lt;/b&gt;.", "boss"), ("First words.", "mod")]
    assert "First words." not in mod.get("/moderation/bans/").content.decode()


def test_after_a_note_the_moderator_is_back_where_they_were_and_nowhere_else(ann, mod):
    assert keep(mod, ann, "One.", next="/moderation/?page=2")["Location"] == "/moderation/?page=2"
    away = keep(mod, ann, "Two.", next="https://evil.example/")
    assert away["Location"] == f"/moderation/people/{ann.pk}/"


@pytest.mark.parametrize("text", ["", " \n\t", "\u200b\u2060", "\x00"])
@pytest.mark.parametrize("which", [0, 1], ids=["comment", "person"])
def test_an_empty_note_is_refused_with_one_sentence(ann, mod, which, text):
    answer = keep(mod, both(ann)[which], text)
    assert answer.status_code == 422
    assert "Please write something: the note is still empty." in answer.content.decode()
    assert not Note.objects.exists()


def test_a_note_that_is_too_long_is_refused_and_its_text_kept(ann, mod):
    answer = keep(mod, ann, f"Begin {'x' * 5000}", next="/moderation/decided/")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The note is 5,006 characters long; the most that fits is 5,000." in page
    assert f"Begin {'x' * 5000}</textarea>" in page
    assert 'name="next" value="/moderation/decided/"' in page
    assert not Note.objects.exists()


def test_control_a_note_of_5000_characters_is_kept(ann, mod):
    assert keep(mod, ann, "x" * 5000).status_code == 303
    assert len(Note.objects.get().text) == 5000


def test_the_same_note_sent_twice_is_one_and_other_words_are_another(ann, mod, boss):
    for client, text in ((mod, "Twice."), (mod, "Twice."), (boss, "Twice."), (mod, "Other words.")):
        assert keep(client, ann, text).status_code == 303
    assert Note.objects.count() == 3


def test_a_note_on_nothing_is_404(mod, article):
    for what in ("comments", "people"):
        assert mod.post(f"/moderation/{what}/99/notes/", {"text": "Hm."}).status_code == 404
    assert not Note.objects.exists()


def test_strangers_and_readers_keep_no_note(ann, stranger, ben):
    for about in both(ann):
        assert keep(stranger, about, "Mine.").status_code == 302
        assert keep(ben, about, "Mine.").status_code == 404
    assert not Note.objects.exists()


def test_the_number_of_statements_does_not_grow_with_the_notes(ann, mod, django_assert_max_num_queries):
    counts = []
    for n in range(2):
        keep(mod, ann, f"Note {n}.")
        with django_assert_max_num_queries(40) as found:
            mod.get(f"/moderation/people/{ann.pk}/")
        counts.append(len(found))
    Note.objects.bulk_create(Note(author=ann, by=mod.user, text=f"More {n}.") for n in range(150))
    with django_assert_max_num_queries(counts[1]) as found:
        page = mod.get(f"/moderation/people/{ann.pk}/").content.decode()
    assert page.count('class="note-words"') == notes.SHOWN


def test_no_address_of_the_site_shows_a_note_outside_of_the_desk(everything, article, stranger, ben):  # noqa: F811
    guest = Client()
    send_reply(guest, article, "Words of the guest.", email="guest@guest.example")
    send_reply(ben, article, "Words of ben.", follow="on", name="ben")
    by = User.objects.get(username="importer")
    for author in Author.objects.all():
        Note.objects.create(author=author, by=by, text=CANARY)
        for comment in author.comment_set.all():
            Note.objects.create(comment=comment, by=by, text=CANARY)
    asked = [*everything, article.path.strip("/") + "/", "people/muted/"]
    for client in (stranger, guest, ben):
        for address in asked:
            answer = client.get(f"/{address}", follow=True)
            assert "Canary-4711" not in answer.content.decode(errors="replace"), address
    assert not Letter.objects.filter(text__contains="Canary").exists()


def test_control_the_crawl_would_find_a_note(everything, mod, article):  # noqa: F811
    comment, author = make_comment(article), Author.objects.get(user=mod.user)
    for about in ({"author": author}, {"comment": comment}):
        Note.objects.create(by=mod.user, text=CANARY, **about)
    for address in (f"people/{author.pk}", f"comments/{comment.pk}"):
        assert "Canary-4711" in mod.get(f"/moderation/{address}/").content.decode()
    assert any(address.startswith("moderation/people/") for address in everything)
