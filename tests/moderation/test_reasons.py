"""Reasons and canned replies: what a site begins with, what admins keep, what forms make of them."""

from importlib import import_module

import pytest
from django.apps import apps

from forum.moderation import reasons
from forum.moderation.decisions import Grounds
from forum.moderation.models_people import CannedReply, Reason

pytestmark = pytest.mark.django_db
BEGINNING = import_module("forum.migrations.0012_the_desk_has_words_to_begin_with")


@pytest.fixture
def ads(db) -> Reason:
    """The only active reason, beside one that is not."""
    Reason.objects.all().delete()
    Reason.objects.create(code="old", title="Old", text="Not any more.", active=False)
    return Reason.objects.create(code="ads", title="Ads", text="We take no advertising.")


def test_a_new_site_has_reasons_and_replies_and_keeps_what_is_worded_anew():
    Reason.objects.all().delete()
    CannedReply.objects.all().delete()
    Reason.objects.create(code="advertising", title="Ads", text="Ours.")
    for _again in range(2):
        BEGINNING.add(apps, None)
    codes = set(Reason.objects.values_list("code", flat=True))
    assert {"off-topic", "personal-data", "attack", "dangerous-advice", "duplicate"} < codes
    assert Reason.objects.get(code="advertising").text == "Ours."
    assert (len(codes), CannedReply.objects.count()) == (6, 3)
    assert all(0 < len(one.text) <= reasons.LONGEST_REASON for one in Reason.objects.all())
    assert not any(reasons.unknown_placeholder(one.text) for one in CannedReply.objects.all())
    assert not any("!" in one.text for one in [*Reason.objects.all(), *CannedReply.objects.all()])


def test_the_active_reasons_come_in_their_order_by_one_statement(ads, django_assert_num_queries):
    Reason.objects.create(code="first", title="First", text="First.", place=0)
    Reason.objects.filter(pk=ads.pk).update(place=5)
    with django_assert_num_queries(1):
        assert [reason.code for reason in reasons.active()] == ["first", "ads"]


def test_grounds_join_the_text_of_the_reason_and_the_moderators_words(ads):
    assert reasons.grounds("", " One\nline. ") == Grounds(reason="One line.")
    assert reasons.grounds("ads") == Grounds(reason_code="ads", reason="We take no advertising.")
    together = Grounds("ads", "We take no advertising. Ask us.", "For\nthe desk.")
    assert reasons.grounds("ads", "Ask us.", "For\r\nthe desk.\x00") == together
    with pytest.raises(reasons.ReasonError, match="The note is too long"):
        reasons.grounds("", "", "x" * 6000)


@pytest.mark.parametrize("code", ["old", "nonsense", "ads ", "x" * 400])
def test_grounds_refuse_a_code_that_is_not_in_the_list(ads, code):
    with pytest.raises(reasons.ReasonError, match="not in the list any more"):
        reasons.grounds(code)


def test_grounds_refuse_what_is_too_long_together_and_cut_nothing(ads):
    rest = reasons.LONGEST_REASON - len(ads.text) - 1
    assert len(reasons.grounds("ads", "x" * rest).reason) == reasons.LONGEST_REASON
    for code, words in (("ads", "x" * (rest + 1)), ("", "x" * 501)):
        with pytest.raises(reasons.ReasonError, match="at most 500 characters"):
            reasons.grounds(code, words)


FILLED = [
    ("Dear {name},", "Dear Ann {site},"),
    ("{name} on {article} at {site}", "Ann {site} on Title {0} at Afterword"),
    ("{NAME} {} {name.__class__} { name }", "{NAME} {} {name.__class__} { name }"),
    ("100 % {{name}}", "100 % {Ann {site}}"),
]


@pytest.mark.parametrize(("text", "filled"), FILLED)
def test_placeholders_are_filled_in_once_and_nothing_else_is_looked_at(text, filled):
    assert reasons.fill(text, name="Ann {site}", article="Title {0}", site="Afterword") == filled


def saved(boss, text: str):
    """The answer of Django's admin to a new canned reply."""
    fields = {"title": "Saved here", "text": text, "place": "0", "active": "on"}
    return boss.post("/admin/forum/cannedreply/add/", fields)


@pytest.mark.parametrize("unknown", ["{nmae}", "{}", "{name.pk}", "{ name }", "{0}", "{Name}"])
def test_a_placeholder_that_nothing_fills_in_is_refused_when_it_is_saved(boss, unknown):
    answer = saved(boss, f"Dear {{name}}, {unknown}")
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f"Nothing is filled in for {unknown}; there is {{name}}, {{article}} and {{site}}." in page
    assert not CannedReply.objects.filter(title="Saved here").exists()


def test_control_known_placeholders_and_lone_braces_are_saved(boss):
    assert saved(boss, "Dear {name} of {site}, on {article}: :-} {").status_code == 302
    assert CannedReply.objects.filter(title="Saved here").exists()


def test_an_admin_words_a_reason_anew_but_its_code_stays_and_it_is_not_deleted(boss, ads):
    fields = {"title": "Ads", "code": "other", "text": "Worded anew.", "place": "0", "active": "on"}
    assert boss.post(f"/admin/forum/reason/{ads.pk}/change/", fields).status_code == 302
    ads.refresh_from_db()
    assert (ads.code, ads.text) == ("ads", "Worded anew.")
    assert boss.post(f"/admin/forum/reason/{ads.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Reason.objects.filter(pk=ads.pk).exists()


@pytest.mark.parametrize("what", ["reason", "cannedreply"])
def test_moderators_and_readers_do_not_keep_them(mod, ben, stranger, what):
    for client in (mod, ben, stranger):
        answer = client.post(f"/admin/forum/{what}/add/", {"title": "Mine", "text": "Mine."})
        assert answer.status_code in {302, 403, 404}
    assert not Reason.objects.filter(title="Mine").exists()
    assert not CannedReply.objects.filter(title="Mine").exists()
