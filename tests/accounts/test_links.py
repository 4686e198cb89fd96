"""Figure M1: a signed link does what it says, for whom it says, once, within seven days, and nothing else."""

import random
import string
from datetime import timedelta

import pytest
from django.core import signing
from django.db import transaction
from django.utils import timezone

from forum.accounts import links
from forum.accounts.models import UsedLink

pytestmark = pytest.mark.django_db
GIVEN = {"what": 17, "who": "ann@example.org", "version": 3}


def made(kind="decision", **other):
    """A genuine token."""
    return links.make(kind, **(GIVEN | other))


def refused(token, kind="decision", **expected) -> str:
    """What is said of a link that is refused."""
    with pytest.raises(links.LinkError) as error:
        links.read(kind, token, **expected)
    return str(error.value)


def test_a_genuine_link_says_what_it_is_for():
    link = links.read("decision", made(), **GIVEN)
    assert (link.kind, link.what, link.who, link.version) == ("decision", "17", "ann@example.org", "3")


@pytest.mark.parametrize(("name", "value"), [("what", 18), ("who", "ben@example.org"), ("version", 4)])
def test_figure_m1_another_object_person_or_version_is_refused(name, value):
    token = made()
    assert "things have changed" in refused(token, **(GIVEN | {name: value}))
    links.read("decision", token, **GIVEN)


@pytest.mark.parametrize("kind", sorted(links.KINDS - {"decision"}))
def test_figure_m1_a_link_of_another_kind_is_refused(kind):
    assert "not complete or has been changed" in refused(made(), kind)
    assert links.read(kind, made(kind)).kind == kind


def test_figure_m1_an_old_link_is_refused(monkeypatch):
    token = made()
    now = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * 86400 - 2)
    links.read("decision", token)
    monkeypatch.setattr(signing.time, "time", lambda: now + 7 * 86400 + 2)
    assert refused(token) == "This link is older than seven days."


def test_figure_m1_a_link_acts_once_and_so_does_its_twin():
    first, twin = made(), made()
    links.use(links.read("decision", first))
    assert refused(first) == refused(twin) == "This link has been used."
    links.read("decision", made(version=4))


def test_figure_m1_of_two_at_the_same_time_one_acts():
    one, other = links.read("decision", made()), links.read("decision", made())
    links.use(one)
    with pytest.raises(links.LinkError):
        links.use(other)
    assert UsedLink.objects.count() == 1


def test_an_act_that_fails_leaves_its_link_unused():
    token = made()

    def act():
        with transaction.atomic():
            links.use(links.read("decision", token))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    links.read("decision", token)


def test_figure_m1_a_link_signed_for_something_else_is_refused():
    salts = ["", "decision", "afterword.link", "afterword.link.decision.", "account", "afterword.device"]
    for salt in salts:
        refused(signing.dumps(["17", "ann@example.org", "3"], salt=salt))
    links.read("decision", signing.dumps(["17", "ann@example.org", "3"], salt="afterword.link.decision"))


def test_figure_m1_a_link_under_another_secret_is_refused(settings):
    token = made()
    settings.SECRET_KEY = "another-" * 10
    refused(token)


def test_figure_m1_none_of_ten_thousand_mutations_is_accepted(django_assert_num_queries):
    chance = random.Random(65)
    token, twin = made(), made(what=18, who="mallory@example.org")
    letters = string.ascii_letters + string.digits + "-_:=.% \0é\n"
    accepted = 0
    with django_assert_num_queries(0):
        for _n in range(10_000):
            changed = _mutated(chance, token, twin, letters)
            if changed in (token, twin):
                continue
            try:
                links.read("decision", changed)
                accepted += 1
            except links.LinkError:
                pass
    assert accepted == 0
    links.read("decision", token)


def _mutated(chance: random.Random, token: str, twin: str, letters: str) -> str:
    at = chance.randrange(len(token))
    ways = [
        lambda: token[:at] + chr(ord(token[at]) ^ (1 << chance.randrange(7))) + token[at + 1 :],
        lambda: token[:at] + chance.choice(letters) + token[at + 1 :],
        lambda: token[:at] + chance.choice(letters) + token[at:],
        lambda: token[:at] + token[at + 1 :],
        lambda: token[:at],
        lambda: token[:at] + twin[at:],
        lambda: ":".join(chance.choice(pair) for pair in zip(token.split(":"), twin.split(":"), strict=True)),
        lambda: token + chance.choice(letters) * chance.randrange(1, 3000),
        lambda: token.swapcase(),
        lambda: "".join(chance.sample(token, len(token))),
    ]
    changed = chance.choice(ways)()
    body, stamp, signature = token.split(":")
    other_body, other_stamp, other_signature = twin.split(":")
    # Both were made within one second, so that swapping only the stamp may give the genuine one back.
    return token if changed in {f"{body}:{other_stamp}:{signature}"} and stamp == other_stamp else changed


@pytest.mark.parametrize(
    "junk", ["", ":", "::", None, 5, b"x", "\ud800:a:b", "a" * 100_000, "é:b:c", "a:b:" + "c" * 43]
)
def test_nonsense_is_refused_in_one_sentence(junk):
    assert refused(junk).endswith(".")


def test_a_kind_that_nobody_has_listed_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no links of the kind"):
        made("other")


def test_used_links_are_kept_longer_than_links_live():
    links.use(links.read("decision", made()))
    assert links.purge() == 0
    UsedLink.objects.update(at=timezone.now() - timedelta(days=8, minutes=1))
    assert links.purge() == 1
    assert links.KEEP_USED > links.LIFE
