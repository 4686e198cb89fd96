"""Several at the same moment: a person is banned once, lifted once, and answered once."""

import pytest

from forum.accounts.models import Author, Role
from forum.accounts.viewer import MODERATE, Viewer
from forum.moderation import bans, decisions
from forum.moderation.models import Act, Decision
from forum.moderation.models_people import Ban
from forum.posting import answers
from forum.threads.models import Comment
from forum.threads.writing import Draft
from tests.make import make_article, make_comment, make_user
from tests.moderation.bans import WHY, rude_comment
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared")]
ORDER = bans.Order("week", decisions.Grounds(reason=WHY))
DONE = "done"


def said(act, *args, **rest) -> str:
    """`done`, or the word by which an act was refused."""
    try:
        act(*args, **rest)
    except (bans.NotPossibleError, answers.NotPossibleError, decisions.NotPossibleError) as error:
        return error.args[0] if error.args else "quicker"
    return DONE


def desk() -> list:
    """Four moderators."""
    return [make_user(f"mod-{n}", Role.MODERATOR) for n in range(4)]


def ban_at_once() -> list[str]:
    """What four moderators are told who ban one person over comments on four articles."""

    def prepared():
        author = Author.objects.create(kind=Author.Kind.GUEST, name="Rude")
        return [rude_comment(make_article(), author, email="") for _n in range(4)], desk()

    comments, mods = in_thread(prepared)
    pairs = zip(comments, mods, strict=True)
    return together([lambda c=c, mod=mod: said(bans.over_comment, c.pk, ORDER, mod) for c, mod in pairs])


def test_of_four_bans_at_once_one_stands():
    assert sorted(ban_at_once()) == [DONE] + [bans.STANDS] * 3
    assert (in_thread(Ban.objects.count), in_thread(Decision.objects.count)) == (1, 1)


def test_control_without_the_check_there_are_four(monkeypatch):
    monkeypatch.setattr(bans, "standing_for", lambda subject: Ban.objects.none())
    assert ban_at_once() == [DONE] * 4


def test_of_four_liftings_at_once_one_counts():
    def prepared():
        comment, mods = rude_comment(make_article()), desk()
        return bans.over_comment(comment.pk, ORDER, mods[0])[0], mods

    found, mods = in_thread(prepared)
    told = together([lambda mod=mod: said(bans.lift, found.pk, mod) for mod in mods])
    assert sorted(told) == [DONE] + [bans.OVER] * 3
    assert in_thread(Decision.objects.filter(act=Act.UNDO).count) == 1


def test_of_four_answers_at_once_to_a_held_comment_one_goes_through():
    def prepared():
        return make_comment(make_article(), "What about my knee?", state="held"), desk()

    asked, mods = in_thread(prepared)

    def answer(mod) -> str:
        viewer = Viewer(mod.pk, rights=frozenset({MODERATE}))
        draft = Draft(body=f"Words of {mod.username}.", name=mod.username)
        return said(answers.answer, asked.pk, draft, mod, viewer, version=asked.version)

    told = together([lambda mod=mod: answer(mod) for mod in mods])
    assert sorted(told) == [DONE, *["quicker"] * 3]
    assert in_thread(Comment.objects.filter(parent=asked).count) == 1
    assert in_thread(Decision.objects.count) == 1
