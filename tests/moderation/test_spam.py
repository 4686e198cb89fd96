"""Learning from the moderators' decisions what spam looks like, and what the desk is shown of it."""

import json
import re
import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import CommandError, call_command

from forum.articles.models import Article
from forum.jobs.models import Job
from forum.moderation import decisions, rules, spam, spam_training
from forum.moderation.models import Act
from forum.moderation.models_policy import PolicyChange, SpamModel
from forum.site.models import Mode, SitePolicy
from forum.threads.models import Comment
from forum.threads.states import Origin, State
from tests.conftest import PROJECT
from tests.make import load_comments, make_article, make_comment, make_user, send_reply
from tests.moderation import talk
from tests.moderation.desk import desk

pytestmark = pytest.mark.django_db
OFFER = "Buy viagra online now, cheap cialis without prescription, best price guaranteed."
WORDS = "My balance has been worse since the summer heat began."


def decided(texts, act: str, actor, article=None) -> list[Comment]:
    """Held comments on which somebody decides, None the system."""
    article = article or make_article()
    made = [make_comment(article, text, name=f"N{n}", state="held") for n, text in enumerate(texts)]
    decisions.decide_some(act, {comment.pk: None for comment in made}, actor)
    return made


@pytest.fixture
def staff(db):
    return make_user("quill", "moderator")


@pytest.fixture
def taught(staff) -> SpamModel:
    """A model learnt from sixty decisions."""
    decided(talk.spam(1, 30), Act.SPAM, staff)
    decided(talk.honest(2, 30), Act.APPROVE, staff)
    return spam_training.train(staff)


def test_what_is_learnt_holds_spam_on_an_open_site_and_lets_talk_pass(taught):
    policy = SitePolicy.objects.get()
    policy.mode = Mode.OPEN
    verdict = rules.screen(Article(), policy, text=OFFER)
    assert (verdict.state, verdict.rule) == (State.HELD, "spam_model")
    assert rules.screen(Article(), policy, text=WORDS).state == State.VISIBLE
    policy.spam_from = 0
    assert rules.screen(Article(), policy, text=OFFER).state == State.VISIBLE  # the control: switched off


@pytest.mark.parametrize("text", ["Το σπίτι μου", "我有癌症", "Мне стало легче", "Ok", "🙂", ""])
def test_texts_of_which_no_word_is_known_look_like_nothing(text):
    model = spam.Model(0.75, {"viagra": 3.0, "stick": -1.0})
    policy = SitePolicy()
    assert list(spam.find(text, policy, model)) == []
    assert list(spam.find(f"{text} my stick", policy, model)) == []  # nothing speaks for spam
    assert [hit.rule for hit in spam.find(f"{text} viagra", policy, model)] == ["spam_model"]  # the control
    assert list(spam.find("Words.", policy, spam.Model(0.0, {}))) == []


def test_score_and_strongest_words_stand_on_the_card(article, stranger, mod, taught):
    send_reply(stranger, article, OFFER)
    page = desk(mod)
    score = spam.in_force(SitePolicy.objects.get()).per_cent(OFFER)
    assert score >= 90
    assert f"Looks like earlier spam: {score} %" in page
    assert 1 <= page.count(f'<mark title="Looks like earlier spam: {score} %">') <= spam.STRONGEST


def test_a_model_that_another_thread_forgets_meanwhile_is_read_again(taught, monkeypatch):
    class Forgetful(dict):
        def __contains__(self, key):
            there = super().__contains__(key)
            self.clear()
            return there

    policy = SitePolicy.objects.get()
    known = spam.in_force(policy)
    monkeypatch.setattr(spam, "_kept", Forgetful(spam._kept))
    assert spam.in_force(policy) is known
    spam._kept.clear()
    assert spam.in_force(policy) == known


def test_training_writes_down_what_changed_and_tells_every_process(staff, taught, django_assert_num_queries):
    change = PolicyChange.objects.get()
    assert (change.about, change.by, change.after) == ("spam", staff, {"spam": 30, "honest": 30})
    policy = SitePolicy.objects.get()
    assert policy.rules_key
    spam.in_force(policy)
    with django_assert_num_queries(0):
        spam.in_force(policy)
    before = policy.rules_key
    for _again in range(4):
        spam_training.train(staff)
    assert SitePolicy.objects.get().rules_key != before
    assert SpamModel.objects.count() == spam_training.KEPT


def test_only_decisions_of_people_that_stand_are_learnt_from(staff, taught):
    decided(["By the system, all of it."] * 3, Act.SPAM, None)
    taken_back = decided(["Taken back, all of it."] * 3, Act.APPROVE, staff)
    for comment in taken_back:
        decisions.undo_some([comment.decisions.get().pk], staff)
    make_comment(make_article(), "Published by an open site.")
    erased = decided(["Erased, every word."], Act.APPROVE, staff)[0]
    Comment.objects.filter(pk=erased.pk).update(body_source="", body_html="", erased_at=erased.received_at)
    model = spam_training.train(staff)
    assert (model.spam, model.honest) == (30, 30)


