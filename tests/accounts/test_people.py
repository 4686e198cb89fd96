"""The page of people: roles, the switch, and an admin who is always left."""

import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client

from forum.accounts import roles
from forum.accounts.models import Role, User
from tests.accounts.browser import is_in, sign_in
from tests.make import make_user

pytestmark = pytest.mark.django_db
PEOPLE = "/accounts/people/"
LAST = "This is the last admin: make somebody else an admin first."


def post(client, number, act, **fields):
    """POST one of the forms beside a person."""
    return client.post(f"{PEOPLE}{number}/{act}/", fields, follow=True)


@pytest.mark.parametrize("path", ["", "1/role/", "1/switch/", "invite/", "invitations/1/withdraw/"])
@pytest.mark.parametrize("method", ["get", "post", "put", "delete"])
def test_the_page_is_shut_to_everybody_but_admins(stranger, ben, mod, path, method):
    assert getattr(stranger, method)(PEOPLE + path)["Location"].startswith("/accounts/login/")
    for client in (ben, mod):
        assert getattr(client, method)(PEOPLE + path).status_code == 404


@pytest.mark.parametrize("path", ["1/role/", "1/switch/", "invite/", "invitations/1/withdraw/"])
def test_what_changes_something_refuses_get(boss, path):
    assert boss.get(PEOPLE + path).status_code == 405


def test_a_form_of_another_site_changes_nothing(ben):
    boss = Client(enforce_csrf_checks=True)
    make_user("boss", Role.ADMIN)
    boss.force_login(User.objects.get(username="boss"))
    assert boss.post(f"{PEOPLE}{ben.user.pk}/role/", {"role": "admin"}).status_code == 403


def test_people_are_found_by_name_address_and_shown_name(boss, ben):
    ben.user.author.name = "Benedict"
    ben.user.author.save()
    for words in ("ben", "BEN@example", "edict", " ben "):
        assert [u.username for u in boss.get(PEOPLE, {"q": words}).context["page"]] == ["ben"]
    for words in ("%", "nobody", "\0", "'", "x" * 5000):
        assert (
            "ben" not in [u.username for u in boss.get(PEOPLE, {"q": words}).context["page"]] or words == "\0"
        )


def test_many_people_come_page_by_page(boss, django_assert_max_num_queries):
    for n in range(70):
        make_user(f"person{n:02}")
    with django_assert_max_num_queries(9):
        page = boss.get(PEOPLE, {"page": "2", "q": "person"})
    assert len(page.context["page"]) == 30
    assert 'href="?page=3&amp;q=person"' in page.content.decode()


def test_an_admin_gives_a_role_which_counts_from_the_next_request(boss, ben):
    assert ben.get("/moderation/").status_code == 404
    page = post(boss, ben.user.pk, "role", role="moderator")
    assert "ben has the role Moderator now." in page.content.decode()
    assert ben.get("/moderation/").status_code == 200
    assert ben.get("/admin/").status_code == 302
    assert LogEntry.objects.get().change_message == "role: reader → moderator"
    post(boss, ben.user.pk, "role", role="reader")
    assert ben.get("/moderation/").status_code == 404


def test_the_last_admin_stays_one(boss, ben):
    inactive = make_user("late", Role.ADMIN)
    inactive.is_active = False
    inactive.save()
    assert LAST in post(boss, boss.user.pk, "role", role="reader").content.decode()
    assert LAST in post(boss, boss.user.pk, "switch", active="off").content.decode()
    assert boss.get(PEOPLE).status_code == 200
    post(boss, ben.user.pk, "role", role="admin")
    assert LAST not in post(boss, boss.user.pk, "role", role="reader").content.decode()
    assert User.objects.get(username="boss").role == "reader"


def test_an_account_is_switched_off_and_on(boss):
    ben = make_user("ben")
    browser = Client()
    sign_in(browser, "ben")
    post(boss, ben.pk, "switch", active="off")
    assert not is_in(browser)
    sign_in(browser, "ben")
    assert not is_in(browser)
    post(boss, ben.pk, "switch", active="on")
    sign_in(browser, "ben")
    assert is_in(browser)


@pytest.mark.parametrize(
    ("act", "fields"),
    [("role", {"role": "king"}), ("role", {}), ("switch", {"active": "maybe"}), ("switch", {})],
)
def test_nonsense_is_not_found(boss, ben, act, fields):
    assert post(boss, ben.user.pk, act, **fields).status_code == 404
    assert post(boss, 10**9, "role", role="reader").status_code == 404


def test_djangos_admin_does_not_change_role_switch_or_address(boss, ben):
    page = boss.get(f"/admin/forum/user/{ben.user.pk}/change/").content.decode()
    assert all(f'name="{name}"' not in page for name in ("role", "is_active", "email"))
    given = {"username": "ben", "role": "admin", "is_active": "", "email": "x@x.example"}
    boss.post(f"/admin/forum/user/{ben.user.pk}/change/", given)
    ben.user.refresh_from_db()
    assert (ben.user.role, ben.user.is_active, ben.user.email) == ("reader", True, "ben@example.org")


def test_an_account_made_in_djangos_admin_can_sign_in(boss, client):
    password = {"password1": "a-good-pass-77", "password2": "a-good-pass-77", "usable_password": "true"}
    given = {"username": "newt", "email": "newt@example.org", "role": "moderator"} | password
    assert boss.post("/admin/forum/user/add/", given).status_code == 302
    sign_in(client, "newt", "a-good-pass-77")
    assert is_in(client)
    assert User.objects.get(username="newt").author.name == "newt"


def test_an_admin_made_at_the_shell_can_sign_in(client):
    User.objects.create_superuser("root", "Root@example.org", "a-good-pass-77")
    sign_in(client, "root", "a-good-pass-77")
    assert is_in(client)


@pytest.mark.django_db(transaction=True)
def test_two_admins_who_demote_each_other_at_once_leave_one():
    pair = [make_user("one", Role.ADMIN), make_user("two", Role.ADMIN)]
    # SQLite in memory has one connection: there the second comes when the first is through.
    at_once = connection.vendor != "sqlite"
    start, refused = threading.Barrier(2 if at_once else 1), []

    def demote(by, whom):
        start.wait()
        try:
            roles.change_role(whom.pk, Role.READER, by)
        except roles.LastAdminError as error:
            refused.append(str(error))
        finally:
            if at_once:
                connection.close()

    threads = [threading.Thread(target=demote, args=args) for args in (pair, pair[::-1])]
    for thread in threads:
        thread.start() if at_once else thread.run()
    for thread in threads if at_once else ():
        thread.join()
    assert refused == [LAST]
    assert User.objects.filter(role=Role.ADMIN).count() == 1
