"""The desk answers requests: it finds their comment, looks once more at what goes for good, and writes."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from forum.accounts.models import Author, Role
from forum.mail.models import Letter
from forum.moderation import takedowns, takedowns_answer, undo
from forum.moderation.decisions import NotPossibleError
from forum.moderation.models import Act, Case, Decision
from forum.moderation.models_requests import TakeDown
from forum.moderation.takedowns_answer import Answer
from forum.threads.models import Comment
from tests.archive import archived_comment, archived_person
from tests.make import make_article, make_comment, make_user
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

db = pytest.mark.django_db
MAIL = "v@x.example"


def asked(comment=None, wish="erase", **fields) -> TakeDown:
    """A request at a comment, or somewhere."""
    said = {"text": "Please.", "email": MAIL, "where": "" if comment else "near the end"} | fields
    return takedowns.ask(takedowns.Asked(wish, comment=comment.pk if comment else None, **said))


def send(client, request: TakeDown, outcome: str, **fields):
    """POST an answer."""
    return client.post(f"/moderation/requests/{request.pk}/", {"outcome": outcome} | fields)


@db
def test_the_pages_are_the_desks(article, stranger, ben, mod):
    request = asked(archived_comment(article))
    for address in ("/moderation/requests/", f"/moderation/requests/{request.pk}/"):
        assert stranger.get(address).status_code == 302
        assert ben.get(address).status_code == 404
        assert mod.get(address).status_code == 200


@db
def test_the_list_has_those_without_a_comment_first_and_no_address_of_who_asks(article, mod):
    asked(archived_comment(article), text="At a comment.")
    asked(text="Somewhere.")
    page = mod.get("/moderation/requests/").content.decode()
    assert page.index("Somewhere.") < page.index("At a comment.")
    assert MAIL not in page
    assert "No comment yet" in page


@db
def test_a_comment_without_words_is_not_said_to_be_visible(article, mod):
    comment = archived_comment(article)
    again, home = asked(comment), f"/moderation/comments/{comment.pk}/"
    address = f"/moderation/requests/{again.pk}/"
    for control in (address, home):
        assert ">Visible</span>" in mod.get(control).content.decode()
    takedowns_answer.answer(asked(comment).pk, Answer("erased"), mod.user)
    for page in (mod.get(address).content.decode(), mod.get(home).content.decode()):
        assert ">Visible</span>" not in page
        assert ">Erased</span>" in page
        assert "The words have been erased." in page


@db
@pytest.mark.parametrize("where", ["{pk}", "https://forum.example/comments/{pk}/"])
def test_a_request_finds_its_comment_and_becomes_a_case(article, mod, where):
    comment, request = archived_comment(article), asked()
    answer = mod.post(f"/moderation/requests/{request.pk}/attach/", {"where": where.format(pk=comment.pk)})
    assert answer.status_code == 303
    request.refresh_from_db()
    assert (request.comment, request.article) == (comment, article)
    assert Case.objects.get(cause="takedown", closed=None).comment == comment


@db
def test_a_request_that_was_put_at_a_wrong_comment_goes_along_with_its_case(article, mod):
    wrong, right = archived_comment(article), archived_comment(article)
    request = asked(wrong)
    mod.post(f"/moderation/requests/{request.pk}/attach/", {"where": str(right.pk)})
    assert [case.comment for case in Case.objects.filter(closed=None)] == [right]


@db
@pytest.mark.parametrize("where", ["", "999999", "the blue one", "https://[::1"])
def test_where_nothing_is_found_says_so(article, mod, where):
    request = asked()
    answer = mod.post(f"/moderation/requests/{request.pk}/attach/", {"where": where})
    assert answer.status_code == 422
    assert "No comment is found there." in answer.content.decode()
    assert mod.post("/moderation/requests/999/attach/", {"where": "1"}).status_code == 404


@db
def test_erasing_shows_first_what_goes_and_acts_when_one_is_sure(article, mod, stranger):
    comment = archived_comment(article, name="Vasilis")
    make_comment(article, "I agree with Vasilis.", parent=comment)
    request = asked(comment)
    looked = send(mod, request, "erased", answer="Done, and sorry.")
    page = looked.content.decode()
    assert looked.status_code == 200
    assert "This cannot be taken back" in page
    assert "1 reply stays" in page
    assert "Others name this person here" in page
    comment.refresh_from_db()
    assert comment.erased_at is None
    done = send(mod, request, "erased", answer="Done, and sorry.", sure="on", version=comment.version)
    assert (done.status_code, done["Location"]) == (303, "/moderation/requests/")
    comment.refresh_from_db()
    request.refresh_from_db()
    assert (comment.body_source, comment.name_shown) == ("", "")
    assert (request.outcome, request.answered_by, request.answer) == ("erased", mod.user, "Done, and sorry.")
    assert not Case.objects.filter(closed=None).exists()
    made = Decision.objects.get()
    assert (made.act, made.actor, made.reason, made.note) == (Act.ERASE, mod.user, "", "")
    with pytest.raises(NotPossibleError):
        undo.undo(made.pk, mod.user)
    assert "A comment stood here." in stranger.get(article.path).content.decode()


@db
def test_the_letter_holds_our_words_and_the_answer_and_no_quote(article, mod):
    comment = archived_comment(article, name="Vasilis")
    send(mod, asked(comment), "erased", answer="Done, and sorry.", sure="on")
    letter = Letter.objects.get()
    assert letter.to == MAIL
    assert "Done, and sorry." in letter.text
    assert "It cannot be brought back." in letter.text
    for word in ("Vasilis", "Archived words", "Please."):
        assert word not in letter.text
    call = Letter.objects.filter(pk=letter.pk)
    call.update(sent_at=timezone.now() - datetime.timedelta(days=8))
    call_command("purge_private")
    assert not Letter.objects.filter(to=MAIL).exists()


@db
@pytest.mark.parametrize(("outcome", "words"), [("refused", "leave it as it is"), ("other", "another way")])
def test_other_answers_touch_no_words_and_need_no_second_look(article, mod, outcome, words):
    comment = archived_comment(article)
    answer = send(mod, asked(comment), outcome, answer="We have asked the blog's owner.")
    assert answer.status_code == 303
    assert Comment.objects.get().body_source == comment.body_source
    assert words in Letter.objects.get().text
    assert not Decision.objects.exists()
    assert not Case.objects.filter(closed=None).exists()


@db
def test_without_an_address_nobody_is_written_to(article, mod):
    send(mod, asked(archived_comment(article), email=""), "refused")
    assert not Letter.objects.exists()


@db
def test_a_name_goes_from_all_that_the_same_person_wrote_on_that_blog_when_one_asks_for_it(article, mod):
    person = archived_person("Vasilis")
    here, there = archived_comment(article, person), archived_comment(make_article(), person)
    same_name = archived_comment(article, archived_person("Vasilis"))
    request = asked(here, wish="unname")
    assert "from 1 other comment" in mod.get(f"/moderation/requests/{request.pk}/").content.decode()
    send(mod, request, "unnamed", everywhere="on", sure="on")
    names = {c.pk: c.name_shown for c in Comment.objects.all()}
    assert names == {here.pk: "", there.pk: "", same_name.pk: "Vasilis"}
    assert Author.objects.get(pk=person.pk).name == ""
    assert Decision.objects.filter(act=Act.UNNAME).count() == 2


@db
def test_the_reply_says_no_name_either_once_it_is_off(article, mod, stranger):
    comment = archived_comment(article, name="Vasilis")
    make_comment(article, "I agree.", parent=comment)
    assert "Vasilis" in stranger.get(article.path).content.decode()
    send(mod, asked(comment, wish="unname"), "unnamed", sure="on")
    page = stranger.get(article.path).content.decode()
    assert "Vasilis" not in page
    assert "Archived words 0." in page


@db
@pytest.mark.parametrize("fields", [{"outcome": ""}, {"outcome": "burnt"}])
def test_nonsense_gets_one_sentence(article, mod, fields):
    answer = send(mod, asked(archived_comment(article)), **fields)
    assert answer.status_code == 422
    assert "Please choose what you have decided." in answer.content.decode()


@db
def test_what_has_changed_is_answered_or_is_nowhere_is_refused_with_a_sentence(article, mod):
    comment, nowhere = archived_comment(article), asked()
    request = asked(comment)
    stale = send(mod, request, "erased", sure="on", version=comment.version + 1)
    assert (stale.status_code, "has changed since you saw it" in stale.content.decode()) == (409, True)
    lost = send(mod, nowhere, "erased", sure="on")
    assert (lost.status_code, "Say first which comment" in lost.content.decode()) == (409, True)
    send(mod, request, "refused")
    again = send(mod, request, "erased", sure="on")
    assert (again.status_code, "Somebody was quicker" in again.content.decode()) == (409, True)
    assert Comment.objects.get().body_source == comment.body_source


@db
def test_two_requests_at_one_comment_are_answered_each_and_its_case_stays_till_then(article, mod):
    comment = archived_comment(article)
    one, two = asked(comment), asked(comment, text="And me.")
    send(mod, one, "erased", sure="on")
    assert Case.objects.get(closed=None).comment == comment
    gone = send(mod, two, "erased", sure="on")
    assert (gone.status_code, "gone already" in gone.content.decode()) == (409, True)
    send(mod, two, "other")
    assert not Case.objects.filter(closed=None).exists()


@db
def test_thirty_days_after_the_answer_nobody_knows_who_asked(article, mod):
    done, open_ = asked(archived_comment(article), name="Vera"), asked(name="Nora")
    send(mod, done, "refused", answer="Dear Vera, no.")
    call_command("purge_private")
    done.refresh_from_db()
    assert done.email == MAIL
    TakeDown.objects.filter(pk=done.pk).update(purge_after=timezone.now())
    call_command("purge_private")
    rows = {r.pk: (r.name, r.email, r.text, r.answer) for r in TakeDown.objects.all()}
    assert rows == {done.pk: ("", "", "", ""), open_.pk: ("Nora", MAIL, "Please.", "")}
    assert TakeDown.objects.get(pk=done.pk).outcome == "refused"


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared")
def test_of_four_answers_at_once_one_counts():
    def prepared():
        mods = [make_user(f"mod-{n}", Role.MODERATOR) for n in range(4)]
        return asked(archived_comment(make_article())), mods

    request, mods = in_thread(prepared)

    def said(mod) -> str:
        try:
            takedowns_answer.answer(request.pk, Answer("erased"), mod)
        except takedowns_answer.NotPossibleError as error:
            return error.args[0]
        return "done"

    told = together([lambda mod=mod: said(mod) for mod in mods])
    assert sorted(told) == ["answered"] * 3 + ["done"]
    assert in_thread(Decision.objects.count) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared")
def test_putting_a_request_elsewhere_and_answering_it_never_wait_for_each_other():
    """Both take the articles first, then the request."""

    def prepared():
        there = make_comment(make_article())
        return there, make_user("mod-1", Role.MODERATOR)

    there, mod = in_thread(prepared)
    for n in range(10):
        request = in_thread(lambda n=n: asked(make_comment(there.article), text=f"Please, {n}."))

        def answered(request=request) -> str:
            try:
                takedowns_answer.answer(request.pk, Answer("refused"), mod)
            except takedowns_answer.NotPossibleError as error:
                return error.args[0]
            return "answered"

        def put(request=request) -> str:
            try:
                takedowns.attach(request.pk, str(there.pk))
            except TakeDown.DoesNotExist:
                return "late"
            return "put"

        told = together([answered, put])
        assert told in (["answered", "late"], ["answered", "put"], ["stale", "put"])
