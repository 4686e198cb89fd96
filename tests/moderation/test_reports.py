"""Reports: who may, what a second one does, when enough of them hold, and what decisions make of them."""

import pytest
from django.test import Client

from forum.accounts.models import Author, Role
from forum.accounts.viewer import OWN_COOKIE
from forum.moderation import bans, decisions, reports
from forum.moderation.models import Case
from forum.moderation.models_requests import Report
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.archive import archived_comment
from tests.make import make_article, make_comment, make_user, without_stamp
from tests.moderation.bans import ban
from tests.moderation.desk import cards, desk

pytestmark = pytest.mark.django_db
FOREIGN = {"Origin": "https://evil.example"}


def say(client, comment, reason="spam", **fields):
    """POST a report as a browser does; `headers` go along as headers."""
    headers = fields.pop("headers", None)
    return client.post(f"/comments/{comment.pk}/report/", {"reason": reason} | fields, headers=headers)


@pytest.fixture
def comment(article) -> Comment:
    """A public comment."""
    return make_comment(article, "Buy my sticks.")


def test_everybody_finds_the_link_at_live_and_archived_comments(article, stranger, comment):
    old = archived_comment(article)
    page = stranger.get(article.path).content.decode()
    for one in (old, comment):
        assert f'href="/comments/{one.pk}/report/"' in page


def test_the_page_is_shared_and_holds_no_token(comment, stranger):
    page = stranger.get(f"/comments/{comment.pk}/report/")
    assert "csrfmiddlewaretoken" not in page.content.decode()
    assert not page.cookies
    assert "Buy my sticks." in page.content.decode()


def test_a_stranger_reports_and_the_desk_reads_why(comment, stranger, mod):
    answer = say(stranger, comment, "other", text="It is <b>wrong</b> about dosage.")
    assert (answer.status_code, answer["Location"]) == (303, "/reported/")
    found = Report.objects.get()
    assert (found.reporter, found.counts, found.upheld) == (None, False, None)
    assert found.case.comment == comment
    page = desk(mod, "tab=reported")
    assert cards(page) == [comment.pk]
    assert '<q dir="auto">It is <b>wrong</b> about dosage.</q>' in page  # `desk` unescapes
    assert "somebody unknown" in page


def test_no_address_is_stored_with_a_report(comment):
    say(Client(REMOTE_ADDR="203.0.113.77"), comment)
    row = "".join(map(str, Report.objects.values_list().get()))
    assert "203.0.113" not in row
    assert len(Report.objects.get().trace) == 64


def test_two_of_one_ipv6_network_leave_the_same_trace_and_neighbours_another(comment):
    one, two, other = (reports.trace_of(f"2001:db8:0:{n}") for n in ("1::5", "1::6", "2::5"))
    assert one == two != other
    assert reports.trace_of("203.0.113.7") != reports.trace_of("203.0.113.8")


@pytest.mark.parametrize("state", ["held", "rejected", "spam", "removed"])
def test_what_is_not_public_cannot_be_reported_not_even_by_its_author(article, stranger, state):
    hidden = make_comment(article, "Words that nobody reads.", state=state)
    stranger.cookies[OWN_COOKIE] = hidden.own_key
    never = stranger.get("/comments/999999/report/")
    for answer in (stranger.get(f"/comments/{hidden.pk}/report/"), say(stranger, hidden)):
        assert (answer.status_code, len(answer.content)) == (404, len(never.content))
    assert not Case.objects.filter(cause=Case.Cause.REPORTS).exists()


def test_a_comment_of_a_hidden_article_cannot_be_reported(stranger):
    hidden = make_comment(make_article(state="hidden"))
    assert say(stranger, hidden).status_code == 404
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "Please choose what is wrong with it."),
        ({"reason": "boredom"}, "Please choose what is wrong with it."),
        ({"reason": "other"}, "Please say in a few words what is wrong."),
        ({"reason": "spam", "text": "x" * 1001}, "At most 1000 characters fit here."),
    ],
)
def test_nonsense_gets_one_sentence_and_keeps_the_text(comment, stranger, fields, sentence):
    answer = say(stranger, comment, **fields)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert fields.get("text", "") in page
    assert not Report.objects.exists()


