"""One moment has one date, that of where the site is at home, on every page that names it."""

import datetime

import pytest
from allauth.account.models import EmailAddress

from forum.mail.models import Letter
from forum.moderation import decisions, leases
from forum.moderation.models import Lease
from forum.site.models import SitePolicy
from forum.threads.models import Comment
from tests.make import make_comment

pytestmark = pytest.mark.django_db
EVENING = datetime.datetime(2026, 11, 22, 20, tzinfo=datetime.UTC)  # 9 in the morning of the 23rd there


@pytest.fixture
def there(article, ben) -> Comment:
    """A held comment of ben's on a site in New Zealand."""
    SitePolicy.objects.create(pk=1, time_zone="Pacific/Auckland")
    comment = make_comment(article, author=ben.user.author, name="ben", state="held")
    Comment.objects.update(received_at=EVENING, posted_at=EVENING)
    return comment


def test_the_status_page_and_the_account_name_the_same_day(there, ben):
    assert "23 November 2026, 09:00" in ben.get(f"/comments/{there.pk}/status/").content.decode()
    account = ben.get("/accounts/").content.decode()
    assert "23 November 2026" in account
    assert "22 November" not in account


def test_the_letter_about_a_decision_names_that_day(there, ben, mod):
    EmailAddress.objects.get_or_create(user=ben.user, email=ben.user.email, verified=True, primary=True)
    decisions.decide("reject", there.pk, mod.user)
    assert "on 23 November 2026." in " ".join(Letter.objects.get().text.split())


def test_a_lease_is_told_in_the_time_of_the_site(there, mod):
    leases.take(there.pk, mod.user, mod.session.session_key)
    Lease.objects.update(until=EVENING)
    answer = mod.post("/moderation/lease/", {"comment": there.pk}, follow=True).content.decode()
    until = Lease.objects.get().until.astimezone(SitePolicy.objects.current().zone)
    assert f"{until:%H:%M}" in answer


def test_a_zone_that_nobody_knows_is_utc():
    assert str(SitePolicy(time_zone="Moon/Base").zone) == "UTC"
