"""What holds a token or sets a cookie is nobody else's page."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["login/", "signup/", "password/reset/", "login/code/"])
def test_a_page_with_a_form_of_its_own_is_kept_by_nobody(path):
    answer = Client().get(f"/accounts/{path}")
    assert answer.cookies
    assert answer["Cache-Control"] == "private, no-store"


def test_control_a_shared_page_sets_no_cookie_and_may_be_kept(article):
    answer = Client().get(article.path)
    assert not answer.cookies
    assert "private" not in answer["Cache-Control"]
