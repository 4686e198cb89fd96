"""The page of the policy: reading, saving, who was quicker, nonsense, and putting back."""

import re
from html import unescape

import pytest

from forum.articles.models import Article
from forum.moderation import policy, policy_rules
from forum.moderation.models_policy import PolicyChange, Rehearsal, Rule
from forum.site.forms import shown
from forum.site.models import Mode, SitePolicy
from tests.make import make_article, send_reply
from tests.moderation.bare_rules import no_rules  # noqa: F401

pytestmark = pytest.mark.django_db
PAGE = "/moderation/policy/"


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def form_of(client, **changes) -> dict[str, str]:
    """The fields of the form as a browser would send them, with some changed."""
    page = client.get(PAGE)
    fields = {name: "" if v is None else v for name, v in page.context["form"].initial.items()}
    sent = {name: value for name, value in (fields | changes).items() if value is not False}
    return {name: "on" if value is True else value for name, value in sent.items()}


def save(client, **changes):
    return client.post(PAGE, form_of(client, **changes))


def now() -> SitePolicy:
    return SitePolicy.objects.current()


def test_an_admin_sets_the_site_to_hold_newcomers(boss):
    answer = save(boss, mode="hold_newcomers", trust_after="2")
    assert (answer.status_code, answer["Location"]) == (303, PAGE)
    policy, change = now(), PolicyChange.objects.get()
    assert (policy.mode, policy.trust_after, policy.version) == (Mode.HOLD_NEWCOMERS, 2, 2)
    assert (change.about, change.by) == ("policy", boss.user)
    assert change.before == {"mode": "hold_all", "trust_after": 3}
    assert change.after == {"mode": "hold_newcomers", "trust_after": 2}
    page = text_of(boss.get(PAGE))
    assert "Saved. This is how replies are treated from now on." in page
    assert "Replies of newcomers wait for a moderator" in page
    assert "An account or a proved address is trusted after 2 approved replies." in page


def test_every_change_gives_the_rules_another_key(boss):
    keys = []
    for days in ("10", "20"):
        save(boss, close_after_days=days)
        keys.append(now().rules_key)
    assert len({"", *keys}) == 3


def test_the_form_holds_every_field_that_the_model_sets_about_moderation(boss):
    apart = {"id", "name", "notice", "roots_per_page", "language", "time_zone", "colours"}
    apart |= {"version", "rules_key"}
    assert set(shown(now())) == {field.name for field in SitePolicy._meta.fields} - apart


def test_whoever_was_slower_sees_both_differences_and_loses_nothing(boss):
    typed = form_of(boss, trust_after="7", help_lines="Call 112.")
    save(boss, mode="open", edit_minutes="30")
    answer = boss.post(PAGE, typed)
    assert answer.status_code == 409
    page = text_of(answer)
    assert "somebody else has changed this since you opened the page" in page
    assert "What boss changed meanwhile" in page
    assert (now().trust_after, now().mode) == (3, "open")
    form = answer.context["form"]
    assert (form["trust_after"].value(), form["help_lines"].value()) == (7, "Call 112.")
    assert (form["mode"].value(), form["edit_minutes"].value()) == ("open", 30)
    mine = {str(line.label) for line in answer.context["mine"]}
    assert mine == {"Approved replies until somebody is trusted", "Help lines"}
    again = {name: form[name].value() for name in form.fields}
    again = {name: "" if v is None else v for name, v in again.items() if v is not False}
    assert boss.post(PAGE, again).status_code == 303
    assert (now().trust_after, now().mode, now().edit_minutes) == (7, "open", 30)


def test_control_the_right_version_is_what_lets_a_form_through(boss):
    typed = form_of(boss, trust_after="7")
    save(boss, mode="open")
    assert boss.post(PAGE, typed | {"version": str(now().version)}).status_code == 303


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("trust_after", "-1", "Please give a whole number from 0 to 1,000."),
        ("spam_from", "101", "Please give a whole number from 0 to 100."),
        ("edit_minutes", "soon", "Please give a whole number from 0 to 10,080."),
        ("person_per_hour", "9" * 5000, "Please give a whole number from 0 to 10,000."),
        ("mode", "anarchy", "Please choose one of the ways in the list."),
        ("help_lines", "x" * 5001, "The help lines are too long: at most 5,000 characters fit."),
    ],
)
def test_nonsense_is_said_in_one_sentence_and_changes_nothing(boss, field, value, sentence):
    answer = save(boss, **{field: value})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    assert answer.context["form"].errors[field] == [sentence]
    assert not PolicyChange.objects.exists()
    assert shown(now()) == shown(SitePolicy())


def test_saving_what_holds_already_is_said_and_writes_nothing(boss):
    answer = save(boss)
    assert answer.status_code == 422
    assert "Nothing is different from what holds already." in text_of(answer)
    assert not PolicyChange.objects.exists()


