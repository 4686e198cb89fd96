"""Asking for words or a name to be taken down, without an account: what is taken, found, and told."""

import pytest
from django.test import Client

from forum.moderation import takedowns
from forum.moderation.models import Case
from forum.moderation.models_requests import TakeDown
from forum.sources.models import SourceItem
from tests.archive import archived_comment
from tests.make import make_article, make_comment
from tests.moderation.desk import cards, desk
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

db = pytest.mark.django_db
FIELDS = {"wish": "erase", "text": "I wrote this when I was ill.", "name": "Vera", "email": "v@x.example"}


def ask(client, where="", **fields):
    """POST a request: at a comment, or to the page of the footer with `where` in words."""
    headers = fields.pop("headers", None)
    at_comment = not isinstance(where, str)
    address = f"/comments/{where.pk}/take-down/" if at_comment else "/take-down/"
    said = FIELDS | ({} if at_comment else {"where": where}) | fields
    return client.post(address, said, headers=headers)


@db
def test_archived_comments_and_every_page_lead_there_and_live_comments_do_not(article, stranger):
    old, live = archived_comment(article), make_comment(article)
    page = stranger.get(article.path).content.decode()
    assert f'href="/comments/{old.pk}/take-down/"' in page
    assert f'href="/comments/{live.pk}/take-down/"' not in page
    for address in ("/", article.path, "/accounts/login/", "/take-down/"):
        assert 'href="/take-down/"' in stranger.get(address).content.decode()


@db
def test_the_pages_are_shared_and_hold_no_token(article, stranger):
    for address in ("/take-down/", f"/comments/{archived_comment(article).pk}/take-down/"):
        page = stranger.get(address)
        assert "csrfmiddlewaretoken" not in page.content.decode()
        assert not page.cookies


@db
def test_a_request_at_a_comment_is_a_case_and_the_thanks_show_nothing_of_it(article, stranger, mod):
    comment = archived_comment(article)
    answer = ask(stranger, comment)
    assert (answer.status_code, answer["Location"]) == (303, "/take-down/asked/")
    thanks = stranger.get(answer["Location"]).content.decode()
    assert "A moderator will read your request" in thanks
    assert "v@x.example" not in thanks
    made = TakeDown.objects.get()
    assert (made.comment, made.article, made.outcome, made.email) == (comment, article, "", "v@x.example")
    assert Case.objects.get().cause == "takedown"
    page = desk(mod, "tab=takedowns")
    assert cards(page) == [comment.pk]
    assert "I wrote this when I was ill." in page
    assert f"/moderation/requests/{made.pk}/" in page


@db
@pytest.mark.parametrize("state", ["held", "rejected", "spam", "removed"])
def test_what_is_not_public_answers_as_what_never_was(article, stranger, state):
    hidden = make_comment(article, state=state)
    never = stranger.get("/comments/999999/take-down/")
    for answer in (stranger.get(f"/comments/{hidden.pk}/take-down/"), ask(stranger, hidden)):
        assert (answer.status_code, len(answer.content)) == (404, len(never.content))
    assert not TakeDown.objects.exists()


@db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"wish": ""}, "Please choose what should happen."),
        ({"wish": "burn"}, "Please choose what should happen."),
        ({"wish": "other", "text": ""}, "Please say in a few words what should happen."),
        ({"email": "no address"}, "This does not look like an e-mail address; it may also stay empty."),
        ({"where": ""}, "Please say where it is: its address, or a few of its words."),
        ({"text": "x" * 4001}, "At most 4000 characters fit here."),
    ],
)
def test_nonsense_gets_one_sentence_and_keeps_what_was_typed(stranger, fields, sentence):
    answer = ask(stranger, **{"where": "somewhere below the post on sticks"} | fields)
    page = answer.content.decode()
    assert (answer.status_code, page.count(sentence) >= 1) == (422, True)
    assert 'value="Vera"' in page
    assert not TakeDown.objects.exists()


@db
def test_a_foreign_form_is_refused_and_a_filled_trap_forgotten(stranger):
    assert ask(stranger, "somewhere", headers={"Origin": "https://evil.example"}).status_code == 403
    assert ask(stranger, "somewhere", website="https://x.example").status_code == 303
    assert not TakeDown.objects.exists()


@db
def test_sending_it_twice_is_one_request_and_other_words_are_another(article, stranger):
    comment = archived_comment(article)
    for where in (comment, comment, "near the end", "near the end"):
        assert ask(stranger, where).status_code == 303
    assert TakeDown.objects.count() == 2
    ask(stranger, comment, text="Something else.")
    assert (TakeDown.objects.count(), Case.objects.count()) == (3, 1)


@db
def test_the_eleventh_request_of_a_network_in_an_hour_waits(stranger):
    for n in range(10):
        assert ask(stranger, f"the comment number {n}").status_code == 303
    answer = ask(stranger, "one more")
    assert answer.status_code == 429
    assert "Try again after" in answer.content.decode()
    assert "I wrote this when I was ill." in answer.content.decode()
    assert TakeDown.objects.count() == 10
    assert ask(Client(REMOTE_ADDR="192.0.2.9"), "one more").status_code == 303


@db
@pytest.mark.parametrize(
    "where",
    [
        "https://forum.example/comments/{pk}/",
        "/comments/{pk}/",
        "{pk}",
        "https://forum.example{path}?page=2#comment-{pk}",
        "forum.example{path}?replytocom={pk}#respond",
        "https://old-blog.example{path}#comment-77",
        "https://old-blog.example{path}comment-page-1/#comment-{pk}",
    ],
)
def test_an_address_of_ours_or_of_the_old_blog_finds_its_comment(article, stranger, where):
    comment = archived_comment(article)
    values = {"system": "wordpress", "kind": "comment", "key": "id:77", "key_scheme": "id"}
    SourceItem.objects.create(article=article, comment=comment, number=comment.pk, **values)
    archived_comment(article)
    ask(stranger, where.format(pk=comment.pk, path=article.path))
    made = TakeDown.objects.get()
    assert (made.comment, made.article) == (comment, article)


@db
def test_an_address_of_a_post_finds_the_post_and_nonsense_finds_nothing(article, stranger):
    archived_comment(article)
    ask(stranger, f"https://old-blog.example{article.path}")
    for where in ("the third one from below", "https://[::1", "#", "/", "99999999999999999999", "\0"):
        found = takedowns.find(where)
        assert (found.comment, found.article) == (None, None)
    made = TakeDown.objects.get()
    assert (made.comment, made.article) == (None, article)


@db
def test_a_number_of_another_post_is_not_found_below_this_one(article):
    other = make_article()
    comment = archived_comment(other)
    values = {"system": "wordpress", "kind": "comment", "key": "id:77", "key_scheme": "id"}
    SourceItem.objects.create(article=other, comment=comment, number=comment.pk, **values)
    assert takedowns.find(f"{article.path}#comment-77").comment is None
    assert takedowns.find(f"{other.path}#comment-77").comment == comment


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared")
def test_the_same_request_five_times_at_once_is_one():
    asked = takedowns.Asked("erase", "Please.", where="near the end")
    together([lambda: takedowns.ask(asked).pk] * 5)
    assert in_thread(TakeDown.objects.count) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared")
def test_control_five_different_ones_at_once_are_five():
    many = [takedowns.Asked("erase", f"Please {n}.", where="near the end") for n in range(5)]
    together([lambda one=one: takedowns.ask(one).pk for one in many])
    assert in_thread(TakeDown.objects.count) == 5
