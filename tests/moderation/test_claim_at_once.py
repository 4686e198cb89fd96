"""Several at the same moment: one decision stands, one account gets the person, nobody passes the limit."""

import pytest
from django.utils import timezone

from forum.accounts.models import Author, Role
from forum.moderation import claims
from forum.moderation.models import Claim
from tests.archive import archived_comment, archived_person
from tests.make import make_article, make_user
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared")]
DONE = "done"


def said(act, *args) -> str:
    """`done`, or the word by which an act was refused."""
    try:
        act(*args)
    except claims.NotPossibleError as error:
        return error.args[0]
    return DONE


def readers(count: int) -> list:
    """So many accounts."""
    return [make_user(f"reader-{n}") for n in range(count)]


def desk_of_four() -> tuple:
    """An open claim and four moderators."""
    comment = archived_comment(make_article(), archived_person())
    claim = claims.claim(comment.pk, make_user("reader"))
    return claim, [make_user(f"mod-{n}", Role.MODERATOR) for n in range(4)]


def decide_at_once() -> list[str]:
    """What four moderators are told who decide on one claim at the same moment."""
    claim, desk = in_thread(desk_of_four)
    acts = [claims.grant, claims.refuse, claims.grant, claims.refuse]
    pairs = zip(acts, desk, strict=True)
    return together([lambda act=act, mod=mod: said(act, claim.pk, mod) for act, mod in pairs])


def test_of_four_decisions_at_once_one_stands():
    assert sorted(decide_at_once()) == [claims.DECIDED] * 3 + [DONE]
    claim, person = in_thread(Claim.objects.get), in_thread(Author.objects.get, kind="archived")
    assert (person.claimed_by_id is not None) == claim.granted


def test_control_without_the_check_several_decide(monkeypatch):
    def close(found, granted, actor):
        values = {"granted": granted, "decided_by": actor, "decided_at": timezone.now()}
        Claim.objects.filter(pk=found.pk).update(**values)

    monkeypatch.setattr(claims, "_close", close)
    assert decide_at_once() == [DONE] * 4


def test_a_person_claimed_on_two_articles_becomes_one_account():
    def prepared():
        person = archived_person()
        pair = readers(2)
        comments = [archived_comment(make_article(f"Post {n}"), person) for n in range(2)]
        made = [claims.claim(c.pk, user) for c, user in zip(comments, pair, strict=True)]
        return made, make_user("mod", Role.MODERATOR)

    made, mod = in_thread(prepared)
    told = together([lambda claim=claim: said(claims.grant, claim.pk, mod) for claim in made])
    assert sorted(told) == [DONE, claims.TAKEN]
    person = in_thread(Author.objects.get, kind="archived")
    assert person.claimed_by_id == made[told.index(DONE)].by_id
    assert in_thread(Claim.objects.get, granted=None) == made[told.index(claims.TAKEN)]


def test_nobody_gets_past_the_limit_by_asking_at_once(monkeypatch):
    monkeypatch.setattr(claims, "MOST_OPEN", 2)

    def prepared():
        article = make_article()
        return make_user("reader"), [archived_comment(article, name=f"Name {n}") for n in range(6)]

    user, comments = in_thread(prepared)
    told = together([lambda c=comment: said(claims.claim, c.pk, user) for comment in comments])
    assert sorted(told) == [DONE] * 2 + [claims.MANY] * 4
    assert in_thread(Claim.objects.count) == 2
