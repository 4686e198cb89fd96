"""How much a person and a network may send in an hour: the text is kept, and the answer says when."""

import datetime

import pytest
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Author
from forum.accounts.viewer import Viewer
from forum.posting import limits_rates, replies
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from forum.threads.writing import Draft
from tests.make import form_of, make_article, make_comment, make_user, send_reply

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _two_of_a_person_four_of_a_network(db):
    SitePolicy.objects.create(pk=1, person_per_hour=2, network_per_hour=4, time_zone="Europe/Athens")


def signed_in(name: str, address: str = "192.0.2.1") -> Client:
    """Somebody with an account, at an address."""
    client = Client(REMOTE_ADDR=address)
    client.force_login(make_user(name), backend="forum.accounts.backends.OneHash")
    return client


def send(client, article, count: int, word: str = "words") -> list[int]:
    """How so many replies were answered."""
    return [send_reply(client, article, f"My {word} {n}.").status_code for n in range(count)]


def test_the_third_reply_of_a_person_waits_with_its_text_and_says_when(article):
    ben = signed_in("ben")
    assert send(ben, article, 2) == [303, 303]
    answer = send_reply(ben, article, "My <i>third</i> words.")
    assert answer.status_code == 429
    assert form_of(answer)["body"].strip() == "My <i>third</i> words."
    assert "Try again after" in answer.content.decode()
    assert Comment.objects.count() == 2
    assert send(signed_in("vera"), article, 1) == [303]  # the person beside them, in the same house


def test_a_person_is_one_over_all_articles_and_networks(article):
    ben = signed_in("ben")
    send(ben, article, 1)
    send(ben, make_article(), 1)
    ben.defaults["REMOTE_ADDR"] = "198.51.100.1"
    assert send(ben, make_article(), 1) == [429]


def test_the_fifth_reply_of_a_network_waits_and_another_network_goes_on(article):
    codes = [send(Client(REMOTE_ADDR="192.0.2.1"), article, 1, f"word {n}")[0] for n in range(5)]
    assert codes == [303] * 4 + [429]
    assert send(Client(REMOTE_ADDR="192.0.2.2"), article, 1) == [303]


def test_an_ipv6_network_is_a_64(article):
    homes = [f"2001:db8:1:2::{n}" for n in range(1, 6)]
    codes = [send(Client(REMOTE_ADDR=home), article, 1, home)[0] for home in homes]
    assert codes == [303] * 4 + [429]
    assert send(Client(REMOTE_ADDR="2001:db8:1:3::1"), article, 1) == [303]


def test_sending_the_same_again_counts_once(article):
    ben = signed_in("ben")
    for _again in range(4):
        assert send_reply(ben, article, "The same.").status_code == 303
    assert send(ben, article, 2) == [303, 429]


def test_what_is_refused_for_another_reason_does_not_count(article):
    ben = signed_in("ben")
    for _again in range(4):
        assert send_reply(ben, article, "").status_code == 422
    assert send(ben, article, 3) == [303, 303, 429]


def test_when_the_network_is_full_nothing_is_taken_from_the_person(article):
    for n in range(4):
        send(Client(REMOTE_ADDR="192.0.2.1"), article, 1, f"word {n}")
    ben = signed_in("ben")
    assert send(ben, article, 2) == [429, 429]
    ben.defaults["REMOTE_ADDR"] = "192.0.2.2"
    assert send(ben, article, 3, "other") == [303, 303, 429]


def test_nought_is_no_limit_and_the_staff_has_none(article, mod):
    assert send(mod, article, 5) == [303] * 5
    SitePolicy.objects.update(person_per_hour=0, network_per_hour=0)
    assert send(signed_in("ben"), article, 6) == [303] * 6


def test_the_time_in_the_answer_is_an_hour_after_the_first_and_in_the_sites_zone(article, monkeypatch):
    import time

    ben = signed_in("ben")
    for n, clock in enumerate((1_800_000_000, 1_800_000_600)):  # 15 January 2027, 08:00 and 08:10 UTC
        with monkeypatch.context() as patched:
            patched.setattr(time, "time", lambda clock=clock: clock)
            send(ben, article, 1, f"word {n}")
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: 1_800_000_900)
        page = send_reply(ben, article, "My words.").content.decode()
    assert "Try again after 11:01." in page


def test_what_no_browser_sends_is_not_counted(article):
    author = Author.objects.create(kind="guest", name="Vera")
    for n in range(6):
        replies.submit_reply(
            article, None, Draft(f"Words {n}.", "Vera", author), replies.Sender(Viewer(), None)
        )
    assert Comment.objects.count() == 6


def test_another_name_in_the_same_browser_is_the_same_person(article, stranger):
    codes = [send_reply(stranger, article, f"Words {n}.", name=f"Name {n}").status_code for n in range(3)]
    assert codes == [303, 303, 429]
    assert Author.objects.filter(name__startswith="Name").count() == 2
    answer = send_reply(stranger, make_article(), "Further words.", name="Nora")
    assert "You have sent so much in an hour" in answer.content.decode()
    assert send(Client(), article, 1) == [303]  # without a cookie the network alone counts


def test_a_browser_goes_on_when_the_first_of_its_words_are_an_hour_old(article, stranger):
    for n in range(2):
        send_reply(stranger, article, f"Words {n}.", name=f"Name {n}")
    first = Comment.objects.order_by("pk")[:1]
    Comment.objects.filter(pk__in=first).update(received_at=timezone.now() - datetime.timedelta(hours=1))
    codes = [send_reply(stranger, article, f"Later {n}.", name=f"Other {n}").status_code for n in range(2)]
    assert codes == [303, 429]


def test_a_browser_in_which_somebody_has_signed_in_counts_for_the_account_alone(article, stranger):
    for n in range(2):
        send_reply(stranger, article, f"Words {n}.", name=f"Name {n}")
    stranger.force_login(make_user("sister"), backend="forum.accounts.backends.OneHash")
    assert send(stranger, article, 1) == [303]


def test_another_name_gives_a_browser_no_further_reports(article, stranger, monkeypatch):
    monkeypatch.setattr(limits_rates, "REPORTS_OF_PERSON", 2)
    seen = [make_comment(article, f"Rude words {n}.") for n in range(4)]

    def report(client, comment) -> int:
        return client.post(f"/comments/{comment.pk}/report/", {"reason": "attack"}).status_code

    send_reply(stranger, article, "Words.", name="Vera")
    assert [report(stranger, comment) for comment in seen[:2]] == [303, 303]
    send_reply(stranger, article, "Other words.", name="Nora")
    assert report(stranger, seen[2]) == 429
    nora = Client()
    send_reply(nora, article, "Words of Nora.", name="Nora")
    assert report(nora, seen[3]) == 303  # the control has a browser of her own