def test_a_change_is_put_back_as_a_change_of_its_own(boss):
    save(boss, mode="open", close_after_days="30")
    change = PolicyChange.objects.get()
    assert "Put back what was before" in text_of(boss.get(PAGE))
    assert boss.post("/moderation/policy/undo/", {"id": change.pk}).status_code == 303
    back = PolicyChange.objects.order_by("-pk").first()
    assert (now().mode, now().close_after_days) == ("hold_all", None)
    assert (back.before, back.after) == (change.after, change.before)


def test_what_has_been_changed_since_is_not_put_back(boss):
    save(boss, trust_after="5")
    first = PolicyChange.objects.get()
    save(boss, trust_after="6")
    answer = boss.post("/moderation/policy/undo/", {"id": first.pk})
    assert answer.status_code == 409
    assert "Something else has been changed here since, so nothing was put back" in text_of(answer)
    assert now().trust_after == 6


def test_an_article_has_a_mode_of_its_own_that_can_be_put_back(boss, article, stranger):
    save(boss, mode="open")
    address = f"/moderation/articles/{article.pk}/mode/"
    key = now().rules_key
    assert boss.post(address, {"mode": "hold_all"}).status_code == 303
    assert now().rules_key != key
    change = PolicyChange.objects.get(about=f"article-{article.pk}")
    assert (change.before, change.after) == ({"mode": None}, {"mode": "hold_all"})
    send_reply(stranger, article)
    assert article.comments.get().state == "held"
    page = text_of(boss.get(PAGE))
    assert f"Article “{article.title}”" in page
    assert boss.post("/moderation/policy/undo/", {"id": change.pk}).status_code == 303
    assert Article.objects.get().mode is None
    assert boss.post("/moderation/policy/undo/", {"id": change.pk}).status_code == 409
    refused = boss.post(address, {"mode": "anarchy"})
    assert (refused.status_code, Article.objects.get().mode) == (409, None)


def test_a_change_of_what_is_gone_is_not_put_back_and_said_in_one_sentence(boss):
    gone, rule = make_article(), Rule.objects.create(kind="words", text="cure")
    of_article = policy.set_article_mode(gone.pk, "open", boss.user)
    of_rule = policy_rules.switch(rule.pk, False, boss.user) and PolicyChange.objects.latest("pk")
    fields = policy_rules.said({"kind": "words", "text": "dice", "effect": "hold"})
    of_rules = policy_rules.take_in([fields], {}, boss.user)
    gone.delete()
    Rule.objects.all().delete()
    key = now().rules_key
    for change in (of_article, of_rule, of_rules):
        answer = boss.post("/moderation/policy/undo/", {"id": change.pk})
        assert answer.status_code == 409
        assert "is not there any more, so nothing was put back." in text_of(answer)
    assert (PolicyChange.objects.count(), now().rules_key) == (3, key)


def test_moderators_read_the_policy_in_words_and_change_nothing(mod, article):
    page = mod.get(PAGE)
    assert "Every reply waits until a moderator has read it." in text_of(page)
    assert "Only admins change this." in text_of(page)
    assert page.context["form"] is None
    assert mod.post(PAGE, {"mode": "open"}).status_code == 404
    assert mod.post(f"/moderation/articles/{article.pk}/mode/", {"mode": "open"}).status_code == 404
    assert "mode" not in re.findall(r'name="(\w+)"', text_of(mod.get(f"/moderation/articles/{article.pk}/")))
    assert not SitePolicy.objects.exclude(mode="hold_all").exists()
    assert not PolicyChange.objects.exists()


def test_a_stranger_and_a_reader_see_no_policy(stranger, ben):
    assert stranger.get(PAGE).status_code == 302
    assert ben.get(PAGE).status_code == 404
    assert stranger.post(PAGE, {"mode": "open"}).status_code == 302
    assert ben.post(PAGE, {"mode": "open"}).status_code == 404


def test_the_page_reads_as_many_statements_for_many_changes_as_for_one(boss):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counted = []
    for times in (1, 8):
        for n in range(times):
            save(boss, trust_after=str(10 * times + n))
        with CaptureQueriesContext(connection) as seen:
            boss.get(PAGE)
        counted.append(len(seen))
    assert counted[0] == counted[1]


def test_django_admin_keeps_the_name_and_leaves_moderation_alone(boss):
    save(boss, mode="open")
    page = boss.get("/admin/forum/sitepolicy/1/change/")
    assert b'name="mode"' not in page.content
    assert PAGE.encode() in page.content
    fields = {"name": "Still waters", "notice": "", "roots_per_page": "20", "mode": "closed"}
    key = now().rules_key
    assert boss.post("/admin/forum/sitepolicy/1/change/", fields).status_code == 302
    assert (now().name, now().roots_per_page, now().mode) == ("Still waters", 20, "open")
    assert now().rules_key != key


def test_trying_a_policy_changes_nothing_but_what_was_tried(boss):
    answer = boss.post(PAGE, form_of(boss, mode="open") | {"try": "yes", "days": "90"})
    tried = Rehearsal.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/moderation/rehearsals/{tried.pk}/")
    assert (tried.kind, tried.days, tried.proposal["mode"], tried.by) == ("policy", 90, "open", boss.user)
    assert now().mode == "hold_all"
    assert not PolicyChange.objects.exists()
