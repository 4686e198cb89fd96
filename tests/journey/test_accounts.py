"""Accounts from end to end in a browser: a reader with a passkey, a moderator who is invited."""

import pytest
from playwright.sync_api import expect

from forum.accounts.models import Role, User
from forum.mail import sender
from forum.mail.models import Letter
from forum.upkeep.demo import PASSWORD
from tests.accounts.browser import add_app, code_of, link_in
from tests.journey.hands import press, sign_in
from tests.journey.looks import NARROW, look
from tests.mail.conftest import post as post_office
from tests.mail.post_office import Clock, send
from tests.make import make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SET_UP = "Set up an authenticator app"
post = post_office


@pytest.fixture(autouse=True)
def _patient(monkeypatch, post):
    monkeypatch.setattr(sender, "ANSWER", 10)


def last_letter(post, to: str) -> Letter:
    """Send what is due, and open the newest letter that the mail server has for somebody."""
    send(Clock())
    mail = [received.message for received in post.received if received.to == to][-1]
    return Letter(subject=mail["Subject"], text=mail.get_content().replace("\r\n", "\n"))


def give_authenticator(page):
    """Plug a device with a fingerprint reader into the page's browser."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    options |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def set_up_app(page) -> str:
    """Go through the set-up of an authenticator app, from the page of second factors; returns its secret."""
    page.get_by_role("link", name="Set up an app").click()
    if page.get_by_role("heading", name="Is it you?").count():
        page.get_by_label("Your password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", name=SET_UP)).to_be_visible()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Six digits that the app shows").fill(code_of(secret))
    page.get_by_role("button", name="Switch it on").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    expect(page.locator(".codes li")).to_have_count(10)
    return secret


def test_a_reader_makes_an_account_and_comes_back_by_passkey(people, post):
    page = people()
    give_authenticator(page)
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("User name").fill("nina")
    page.get_by_label("E-mail address").fill("nina@example.org")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
    page.goto(link_in(last_letter(post, "nina@example.org")))
    page.get_by_role("button", name="Yes, verify it").click()
    page.get_by_role("link", name="Account", exact=True).click()

    page.get_by_role("link", name="Passkeys and second factor").click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call it").fill("My telephone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    assert last_letter(post, "nina@example.org").subject == "A passkey was added"

    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Sign out").click()
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_role("link", name="Sign out")).to_be_visible()
    page.goto("/accounts/")
    expect(page.get_by_text("nina@example.org")).to_be_visible()
    assert page.faults == []


def test_a_passkey_that_is_not_given_is_said_and_the_password_still_works(people):
    page = people()
    page.goto("/accounts/login/")
    page.evaluate("() => { navigator.credentials.get = () => Promise.reject(new Error('no')) }")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.get_by_text("The passkey was not used.")).to_be_focused()
    assert look(page, "account-no-passkey") == []
    page.get_by_label("User name or e-mail address").fill("reader")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.goto("/accounts/")
    expect(page.get_by_role("heading", name="Your account")).to_be_visible()


def test_a_moderator_is_invited_and_sets_up_a_second_factor_without_javascript(people, settings, post):
    settings.REQUIRE_SECOND_FACTOR = True
    admin = people(java_script_enabled=False)
    sign_in(admin, "admin")
    admin.goto("/accounts/people/")
    expect(admin.get_by_role("heading", name="Passkeys and second factor")).to_be_visible()
    set_up_app(admin)
    admin.goto("/accounts/people/")
    admin.get_by_label("E-mail address").fill("mona@example.org")
    admin.locator("#id_role").select_option(label="Moderator")
    admin.get_by_role("button", name="Send the invitation").click()
    expect(admin.get_by_text("mona@example.org is invited as Moderator.")).to_be_visible()

    mona = people(java_script_enabled=False)
    mona.goto(link_in(last_letter(post, "mona@example.org")))
    mona.get_by_label("User name").fill("mona")
    mona.get_by_label("Password").fill(PASSWORD)
    mona.get_by_role("button", name="Accept").click()
    expect(mona.get_by_role("heading", name="Passkeys and second factor")).to_be_visible()
    mona.goto("/moderation/")
    expect(mona.get_by_text("Set up a second factor first")).to_be_visible()
    set_up_app(mona)
    mona.goto("/moderation/")
    expect(mona.get_by_role("heading", name="0 comments are held")).to_be_visible()
    assert mona.goto("/accounts/people/").status == 404
    assert User.objects.get(username="mona").role == Role.MODERATOR

    admin.goto("/accounts/people/")
    admin.get_by_role("combobox", name="Role of mona").select_option(label="Reader")
    admin.get_by_role("button", name="Change the role of mona").click()
    expect(admin.get_by_text("mona has the role Reader now.")).to_be_visible()
    assert mona.goto("/moderation/").status == 404


def test_somebody_signs_in_and_ends_the_session_by_keyboard_alone(people):
    page = people()
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    reach(page, page.get_by_label("User name or e-mail address"))
    page.keyboard.type("reader")
    reach(page, page.get_by_role("textbox", name="Password"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Account", exact=True)).to_be_visible()
    reach(page, page.get_by_role("link", name="Sign out"))
    page.keyboard.press("Enter")
    reach(page, page.get_by_role("main").get_by_role("button", name="Sign out"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert page.faults == []


def reach(page, target) -> None:
    """Press Tab until something has the focus, and see that the focus shows."""
    expect(target).to_be_visible()
    for _ in range(30):
        if target.evaluate("element => element === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(target).to_be_focused()
    style = target.evaluate("e => [getComputedStyle(e).outlineStyle, getComputedStyle(e).boxShadow].join()")
    assert style != "none,none"


OUTSIDE = (
    *("login/", "signup/", "login/code/", "password/reset/", "password/reset/done/", "confirm-email/"),
    *("inactive/", "confirm-email/abc/", "password/reset/key/1-abc/", "password/reset/key/done/"),
    "invitation/abc/",
)
INSIDE = (
    *("", "email/", "password/change/", "sessions/", "people/", "logout/", "reauthenticate/"),
    *("second-factor/", "second-factor/recovery-codes/", "second-factor/recovery-codes/generate/"),
    *("second-factor/webauthn/", "second-factor/webauthn/add/", "second-factor/totp/deactivate/"),
)


def visit(page, address: str, name: str = "") -> list[str]:
    """The faults of one page, under its address or another name."""
    page.goto(f"/accounts/{address}")
    return look(page, f"account-{name or address.strip('/').replace('/', '-') or 'own'}")


def test_account_pages_have_no_fault(people):
    found, page = [], people(**NARROW)
    for address in OUTSIDE:
        found += visit(page, address)
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("nonsense")
    press(page.get_by_role("button", name="Make the account"))
    found += look(page, "account-signup-refused")
    add_app(make_user("mod2", Role.MODERATOR))
    sign_in(page, "mod2", "secret-word-42")
    found += visit(page, "second-factor/authenticate/")
    admin = people("admin", **NARROW)
    give_authenticator(admin)
    found += visit(admin, "second-factor/", "second-factor-none")
    press(admin.get_by_role("link", name="Set up an app"))
    admin.get_by_label("Your password").fill(PASSWORD)
    press(admin.get_by_role("button", name="Go on"))
    found += visit(admin, "second-factor/totp/activate/")
    admin.goto("/accounts/second-factor/webauthn/add/")
    admin.get_by_role("button", name="Add the passkey").click()
    admin.get_by_role("heading", name="Recovery codes").wait_for()
    for n in range(3):
        make_user(f"a-person-with-a-very-long-user-name-number-{n}", list(Role)[n])
    add_app(User.objects.get(username="admin"))
    admin.goto("/accounts/people/")
    admin.get_by_label("E-mail address").fill("somebody-with-a-long-address@an-organisation.example")
    press(admin.get_by_role("button", name="Send the invitation"))
    for address in INSIDE:
        found += visit(admin, address)
    assert found == []
    assert [f for f in [*page.faults, *admin.faults] if "410 (Gone)" not in f] == []
