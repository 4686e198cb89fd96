"""A person's page at the desk: what it shows, what it hides, approving what waits, taking trust back."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from forum.accounts.models import Address, Author, Role, User
from forum.accounts.writing import trust
from forum.mail.models import Letter
from forum.threads.models import Comment
from tests.archive import archived_comment, archived_person
from tests.make import make_article, make_comment, make_user
from tests.moderation.bans import ban

pytestmark = pytest.mark.django_db


@pytest.fixture
def vera(article) -> Author:
    """An account with words in several states, one of them under another name."""
    author = Author.objects.get(user=make_user("vera"))
    private = {"email": "private@mail.example", "ip": "192.0.2.77", "user_agent": "Odd/1.0"}
    for text, state, name in (
        ("First words.", "visible", "vera"),
        ("Held words.", "held", "vera"),
        ("More held words.", "held", "vera"),
        ("Removed words.", "removed", "vera"),
        ("Secret words.", "visible", "Nightingale"),
    ):
        make_comment(article, text, state=state, name=name, author=author, **private)
    return author


def page_of(client, author: Author, query: str = "") -> str:
    """The desk's page of a person."""
    answer = client.get(f"/moderation/people/{author.pk}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_tells_who_it_is_and_counts_what_they_wrote(vera, mod):
    page = page_of(mod, vera)
    assert "Account <bdi>vera</bdi>" in page
    counts = re.findall(r"<dt>(\w+)</dt><dd>(\d+)</dd>", page)
    assert counts == [("Held", "2"), ("Visible", "2"), ("Removed", "1")]
    assert "<bdi>Nightingale</bdi>" in page
    assert "(only the desk knows)" in page


def test_no_address_and_no_network_stands_on_it(vera, mod):
    Address.objects.create(author=vera, email="proved@mail.example", verified_at=timezone.now())
    page = page_of(mod, vera)
    for secret in ("mail.example", "example.org", "192.0.2", "Odd/1.0"):
        assert secret not in page


def test_their_comments_stand_the_newest_first_with_state_and_link_twenty_a_page(vera, mod, article):
    numbers = list(Comment.objects.order_by("-pk").values_list("pk", flat=True))
    page = page_of(mod, vera)
    found = re.findall(r'id="said-\d+"><a href="/moderation/comments/(\d+)/">', page)
    assert [int(number) for number in found] == numbers
    assert "Held words." in page
    assert page.index("Secret words.") < page.index("First words.")
    for n in range(20):
        make_comment(article, f"Words {n}.", name="vera", author=vera)
    assert "First words." not in page_of(mod, vera)
    assert "First words." in page_of(mod, vera, "?page=2")


def test_a_long_comment_is_shown_by_its_beginning(vera, mod, article):
    make_comment(article, "word " * 4000, name="vera", author=vera)
    assert page_of(mod, vera).count("word ") < 60


def test_somebody_elses_words_are_not_on_it(vera, mod, article):
    make_comment(article, "Words of a stranger.", name="vera")
    assert "Words of a stranger." not in page_of(mod, vera)


def test_what_was_decided_on_their_words_stands_on_it_and_nothing_else(vera, mod, article):
    mine, other = Comment.objects.get(body_source="Held words."), make_comment(article, state="held")
    for comment, reason in ((mine, "Well said."), (other, "About another.")):
        fields = {"comment": comment.pk, "decision": "approve", "reason": reason}
        mod.post("/moderation/decide/", fields)
    page = page_of(mod, vera)
    assert "Well said." in page
    assert "About another." not in page


def test_all_that_waits_is_approved_by_one_form_which_says_how_many(vera, mod):
    page = page_of(mod, vera)
    form = re.search(r'<form method="post" action="/moderation/bulk/">.*?</form>', page, re.DOTALL)[0]
    assert "Approve all 2 held by this person" in form
    assert f'name="filter" value="tab=held&amp;author={vera.pk}"' in form
    assert 'name="count" value="2"' in form
    assert 'name="decision" value="approve"' in form
    assert f'name="next" value="/moderation/people/{vera.pk}/"' in form
    fields = {"filter": f"tab=held&author={vera.pk}", "count": "2", "decision": "approve"}
    counted = mod.post("/moderation/bulk/", fields).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', counted)[1]
    assert mod.post("/moderation/bulk/", fields | {"sure": "1", "seen": seen}).status_code == 303
    assert not Comment.objects.filter(state="held").exists()


def test_without_anything_held_there_is_no_such_form(mod):
    author = Author.objects.get(user=make_user("quiet"))
    page = page_of(mod, author)
    assert "/moderation/bulk/" not in page
    assert "Nothing has been decided on what they wrote." in page


def test_bans_of_the_person_stand_on_the_page_and_those_of_others_do_not(vera, mod):
    other = Author.objects.get(user=make_user("other"))
    ban(mod, vera, reason="Too loud.")
    ban(mod, other, reason="Too quiet.")
    page = page_of(mod, vera)
    assert "Too loud." in page
    assert ">Banned<" in page
    assert "Too quiet." not in page
    assert page.count("/lift/") == 1


def test_a_ban_of_an_address_given_with_their_words_stands_there_too_without_the_address(vera, mod):
    ban(mod, vera.comment_set.first(), "address", reason="Too loud.")
    page = page_of(mod, vera)
    assert "An e-mail address" in page
    assert ">Banned<" not in page
    assert "mail.example" not in page


def test_an_archived_person_leads_to_the_account_and_back(vera, mod, article):
    vasilis = archived_person(claimed_by=vera.user)
    archived_comment(article, vasilis)
    assert f'href="/moderation/people/{vera.pk}/"' in page_of(mod, vasilis)
    assert "<dd>Archived person" in page_of(mod, vasilis)
    assert f'href="/moderation/people/{vasilis.pk}/"' in page_of(mod, vera)


def test_a_person_of_the_archive_who_is_nobody_here_cannot_be_banned_from_it(mod, article):
    vasilis = archived_person()
    archived_comment(article, vasilis)
    assert f"/moderation/people/{vasilis.pk}/ban/" not in page_of(mod, vasilis)


def test_strangers_and_readers_do_not_see_it_nor_does_the_person(vera, stranger, ben):
    address = f"/moderation/people/{vera.pk}/"
    assert stranger.get(address).status_code == 302
    assert ben.get(address).status_code == 404
    ben.force_login(vera.user, backend="forum.accounts.backends.OneHash")
    assert ben.get(address).status_code == 404


def test_a_number_of_nobody_is_404(mod):
    assert mod.get("/moderation/people/987654/").status_code == 404


def test_the_number_of_statements_does_not_grow(vera, mod, django_assert_max_num_queries):
    page_of(mod, vera)
    with django_assert_max_num_queries(30) as few:
        page_of(mod, vera)
        count = len(few)
    for n in range(15):
        comment = make_comment(make_article(), f"Words {n}.", name=f"Name {n}", author=vera, state="held")
        mod.post("/moderation/decide/", {"comment": comment.pk, "decision": "approve"})
        archived_person(f"Self {n}", claimed_by=vera.user)
    page_of(mod, vera)
    with django_assert_max_num_queries(count):
        page_of(mod, vera)


def test_trust_is_taken_back_and_it_is_written_down_by_whom(vera, mod):
    trust([vera.pk])
    assert "Trusted since" in page_of(mod, vera)
    answer = mod.post(f"/moderation/people/{vera.pk}/stop-trusting/", {"next": "/moderation/decided/"})
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/decided/")
    assert Author.objects.get(pk=vera.pk).trusted_at is None
    assert "vera is not trusted any more." in mod.get("/moderation/").content.decode()
    line = LogEntry.objects.get()
    assert (line.user, line.object_id, line.change_message) == (mod.user, str(vera.pk), "trust taken back")
    page = page_of(mod, vera)
    assert "Trust taken back" in page
    assert "stop-trusting" not in page
    assert not Letter.objects.exists()


def test_taking_back_what_nobody_gave_changes_nothing_and_says_so(vera, mod):
    assert mod.post(f"/moderation/people/{vera.pk}/stop-trusting/").status_code == 303
    assert "Nothing was changed: nobody trusts this person." in mod.get("/moderation/").content.decode()
    assert not LogEntry.objects.exists()
    assert mod.post("/moderation/people/987654/stop-trusting/").status_code == 404


def test_strangers_and_readers_take_no_trust_back(vera, stranger, ben):
    trust([vera.pk])
    assert stranger.post(f"/moderation/people/{vera.pk}/stop-trusting/").status_code == 302
    assert ben.post(f"/moderation/people/{vera.pk}/stop-trusting/").status_code == 404
    assert Author.objects.get(pk=vera.pk).trusted_at is not None


def test_an_account_of_the_staff_and_one_that_is_switched_off_are_marked(mod):
    user = make_user("quill", Role.MODERATOR)
    User.objects.filter(pk=user.pk).update(is_active=False)
    page = page_of(mod, Author.objects.get(user=user))
    assert ">Moderator<" in page
    assert ">switched off<" in page
