"""Several reports at the same moment: one for each reporter, one case, one holding."""

import pytest
from django.db import IntegrityError

from forum.accounts.models import Author
from forum.moderation import reports
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import Report
from forum.threads.models import Comment
from tests.make import make_article, make_comment, make_user
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared")]


def said(number: int, by: reports.Reporter) -> str:
    """What one reporter is told."""
    try:
        reports.report(number, by, "spam")
    except reports.TwiceError:
        return "twice"
    return "taken"


def people(count: int) -> tuple[Comment, list[reports.Reporter]]:
    """A comment and so many who count."""
    comment = make_comment(make_article(), "Buy my sticks.")
    users = [make_user(f"reader-{n}") for n in range(count)]
    authors = [Author.objects.get(user=user) for user in users]
    return comment, [reports.Reporter(author, str(n) * 64, True) for n, author in enumerate(authors)]


def test_five_reports_of_one_reader_at_once_are_one():
    comment, (one,) = in_thread(lambda: people(1))
    told = together([lambda: said(comment.pk, one)] * 5)
    assert sorted(told) == ["taken"] + ["twice"] * 4
    assert (in_thread(Report.objects.count), in_thread(Case.objects.count)) == (1, 1)


def test_control_without_the_look_the_database_refuses_the_second(monkeypatch):
    comment, (one,) = in_thread(lambda: people(1))
    monkeypatch.setattr(reports, "has_reported", lambda case, by: False)

    def refused() -> str:
        try:
            return said(comment.pk, one)
        except IntegrityError:
            return "refused"

    assert sorted(together([refused] * 5)) == ["refused"] * 4 + ["taken"]


def test_of_five_who_count_at_once_the_comment_is_held_once():
    comment, five = in_thread(lambda: people(5))
    together([lambda by=by: said(comment.pk, by) for by in five[:3]])
    assert in_thread(lambda: Comment.objects.get().state) == "held"
    assert in_thread(Decision.objects.filter(act=Act.HOLD).count) == 1