def test_what_the_archive_has_published_or_marked_as_spam_is_learnt_from_too(staff, taught):
    rows = load_comments(make_article(), [None] * 5)
    Comment.objects.filter(pk__in=[row.pk for row in rows[:2]]).update(state=State.SPAM)
    assert Comment.objects.filter(origin=Origin.ARCHIVE).count() == 5
    model = spam_training.train(staff)
    assert (model.spam, model.honest) == (32, 33)


def test_with_too_little_to_learn_from_it_says_so_and_changes_nothing(staff):
    decided(talk.spam(1, 19), Act.SPAM, staff)
    decided(talk.honest(2, 40), Act.APPROVE, staff)
    with pytest.raises(spam_training.NotEnoughError, match="19 comments marked as spam and 40 approved"):
        spam_training.train(staff)
    with pytest.raises(CommandError, match="not enough to learn from yet"):
        call_command("train_spam")
    assert not SpamModel.objects.exists()
    assert not PolicyChange.objects.exists()


def test_the_command_learns_and_says_from_how_much(taught, capsys):
    call_command("train_spam", by=taught.by_id)
    assert "Learnt from 30 comments marked as spam and 30 others." in capsys.readouterr().out
    assert SpamModel.objects.latest("pk").by == taught.by


@pytest.mark.django_db(transaction=True)
def test_a_worker_learns_when_it_is_asked_to(staff):
    decided(talk.spam(1, 20), Act.SPAM, staff)
    decided(talk.honest(2, 20), Act.APPROVE, staff)
    job = spam.ask_training(staff)
    assert not SpamModel.objects.exists()
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)
    assert Job.objects.get(pk=job.pk).state == Job.State.DONE
    assert SpamModel.objects.get().by == staff


def test_no_word_of_one_person_alone_and_no_part_of_an_address_is_kept(staff):
    article = make_article()
    for n in range(30):
        text = f"{WORDS} Hannelore writes to hannelore.smith@mail.example or calls 0171 234{n}."
        made = make_comment(article, text, name="Hannelore", state="held")
        decisions.decide(Act.APPROVE, made.pk, staff)
    decided(talk.honest(2, 30), Act.APPROVE, staff)
    decided([f"{offer} rareword{n}x" for n, offer in enumerate(talk.spam(1, 30))], Act.SPAM, staff)
    kept = spam_training.train(staff).weights
    assert not {"hannelore", "smith", "mail", "0171"} & kept.keys()
    assert not [word for word in kept if any(c.isdigit() for c in word) and word not in spam.LINK_WORDS]
    assert {"online", "best"} & kept.keys()  # the control


def test_features_are_folded_words_and_the_number_of_links():
    text = "Cheap VIA\u200bGRA at https://shop.example/u/jane?x=1 or jane@x.example, 50 mg"
    found = spam.features(text)
    assert {"cheap", "viagra", "shop", "1 link"} <= found
    assert not {"jane", "50", "u"} & found


def test_no_socket_is_opened_by_screening(taught, monkeypatch):
    def refuse(*_args, **_rest):
        raise AssertionError("somebody outside was asked")

    policy = SitePolicy.objects.get()
    monkeypatch.setattr(socket, "create_connection", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert rules.screen(Article(), policy, text=OFFER).hits


def test_only_the_command_imports_what_learns():
    """The library takes 120 MB, which no web process should."""
    files = [(path, path.read_text()) for path in (PROJECT / "forum").rglob("*.py")]
    users = {path.stem for path, text in files if "moderation.spam_training" in text}
    heavy = {
        path.stem for path, text in files if re.search(r"^(import|from) (sklearn|numpy|scipy)", text, re.M)
    }
    assert (users, heavy) == ({"train_spam"}, {"spam_training"})


class _Judge(BaseHTTPRequestHandler):
    """A service on this machine that finds everything suspicious and remembers what it was told."""

    told: list[dict] = []

    def do_POST(self) -> None:
        self.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'{"per_cent": 99}')

    def log_message(self, *_args) -> None:
        pass


def test_a_service_that_the_operator_names_is_asked_and_told_the_text_alone(settings):
    policy = SitePolicy(mode=Mode.OPEN)
    server = HTTPServer(("127.0.0.1", 0), _Judge)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        settings.SPAM_SERVICE = f"http://127.0.0.1:{server.server_port}/judge"
        verdict = rules.screen(Article(), policy, text=WORDS, name="Vera")
        assert (verdict.state, verdict.rule) == (State.HELD, "spam_model")
        assert _Judge.told == [{"text": WORDS}]
        rules.find(WORDS, policy)  # looking at what is there already asks nobody
        assert len(_Judge.told) == 1
    finally:
        server.shutdown()
        server.server_close()
    assert rules.screen(Article(), policy, text=WORDS).state == State.VISIBLE  # it does not answer any more
