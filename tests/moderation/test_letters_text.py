"""The sentences of letters to the staff: from when words are, and how much waits in all."""

import re
from datetime import UTC, datetime

import pytest
from django.utils import timezone

from forum.mail.models import Letter
from forum.moderation import cases
from forum.moderation.models import Case
from forum.moderation.models_requests import TakeDown
from forum.threads.models import Comment
from tests.make import load_comments, make_comment
from tests.moderation.desk import hold, report
from tests.moderation.test_letters import DAILY, text, wants, write

pytestmark = pytest.mark.django_db


def test_in_all_counts_one_of_each_in_the_singular_and_requests_that_name_no_comment(article, mod):
    wants(mod.user, DAILY)
    hold(article)
    cases.open_case(make_comment(article, "Changed."), Case.Cause.EDIT)
    cases.open_case(make_comment(article, "Refused."), Case.Cause.APPEAL)
    TakeDown.objects.create(where="somewhere", wish="erase")
    write()
    assert "In all: 1 held, 1 edit, 1 appeal, 1 take-down request." in text()
    Letter.objects.all().delete()
    wants(mod.user, DAILY)
    for cause in (Case.Cause.EDIT, Case.Cause.APPEAL, Case.Cause.TAKEDOWN):
        cases.open_case(make_comment(article, "More."), cause)
    write()
    assert "In all: 1 held, 2 edits, 2 appeals, 2 take-down requests." in text()


def test_a_request_that_names_no_comment_is_in_all_when_nothing_else_waits(mod):
    wants(mod.user, DAILY)
    TakeDown.objects.create(where="somewhere", wish="erase")
    write()
    assert "In all: 1 take-down request." in text()


def test_words_of_the_archive_are_told_by_their_own_date_and_not_by_their_import(article, mod):
    wants(mod.user, DAILY)
    dated, written, undated = load_comments(article, [None, None, None])
    Comment.objects.filter(pk=dated.pk).update(posted_at=datetime(2011, 6, 14, 9, tzinfo=UTC))
    Comment.objects.filter(pk=written.pk).update(posted_as_written="in the summer\nof 2010")
    for comment in (dated, written, undated, make_comment(article, "New words.")):
        report(comment)
    write()
    parts = [" ".join(part.split()) for part in text().split("\n\n")]
    assert [part.partition("”, ")[2] for part in parts if re.match(r"\d\. ", part)] == [
        "from the archive, 14 June 2011",
        "from the archive, in the summer of 2010",
        "from the archive",
        "received just now",
    ]


def test_the_page_behind_a_letters_link_does_not_call_archived_words_received(article, mod):
    wants(mod.user, DAILY)
    live = make_comment(article, "New words.")
    for comment, is_archived in ((load_comments(article, [None])[0], True), (live, False)):
        report(comment)
        write()
        page = mod.get(re.search(r"/moderation/by-mail/\S+/", text())[0]).content.decode()
        assert (">From the archive</span>" in page) is is_archived
        assert ("received just now" in page) is not is_archived
        Letter.objects.all().delete()
        wants(mod.user, DAILY)
        Case.objects.update(closed=timezone.now())
