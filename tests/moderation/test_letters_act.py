"""Figure M1 and case X2: a link of a letter shows a page, acts once by POST, and fails closed."""

import random
import string

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from forum.accounts import links
from forum.accounts.models import UsedLink
from forum.moderation import decisions, letters_act, letters_text
from forum.moderation.models import Decision
from forum.moderation.models_people import Reason
from forum.threads.models import Comment
from tests.make import make_comment
from tests.moderation.desk import hold
from tests.rules.test_gates import rows

pytestmark = pytest.mark.django_db
MUTATIONS = 10_000


@pytest.fixture
def waits(article) -> Comment:
    """A comment that waits."""
    return hold(article, "Words that wait.", name="Vera")


def token(act: str, comment: Comment, client: Client) -> str:
    """The link that a letter to somebody offers."""
    return letters_text.token_of(act, comment, client.user)


def page(of: str) -> str:
    """Where a link leads to."""
    return f"/moderation/by-mail/{of}/"


def state(comment: Comment) -> str:
    """How a comment stands now."""
    return Comment.objects.get(pk=comment.pk).state


def refused(client: Client, of: str, comment: Comment) -> int:
    """What a link is answered that must do nothing; says when it did something."""
    before = rows()
    client.get(page(of))
    status = client.post(page(of)).status_code
    after = rows()
    sessions = {"sessions.Session", "usersessions.UserSession"}
    changed = [table for table in after if after[table] != before[table] and table not in sessions]
    assert changed == []
    return status


@pytest.mark.parametrize(("act", "to"), [("approve", "visible"), ("reject", "rejected"), ("spam", "spam")])
def test_control_a_link_shows_a_page_and_acts_by_post(waits, mod, act, to):
    of = token(act, waits, mod)
    answer = mod.get(page(of))
    assert answer.status_code == 200
    assert "Words that wait." in answer.content.decode()
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    assert state(waits) == "held"
    answer = mod.post(page(of))
    assert (answer.status_code, answer["Location"]) == (303, f"/moderation/comments/{waits.pk}/")
    assert state(waits) == to
    assert Decision.objects.get().actor == mod.user


def test_a_refusal_takes_a_reason_along(waits, mod):
    Reason.objects.create(code="off", title="Off topic", text="It is about something else.")
    of = token("reject", waits, mod)
    assert "Off topic" in mod.get(page(of)).content.decode()
    answer = mod.post(page(of), {"reason_code": "gone", "reason": "Kept words"})
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert state(waits) == "held"
    mod.post(page(of), {"reason_code": "off", "reason": "Sorry."})
    assert Decision.objects.get().reason == "It is about something else. Sorry."


def test_case_x2_a_used_link_acts_no_second_time(waits, mod):
    of = token("approve", waits, mod)
    mod.post(page(of))
    assert refused(mod, of, waits) == 410


def test_case_x2_a_link_is_spent_even_when_the_decision_is_taken_back(waits, mod):
    of = token("approve", waits, mod)
    mod.post(page(of))
    mod.post("/moderation/undo/", {"id": Decision.objects.get().pk})
    assert state(waits) == "held"
    assert refused(mod, of, waits) == 410


def test_case_x2_an_expired_link_does_nothing(waits, mod, monkeypatch):
    of = token("approve", waits, mod)
    seconds = timezone.now().timestamp() + links.LIFE.total_seconds()
    monkeypatch.setattr(signing.time, "time", lambda: seconds - 60)
    assert mod.get(page(of)).status_code == 200
    monkeypatch.setattr(signing.time, "time", lambda: seconds + 60)
    assert letters_refuses(of, mod)
    assert state(waits) == "held"


def letters_refuses(of: str, client: Client) -> bool:
    """Whether a link opens nothing for somebody."""
    try:
        letters_act.decide(of, client.user)
    except (links.LinkError, letters_act.NotForYouError):
        return True
    return False


def test_case_x2_somebody_elses_link_does_nothing(waits, mod, boss):
    of = token("approve", waits, mod)
    assert refused(boss, of, waits) == 403
    answer = boss.get(page(of))
    assert "This link was made for somebody else." in answer.content.decode()
    assert "Words that wait." not in answer.content.decode()
    assert mod.post(page(of)).status_code == 303  # the control: it is good for whom it was made


