"""Erasing a comment ends what waits beside it: its author's edit and their objection."""

import pytest

from forum.moderation import appeals, decisions, takedowns, takedowns_answer
from forum.moderation.decisions import Grounds
from forum.moderation.models import Case
from forum.moderation.models_requests import Appeal
from forum.threads.models import Revision
from tests.posting.own import change, object_to, proved, public, site, waits

pytestmark = pytest.mark.django_db


def erase(comment, mod) -> None:
    request = takedowns.ask(takedowns.Asked("erase", comment=comment.pk))
    takedowns_answer.answer(request.pk, takedowns_answer.Answer("erased"), mod.user)


def test_an_objection_to_erased_words_is_not_left_without_an_answer(article, mod, boss):
    comment, vera = waits(article, "My words.", author=proved())
    other, kim = waits(article, "Other words.", author=proved("Kim"))
    for one, client in ((comment, vera), (other, kim)):
        decisions.decide("reject", one.pk, mod.user, grounds=Grounds(reason="You quote my words."))
        object_to(client, one)
    erase(comment, mod)
    made = Appeal.objects.get(decision__comment=comment)
    assert (made.granted, made.answered_by, made.text, made.answer) == (False, mod.user, "", "")
    assert list(appeals.open_on([comment.pk, other.pk])) == [other.pk]  # the control waits
    assert not Case.objects.filter(comment=comment, closed=None).exists()
    page = boss.get(f"/moderation/comments/{comment.pk}/").content.decode()
    assert 'value="uphold"' not in page


def test_an_edit_goes_with_the_words(article, mod):
    site()
    comment, vera = public(article, "First words.")
    change(vera, comment, "Second words.")
    assert Case.objects.filter(comment=comment, cause="edit", closed=None).exists()
    erase(comment, mod)
    assert not Case.objects.filter(comment=comment, closed=None).exists()
    assert not Revision.objects.filter(comment=comment).exists()
