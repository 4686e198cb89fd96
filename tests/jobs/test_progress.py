"""How a piece of long work ends: done, cancelled or failed."""

import pytest

from forum.jobs import progress
from forum.jobs.models import Job

pytestmark = pytest.mark.django_db


@pytest.fixture
def job() -> Job:
    return progress.ask("work", "one", None)


def state_of(job: Job) -> str:
    return Job.objects.get(pk=job.pk).state


def test_work_that_comes_to_its_end_is_done(job):
    with progress.running(job) as told:
        told(1, 1)
    assert state_of(job) == Job.State.DONE


def test_work_that_was_cancelled_before_its_turn_ends_quietly_at_its_first_word(job):
    progress.cancel("work", "one")
    written = []
    with progress.running(job) as told:
        told(0, 1)
        written.append("something")
    assert written == []
    assert state_of(job) == Job.State.CANCELLED


def test_work_that_is_cancelled_meanwhile_stops_at_its_next_word(job):
    said = []
    with progress.running(job) as told:
        for n in range(3):
            progress.cancel("work", "one")
            said.append(n)
            told(3, 3)
    assert said == [0]
    assert state_of(job) == Job.State.CANCELLED


def test_work_that_breaks_is_failed_and_its_fault_goes_on(job):
    with pytest.raises(ValueError, match="broken"), progress.running(job):
        raise ValueError("broken")
    assert (state_of(job), Job.objects.get(pk=job.pk).result) == (Job.State.FAILED, "broken")
