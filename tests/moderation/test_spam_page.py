"""The page of what spam looks like: what was learnt, learning again, and who may."""

from html import unescape

import pytest

from forum.jobs.models import Job
from forum.moderation import spam
from forum.moderation.models_policy import SpamModel

pytestmark = pytest.mark.django_db
PAGE = "/moderation/spam/"


def text_of(answer) -> str:
    return unescape(answer.content.decode())


def test_the_page_says_from_what_was_learnt_and_shows_the_strongest_words(boss):
    assert "Nothing has been learnt yet" in text_of(boss.get(PAGE))
    weights = {"casino": 2.5, "pills": 3.5, "stick": -1.5, "walk": -2.0}
    SpamModel.objects.create(by=boss.user, spam=1200, honest=40, bias=-1.0, weights=weights)
    answer = boss.get(PAGE)
    assert "Learnt from 1,200 comments that moderators marked as spam and 40" in text_of(answer)
    assert answer.context["for_it"] == ["pills", "casino"]
    assert answer.context["against_it"] == ["walk", "stick"]


def test_learning_again_is_asked_for_once_and_its_failure_is_told(boss):
    for _press in range(2):
        answer = boss.post(PAGE)
        assert (answer.status_code, answer["Location"]) == (303, PAGE)
    job = Job.objects.get(name=spam.JOB)
    assert (job.owner, job.state) == (boss.user, Job.State.QUEUED)
    assert "data-progress" in text_of(boss.get(PAGE))
    Job.objects.update(state=Job.State.FAILED, result="There is not enough to learn from yet.")
    page = text_of(boss.get(PAGE))
    assert "There is not enough to learn from yet." in page
    assert "data-progress" not in page


def test_only_admins_see_it_and_learn(stranger, ben, mod):
    for client, code in ((stranger, 302), (ben, 404), (mod, 404)):
        assert (client.get(PAGE).status_code, client.post(PAGE).status_code) == (code, code)
    assert not Job.objects.exists()