def test_case_x2_visitors_are_sent_to_sign_in_and_readers_find_nothing(waits, mod, stranger, ben):
    of = token("approve", waits, mod)
    for method in ("get", "head", "post"):
        answer = getattr(stranger, method)(page(of))
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
        assert getattr(ben, method)(page(of)).status_code == 404
    assert state(waits) == "held"


def test_case_x2_a_link_does_nothing_once_the_comment_has_changed(waits, mod, boss):
    of = token("reject", waits, mod)
    decisions.decide("approve", waits.pk, boss.user)
    assert refused(mod, of, waits) == 410
    assert "somebody has decided on it" in mod.get(page(of)).content.decode()


def test_case_x2_a_link_does_nothing_without_the_second_factor(waits, mod, settings):
    of = token("approve", waits, mod)
    settings.REQUIRE_SECOND_FACTOR = True
    assert mod.post(page(of)).status_code in {302, 404}
    assert state(waits) == "held"


def test_case_x2_a_form_of_another_site_does_nothing(waits, mod):
    client = Client(enforce_csrf_checks=True)
    client.force_login(mod.user, backend="forum.accounts.backends.OneHash")
    assert client.post(page(token("approve", waits, mod))).status_code == 403
    assert state(waits) == "held"


def test_figure_m1_scanners_change_no_row(waits, mod, stranger):
    links_of_one = [token(act, waits, mod) for act in ("approve", "reject", "spam")]
    mod.get(page(links_of_one[0]))
    before = rows()
    for of in links_of_one:
        for client in (mod, stranger):
            for method in ("get", "head"):
                getattr(client, method)(page(of))
    assert rows() == before


def mutations(good: str, others: list[str]) -> list[str]:
    """Tokens that nobody made: changed in one place, cut, lengthened, or put together of two good ones."""
    dice = random.Random(4)  # noqa: S311
    letters_of = string.ascii_letters + string.digits + "-_:"
    found = []
    while len(found) < MUTATIONS:
        at = dice.randrange(len(good))
        match dice.randrange(5):
            case 0 | 1:
                mutant = good[:at] + dice.choice(letters_of) + good[at + 1 :]
            case 2:
                mutant = good[:at] + good[at + 1 :]
            case 3:
                mutant = good[:at] + dice.choice(letters_of) + good[at:]
            case _:
                parts = [good.split(":"), dice.choice(others).split(":")]
                mutant = ":".join(parts[dice.randrange(2)][n] for n in range(3))
        if mutant != good and mutant not in others:
            found.append(mutant)
    return found


def test_figure_m1_ten_thousand_mutations_are_refused(article, waits, mod, boss, django_assert_num_queries):
    other = make_comment(article, "Another.", state="held")
    good = token("approve", waits, mod)
    stale = links.make("decision", what=f"approve-{waits.pk}", who=mod.user.pk, version=waits.version + 1)
    salted = links.make("claim", what=f"approve-{waits.pk}", who=mod.user.pk, version=waits.version)
    others = [
        token("spam", waits, mod),
        token("approve", other, mod),
        token("approve", waits, boss),
        stale,
        salted,
    ]
    with django_assert_num_queries(0):  # a signature that is wrong is not even looked up
        accepted = [mutant for mutant in mutations(good, others) if opens(mutant, mod)]
    assert accepted == []
    assert not any(letters_refuses(of, mod) is False for of in (stale, salted, token("approve", waits, boss)))
    made_up = links.make("decision", what=f"trust-{waits.pk}", who=mod.user.pk, version=waits.version)
    assert letters_refuses(made_up, mod)
    assert state(waits) == "held"
    assert not letters_refuses(good, mod)  # the control
    assert state(waits) == "visible"
    assert UsedLink.objects.count() == 1


def opens(of: str, client: Client) -> bool:
    """Whether a token opens something for somebody."""
    try:
        letters_act.read(of, client.user)
    except (links.LinkError, letters_act.NotForYouError):
        return False
    return True