def test_a_report_from_another_site_or_without_the_token_of_a_session_is_not_taken(comment, stranger):
    assert say(stranger, comment, headers=FOREIGN).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_user("vera"), backend="forum.accounts.backends.OneHash")
    assert say(strict, comment).status_code == 403
    assert not Report.objects.exists()


def test_a_filled_trap_is_thanked_and_forgotten(comment, stranger):
    assert say(stranger, comment, website="https://x.example").status_code == 303
    assert not Report.objects.exists()


def test_the_second_report_of_a_person_is_refused_with_a_sentence_and_a_strangers_counts(comment, ben):
    assert say(ben, comment).status_code == 303
    again = say(ben, comment, "attack", text="And rude.")
    assert again.status_code == 409
    assert "You have reported this comment already." in again.content.decode()
    assert say(Client(), comment).status_code == 303
    assert Report.objects.count() == 2
    assert Case.objects.filter(cause=Case.Cause.REPORTS).count() == 1


def test_a_banned_person_cannot_report_and_the_stranger_beside_them_can(comment, ben, mod):
    ban(mod, Author.objects.get(user=ben.user))
    answer = say(ben, comment, text="It is rude.")
    assert answer.status_code == 403
    assert "It is rude." in answer.content.decode()
    assert not Report.objects.exists()
    assert say(Client(), comment).status_code == 303


def test_whoever_fears_for_somebody_reads_the_help_lines_and_the_case_comes_first(comment, stranger, mod):
    other = make_comment(comment.article, "Earlier words.")
    say(stranger, other)
    Comment.objects.filter(pk=other.pk).update(received_at=comment.received_at.replace(year=2020))
    answer = say(stranger, comment, "danger")
    assert "112 in Europe" in stranger.get(answer["Location"]).content.decode()
    assert "112 in Europe" not in stranger.get("/reported/").content.decode()
    assert cards(desk(mod, "tab=reported")) == [comment.pk, other.pk]
    assert list(Comment.objects.order_by("-urgent").values_list("urgent", flat=True)) == [2, 0]
    SitePolicy.objects.create(pk=1, help_lines="Call Ariadne: 555.")
    assert "Call Ariadne: 555." in stranger.get(answer["Location"]).content.decode()


def test_the_author_reads_nothing_of_who_reported(comment, ben):
    say(ben, comment, "attack", text="He is rude to Vera.")
    author = Client()
    author.cookies[OWN_COOKIE] = comment.own_key
    for address in (comment.article.path, f"/comments/{comment.pk}/"):
        page = author.get(address, follow=True).content.decode()
        assert "ben" not in without_stamp(page)
        assert "rude to Vera" not in page


def test_the_eleventh_report_of_a_person_in_an_hour_waits_and_keeps_the_text(article, ben):
    for n in range(10):
        assert say(ben, make_comment(article, f"Words {n}.")).status_code == 303
    last = make_comment(article, "One more.")
    answer = say(ben, last, text="This, too.")
    assert answer.status_code == 429
    assert "This, too." in answer.content.decode()
    assert "Try again after" in answer.content.decode()
    assert Report.objects.count() == 10
    assert say(Client(REMOTE_ADDR="192.0.2.9"), last).status_code == 303


def test_a_moderator_reports_without_limit(article):
    mod = Client()
    mod.force_login(make_user("mod", Role.MODERATOR), backend="forum.accounts.backends.OneHash")
    for n in range(12):
        assert say(mod, make_comment(article, f"Words {n}.")).status_code == 303


def test_a_ban_of_the_network_stops_reports(comment, boss):
    order = bans.Order("day", decisions.Grounds(reason="Many robots."), person=False)
    bans.over_many("network", "203.0.113.0/24", order, boss.user)
    answer = say(Client(REMOTE_ADDR="203.0.113.9"), comment)
    assert answer.status_code == 403
    assert "Nothing is taken from your network until" in answer.content.decode()
    assert "Many robots." not in answer.content.decode()
    assert say(Client(REMOTE_ADDR="203.0.114.9"), comment).status_code == 303
