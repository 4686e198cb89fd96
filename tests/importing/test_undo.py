"""An import can be taken back and done again, and what people have added since stays."""

import json

import pytest
from django.core.management import CommandError, call_command

from forum.articles.models import Article
from forum.mail import writing as mail
from forum.mail.models import Letter
from forum.moderation import decisions
from forum.notifications import notices
from forum.sources.models import ImportRun
from forum.threads import tree
from forum.threads.models import Comment
from tests.importing.test_load import TEXT, give, outcomes
from tests.importing.wxr import samples
from tests.make import make_comment
from tests.notifications.people import decide, follows, guest, held, waiting

pytestmark = pytest.mark.django_db


def shape():
    rows = Comment.objects.in_reading_order().values_list("pk", "parent_id", "body_source", "level")
    return list(rows)


def test_undo_takes_everything_back_that_nothing_hangs_on(tmp_path):
    counts = give(tmp_path)
    call_command("undo_import", counts["run"])
    assert not Comment.objects.exists()
    assert not Article.objects.exists()
    assert ImportRun.objects.get().state == "undone"


def test_redo_gives_the_same_numbers_and_words(tmp_path, capsys):
    counts = give(tmp_path)
    before = shape()
    call_command("undo_import", counts["run"])
    capsys.readouterr()
    call_command("redo_import", counts["run"])
    again = json.loads(capsys.readouterr().out)
    assert shape() == before
    assert outcomes(again) == {"created": 4}
    assert again["run"] != counts["run"]


def test_the_same_file_again_gives_the_same_numbers_too(tmp_path):
    counts = give(tmp_path)
    before = shape()
    call_command("undo_import", counts["run"])
    give(tmp_path)
    assert shape() == before


def test_case_m5_a_live_reply_stays_under_a_placeholder(tmp_path, client):
    counts = give(tmp_path)
    first = Comment.objects.get(body_source="First words.")
    live = make_comment(Article.objects.get(), "A live answer.", parent=first)
    call_command("undo_import", counts["run"])
    assert [row[0] for row in shape()] == [first.pk, live.pk]
    page = client.get("/2011/06/14/cups/").content.decode()
    assert "A comment stood here." in page
    assert "A live answer." in page
    assert "First words." not in page
    assert "Half full" not in page
    call_command("undo_import", counts["run"])
    assert [row[0] for row in shape()] == [first.pk, live.pk]
    give(tmp_path)
    texts = [row[2] for row in shape()]
    assert texts == ["First words.", "An answer to the first.", "A live answer.", "Second words."]
    assert Comment.objects.get(pk=first.pk).state == "visible"
    assert "Half full" in client.get("/2011/06/14/cups/").content.decode()
    assert tree.broken(Article.objects.get().pk) == []


def test_a_placeholder_gets_its_author_and_date_back_with_its_words(tmp_path):
    words = samples.comment(
        "7", content="Old words.", author="Ann", user_id="3", date_gmt="2014-03-05 09:00:00"
    )
    file = tmp_path / "export.xml"
    file.write_text(samples.wxr(samples.item(words)), encoding="utf-8")
    call_command("import_archive", str(file))
    row = Comment.objects.get()
    said = Comment.objects.values("pk", "author", "name_shown", "posted_at", "body_html", "state", "kind")
    before = said.get()
    assert before["author"]
    assert before["posted_at"]
    make_comment(Article.objects.get(), "A live answer.", parent=row)
    call_command("undo_import", ImportRun.objects.get().pk)
    assert said.get(pk=row.pk)["kind"] == "placeholder"
    call_command("redo_import", ImportRun.objects.get().pk)
    assert said.get(pk=row.pk) == before


def test_a_decided_comment_stays_as_a_placeholder(tmp_path, mod):
    counts = give(tmp_path)
    second = Comment.objects.get(body_source="Second words.")
    decisions.decide("remove", second.pk, mod.user)
    call_command("undo_import", counts["run"])
    assert [(row[0], row[2]) for row in shape()] == [(second.pk, "")]


def test_what_an_earlier_run_brought_in_is_not_undone_by_a_later_one(tmp_path):
    give(tmp_path)
    before = shape()
    later = give(tmp_path, TEXT + "\n  3. Third words.\n")
    assert later["created"] == 1
    call_command("undo_import", later["run"])
    assert shape() == before


@pytest.mark.parametrize("command", ["undo_import", "redo_import"])
def test_a_run_that_does_not_fit_is_refused_in_one_sentence(tmp_path, command, db):
    with pytest.raises(CommandError, match=r"There is no import 4711\."):
        call_command(command, 4711)
    counts = give(tmp_path)
    if command == "redo_import":
        with pytest.raises(CommandError, match="is not undone"):
            call_command(command, counts["run"])


def test_undo_and_redo_are_buttons_on_the_page_of_the_run(tmp_path, boss):
    counts = give(tmp_path)
    address = f"/admin/import/{counts['run']}/"
    assert "Undo this import" in boss.get(address).content.decode()
    answer = boss.post(f"{address}undo/", follow=True)
    assert "4 rows went, 0 stay as placeholders" in answer.content.decode()
    assert not Comment.objects.exists()
    answer = boss.post(f"{address}redo/", follow=True)
    assert "The import is done again." in answer.content.decode()
    assert Comment.objects.count() == 3


def test_the_ledger_can_be_taken_along(tmp_path, boss):
    counts = give(tmp_path, TEXT.replace("First words.", "=cmd()"))
    address = f"/admin/import/{counts['run']}/ledger"
    as_csv = boss.get(f"{address}.csv")
    assert as_csv["Content-Disposition"] == f'attachment; filename="import-{counts["run"]}.csv"'
    assert "'=cmd()" in as_csv.content.decode()
    as_json = boss.get(f"{address}.json").json()
    assert as_json["report"] == counts
    assert len(as_json["ledger"]) == 4


def test_letters_that_quote_undone_words_leave_without_them(tmp_path, mod):
    counts = give(tmp_path)
    first = Comment.objects.get(body_source="First words.")
    follows(guest("Fan"), on=first.article)
    decide(mod, "approve", held(first.article, "A live answer.", parent=first))
    assert "First words." in waiting()[0].text
    call_command("undo_import", counts["run"])
    (letter,) = waiting()
    assert "First words." not in letter.text
    assert "A live answer." in letter.text


def test_letters_about_words_that_an_undo_takes_away_do_not_leave(tmp_path):
    counts = give(tmp_path)
    second = Comment.objects.get(body_source="Second words.")
    follows(guest("Fan"), on=second.article)
    assert notices.published(second.pk) == 0
    mail.write("told", "fan@guest.example", "New words", "Words.", about=notices.about(second.pk))
    assert Letter.objects.unsent().count() == 1
    call_command("undo_import", counts["run"])
    assert not Comment.objects.filter(pk=second.pk).exists()
    assert waiting() == []
