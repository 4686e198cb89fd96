"""What people do with a page: press what leads to another one, and sign in."""

from forum.upkeep.demo import PASSWORD


def press(button) -> None:
    """Press what leads to another page, and wait for that page: a click alone does not."""
    with button.page.expect_navigation():
        button.click()


def sign_in(page, name: str, password: str = PASSWORD) -> None:
    """Sign in through the form, as people do."""
    page.goto("/accounts/login/")
    fill_sign_in(page, name, password)


def fill_sign_in(page, name: str, password: str = PASSWORD) -> None:
    """Fill in the form of sign-in where it stands, and send it."""
    page.fill("[name=login]", name)
    page.fill("[name=password]", password)
    press(page.get_by_role("button", name="Sign in", exact=True))
