"""What was erased or has lost its name is nowhere in the database, and no import brings it back."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.utils import timezone

from forum.accounts.models import Author, AuthorKey, Role
from forum.articles.models import Article
from forum.importing import undo
from forum.mail.models import Letter
from forum.moderation import claims, decisions, edits, notes, reports, takedowns, takedowns_answer
from forum.moderation.models import Act, Decision
from forum.moderation.models_requests import TakeDown
from forum.moderation.takedowns_answer import Answer
from forum.sources.models import ImportRun, LedgerLine, SourceItem
from forum.threads import check, tree
from forum.threads.models import Comment
from tests.importing.wxr import samples
from tests.make import make_comment, make_user
from tests.notifications.people import decide, follows, guest, held

pytestmark = pytest.mark.django_db
NAME, WORDS, MAIL, HOME = "Canaria", "zanzibarquux", "canary-mail", "canary-home"
OF_HER = {"author": NAME, "author_email": f"{MAIL}@x.example", "author_url": f"https://{HOME}.example/"}


@pytest.fixture
def give(tmp_path):
    """Import one post with three comments, hers in the middle, with `words` and `more` after it."""

    def give(words: str = WORDS, *more: str) -> ImportRun:
        text = samples.wxr(
            samples.item(
                samples.comment("1", "0", "First."),
                samples.comment("2", "1", f"What {words} is.", **OF_HER),
                samples.comment("3", "2", "An answer to her."),
                *more,
            )
        )
        path = tmp_path / "export.xml"
        path.write_text(text, encoding="utf-8")
        call_command("import_archive", str(path), "--json")
        return ImportRun.objects.order_by("-pk")[0]

    return give


def hers() -> Comment:
    """The comment, by the number that the archive gave it."""
    return Comment.objects.get(pk=SourceItem.objects.get(key="id:2").number)


def asked(comment: Comment, wish: str = "erase") -> TakeDown:
    """A request about a comment."""
    return takedowns.ask(takedowns.Asked(wish, comment=comment.pk))


def answer(outcome: str, comment: Comment, actor, **fields) -> TakeDown:
    """A request that is answered so."""
    return takedowns_answer.answer(asked(comment).pk, Answer(outcome, **fields), actor)


def places(*canaries: str) -> int:
    """In how many rows one of these words stands."""
    lines = [str(row) for model in apps.get_models() for row in model._base_manager.values_list()]
    return sum(any(word in line for word in canaries) for line in lines)


def last_outcome(number: str = "2") -> tuple[str, str]:
    """How a comment of the archive ended in the newest run."""
    line = LedgerLine.objects.filter(source_id=number).order_by("-pk")[0]
    return line.outcome, line.code


@pytest.fixture
def admin(db):
    """Who decides."""
    return make_user("chief", Role.ADMIN)


def talked_about(comment: Comment, admin) -> None:
    """All that the desk and readers may have written about a comment, with its words."""
    said = f"She says {WORDS}, {NAME} does."
    notes.add(said, comment, admin)
    edits.edit(comment.pk, f"What {WORDS} was.", admin, version=comment.version)
    reports.report(comment.pk, reports.Reporter(None, "t"), "other", said)
    decisions.decide(Act.KEEP, comment.pk, admin, grounds=decisions.Grounds(reason=said, note=said))
    claims.claim(comment.pk, admin, said)


def test_control_before_erasing_the_words_stand_in_many_places(give, admin):
    give()
    talked_about(hers(), admin)
    assert places(WORDS) >= 8
    assert places(NAME, MAIL, HOME) >= 4


def test_figure_pv2_after_erasing_nothing_of_the_person_is_found(give, admin):
    give()
    comment = hers()
    talked_about(comment, admin)
    answer("erased", comment, admin)
    assert places(WORDS, NAME, MAIL, HOME) == 0
    comment.refresh_from_db()
    assert (comment.author, comment.erased_at is None) == (None, False)
    assert Decision.objects.get(act=Act.ERASE).actor == admin
    article = Article.objects.get()
    assert check.examine(article.pk) == []
    assert tree.broken(article.pk) == []
    assert article.comment_count == 2


def test_letters_that_quote_it_are_emptied_and_written_anew_without_it(give, admin, mod):
    give()
    comment, article = hers(), Article.objects.get()
    follows(guest("Vera"), on=article)
    reply = held(article, "I know it.", parent=comment)
    decide(mod, "approve", reply)
    assert WORDS in Letter.objects.get(about=f"comment-{reply.pk}").text
    answer("erased", comment, admin)
    assert places(WORDS, NAME) == 0
    anew = Letter.objects.get(about=f"comment-{reply.pk}", cancelled_at=None)
    assert "I know it." in anew.text


def test_a_letter_that_has_left_is_emptied_and_the_one_beside_it_stays(give, admin, mod):
    give()
    comment, article = hers(), Article.objects.get()
    follows(guest("Vera"), on=article)
    replies = [held(article, f"Reply {n}.", parent=above) for n, above in enumerate((comment, None))]
    for reply in replies:
        decide(mod, "approve", reply)
    Letter.objects.update(sent_at=timezone.now())
    answer("erased", comment, admin)
    texts = [Letter.objects.get(about=f"comment-{reply.pk}").text for reply in replies]
    assert texts[0] == ""
    assert "Reply 1." in texts[1]


def test_the_replies_stay_under_a_placeholder_and_it_is_not_restored(give, admin, stranger):
    give()
    comment = hers()
    answer("erased", comment, admin)
    page = stranger.get(Article.objects.get().path).content.decode()
    assert "A comment stood here." in page
    assert "An answer to her." in page
    for act in ("restore", "approve", "remove", "keep", "spam"):
        with pytest.raises(decisions.NotPossibleError):
            decisions.decide(act, comment.pk, admin)
    assert stranger.get(f"/comments/{comment.pk}/").status_code in {301, 302, 303, 404}


@pytest.mark.parametrize("words", [WORDS, "other zanzibarquux words"])
def test_the_same_or_a_changed_archive_brings_nothing_back(give, admin, words):
    give()
    number = hers().pk
    answer("erased", hers(), admin)
    give(words)
    assert places(WORDS, NAME, MAIL, HOME) == 0
    assert hers().pk == number
    assert last_outcome() == ("skipped", "erased")
    assert last_outcome("1") == ("unchanged", "")


def test_undoing_and_doing_the_import_again_brings_nothing_back(give, admin, capsys):
    run = give()
    number = hers().pk
    answer("erased", hers(), admin)
    undo.undo(run)
    undo.redo(ImportRun.objects.get(pk=run.pk))
    assert places(WORDS, NAME, MAIL, HOME) == 0
    assert hers().pk == number
    assert hers().erased_at is not None
    assert Comment.objects.get(body_source__contains="An answer to her.").state == "visible"
    assert check.examine(Article.objects.get().pk) == []


def test_control_without_an_erasure_doing_it_again_brings_the_words(give):
    run = give()
    undo.undo(run)
    undo.redo(ImportRun.objects.get(pk=run.pk))
    assert places(WORDS) > 0
    assert hers().name_shown == NAME


def test_a_name_goes_from_one_comment_and_stays_gone(give, admin):
    run = give()
    answer("unnamed", hers(), admin)
    for _again in range(2):
        comment = hers()
        assert (comment.name_shown, comment.author) == ("", None)
        assert WORDS in comment.body_source
        assert places(NAME, MAIL, HOME) == 0
        give()
    give("other words")
    assert hers().name_shown == ""
    undo.undo(run)
    undo.redo(ImportRun.objects.get(pk=run.pk))
    assert hers().name_shown == ""
    assert hers().body_source != ""
    assert places(NAME, MAIL, HOME) == 0


def test_a_name_goes_from_all_comments_of_the_same_person_and_from_those_that_come_later(give, admin):
    own = {**OF_HER, "user_id": "7"}
    more = [samples.comment(str(n), "0", f"Further words {n}.", **own) for n in (4, 5)]
    text = {**own, "author": NAME}
    give(WORDS, *more)
    four = Comment.objects.get(body_source__contains="Further words 4.")
    assert four.author is not None
    other = Comment.objects.get(body_source__contains="First.")
    answer("unnamed", four, admin, everywhere=True)
    named = Comment.objects.filter(name_shown=NAME)
    assert [c.pk for c in named] == [hers().pk]  # known by nothing but a name: not the same person
    assert Comment.objects.get(pk=other.pk).name_shown == "Ben"
    give(WORDS, *more, samples.comment("6", "0", "Further words 6.", **text))
    six = Comment.objects.get(body_source__contains="Further words 6.")
    assert (six.name_shown, six.author) == ("", None)
    assert Decision.objects.filter(act=Act.UNNAME).count() == 2


def test_a_person_with_other_words_is_not_forgotten_with_one_comment(give, admin):
    own = {**OF_HER, "user_id": "7"}
    give(WORDS, *(samples.comment(str(n), "0", f"Further words {n}.", **own) for n in (4, 5)))
    four, five = (Comment.objects.get(body_source__contains=f"words {n}.") for n in (4, 5))
    person = four.author
    answer("erased", four, admin)
    assert Author.objects.get(pk=person.pk).erased_at is None
    answer("erased", five, admin)
    gone = Author.objects.get(pk=person.pk)
    assert (gone.name, gone.url) == ("", "")
    assert gone.erased_at is not None
    assert all(key.key.startswith("erased:") for key in AuthorKey.objects.filter(author=person))


def test_erasing_a_live_comment_takes_address_and_network_too(article, admin):
    writer = Author.objects.create(kind=Author.Kind.GUEST, name=NAME)
    values = {"email": f"{MAIL}@x.example", "ip": "203.0.113.99", "name": NAME, "author": writer}
    comment = make_comment(article, f"My {WORDS}.", **values)
    reply = make_comment(article, "I see.", parent=comment)
    answer("erased", comment, admin)
    assert places(WORDS, NAME, MAIL, "203.0.113.99") == 0
    assert Comment.objects.get(pk=reply.pk).parent_id == comment.pk


def test_what_waited_is_out_of_the_queue_when_it_is_erased(article, admin, mod):
    comment = make_comment(article, f"My {WORDS}.", state="held")
    answer("erased", comment, admin)
    article.refresh_from_db()
    assert (article.held_count, Comment.objects.get().state) == (0, "removed")
