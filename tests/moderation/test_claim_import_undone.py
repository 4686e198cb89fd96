"""A claimed comment outlives the undo of its import as a placeholder, and comes back with a redo."""

import pytest
from django.core.management import call_command

from forum.moderation import claims
from forum.moderation.models import Claim
from forum.threads.models import Comment
from forum.threads.states import Kind
from tests.archive import desk, say_mine
from tests.importing.test_load import give

pytestmark = pytest.mark.django_db


def test_a_claimed_comment_stays_as_a_placeholder_and_the_others_go(tmp_path, ben, mod):
    counts = give(tmp_path)
    second = Comment.objects.get(body_source="Second words.")
    say_mine(ben, second)
    call_command("undo_import", counts["run"])
    row = Comment.objects.get()
    assert (row.pk, row.kind, row.body_source) == (second.pk, Kind.PLACEHOLDER, "")
    claim = Claim.objects.get()
    assert (claim.comment, claim.granted) == (row, None)
    assert desk(mod, "grant", claim).status_code == 409
    give(tmp_path)
    assert Comment.objects.get(pk=second.pk).body_source == "Second words."
    assert desk(mod, "grant", claim).status_code == 303


def test_a_confirmed_comment_loses_its_words_on_the_persons_page_too(tmp_path, ben, mod, stranger):
    counts = give(tmp_path)
    second = Comment.objects.get(body_source="Second words.")
    claims.grant(claims.claim(second.pk, ben.user).pk, mod.user)
    address = f"/people/{ben.user.author.pk}/"
    assert "Second words." in stranger.get(address).content.decode()
    call_command("undo_import", counts["run"])
    assert stranger.get(address).status_code == 404
    assert Claim.objects.get().granted


def test_control_without_a_claim_the_comment_goes(tmp_path, ben):
    counts = give(tmp_path)
    call_command("undo_import", counts["run"])
    assert not Comment.objects.exists()
