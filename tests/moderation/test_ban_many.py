"""Bans of networks and e-mail domains: what can be banned, whom it stops, and what it leaves open."""

import datetime

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from forum.accounts.models import Author, Role
from forum.moderation import bans, bans_against, bans_values
from forum.moderation.bans_values import ValueRefusedError
from forum.moderation.decisions import Grounds
from forum.moderation.models import Act, Decision
from forum.moderation.models_people import Ban
from forum.threads.models import Comment
from tests.make import make_article, make_comment, make_user, send_reply
from tests.moderation.bans import WHY, ban
from tests.posting.test_double_post import in_thread, shared, together  # noqa: F401

db = pytest.mark.django_db
ORDER = bans.Order("week", Grounds(reason=WHY), person=False)


def add(client, value: str, kind: str = "network", **fields):
    """POST a ban by hand."""
    values = {"kind": kind, "value": value, "term": "week", "reason": WHY}
    return client.post("/moderation/bans/add/", values | fields)


def replies_from(address: str, article, **fields) -> int:
    """The answer to a reply from an address."""
    body = f"From {address} {fields}.".replace("@", " at ")
    return send_reply(Client(REMOTE_ADDR=address), article, body, **fields).status_code


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (" 203.0.113.7 ", "203.0.113.7/32"),
        ("203.0.113.0/24", "203.0.113.0/24"),
        ("203.0.0.0/16", "203.0.0.0/16"),
        ("2001:DB8:0:0::/64", "2001:db8::/64"),
        ("2001:db8::7", "2001:db8::7/128"),
        ("2001:db8::/32", "2001:db8::/32"),
        ("::ffff:203.0.113.7", "203.0.113.7/32"),
        ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
    ],
)
def test_networks_are_kept_in_one_way(typed, kept):
    assert bans_values.network_of(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("203.0.113.", "Did you mean 203.0.113.0/24?"),
        ("203.0.113", "Did you mean 203.0.113.0/24?"),
        ("203.0.113.*", "Did you mean 203.0.113.0/24?"),
        ("203.0.", "Did you mean 203.0.0.0/16?"),
        ("203.0.113.7/33", "the number behind the slash has to be one from 0 to 32"),
        ("2001:db8::/129", "the number behind the slash has to be one from 0 to 128"),
        ("203.0.113.0/", "the number behind the slash"),
        ("203.0.113.7/24", "Did you mean 203.0.113.0/24, or 203.0.113.7 alone?"),
        ("203.0.0.0/15", "is too wide: the widest that can be banned is a /16"),
        ("0.0.0.0/0", "is too wide"),
        ("2001::/31", "is too wide: the widest that can be banned is a /32"),
        ("192.168.4.0/24", "lies inside private networks"),
        ("127.0.0.1", "lies inside private networks"),
        ("::1", "lies inside private networks"),
        ("fd00::/64", "lies inside private networks"),
        ("::ffff:10.0.0.1", "lies inside private networks"),
        ("fe80::1%eth0", "names a device beside the address"),
        ("256.1.1.1", "is no network address"),
        ("spam.example", "is no network address"),
        ("203.0.113.7/255.255.255.0", "the number behind the slash"),
        ("٢٠٣.0.113.7", "is no network address"),
        ("203.0.113.1-9", "write networks in CIDR notation, such as 203.0.113.0/24"),
    ],
)
def test_what_is_no_network_gets_one_sentence(typed, sentence):
    with pytest.raises(ValueRefusedError, match=r".") as refused:
        bans_values.network_of(typed)
    assert sentence in str(refused.value)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Spam.Example", "spam.example"),
        ("@spam.example", "spam.example"),
        ("*.spam.example.", "spam.example"),
        ("a.b-c.example", "a.b-c.example"),
        ("bücher.example", "xn--bcher-kva.example"),
    ],
)
def test_domains_are_kept_in_one_way(typed, kept):
    assert bans_values.domain_of(typed) == kept


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("rude@spam.example", "write spam.example alone"),
        ("example", "every address of a country or kind"),
        ("spam..example", "is no domain"),
        ("-spam.example", "is no domain"),
        ("203.0.113.7", "is no domain"),
        ("a" * 64 + ".example", "is no domain"),
        ("spam example.org", "is no domain"),
        ("192.0.2.1-9", "is a range. Please write networks in CIDR notation, such as 192.0.2.0/24"),
        ("10.1-3", "is no domain"),
    ],
)
def test_what_is_no_domain_gets_one_sentence(typed, sentence):
    with pytest.raises(ValueRefusedError, match=r".") as refused:
        bans_values.domain_of(typed)
    assert sentence in str(refused.value)


@db
def test_a_network_is_banned_by_hand_and_stops_whoever_is_in_it(article, boss, stranger):
    assert add(boss, "203.0.113.0/24").status_code == 303
    assert Ban.objects.get().value == "203.0.113.0/24"
    assert "203.0.113.0/24" in boss.get("/moderation/bans/").content.decode()
    assert replies_from("203.0.113.200", article) == 403
    assert replies_from("::ffff:203.0.113.200", article) == 403
    assert replies_from("203.0.114.1", article) == 303
    assert Comment.objects.count() == 1
    page = send_reply(Client(REMOTE_ADDR="203.0.113.9"), article, "My <i>words</i>.").content.decode()
    assert "Nothing is taken from your network until" in page
    assert "reaches a moderator" in page
    assert WHY not in page
    assert "My &lt;i&gt;words&lt;/i&gt;." in page


@db
def test_an_ipv6_network_stops_its_own_and_leaves_its_neighbour(article, boss):
    add(boss, "2001:db8:1:2::/64")
    assert replies_from("2001:db8:1:2:3::4", article) == 403
    assert replies_from("2001:db8:1:3::4", article) == 303


@db
def test_a_domain_stops_typed_and_proved_addresses_and_all_below_it(article, boss, ben):
    add(boss, "spam.example", "domain")
    for email in ("a@spam.example", "a@Mail.Spam.example"):
        assert replies_from("192.0.2.1", article, email=email) == 403
    assert replies_from("192.0.2.1", article, email="a@notspam.example") == 303
    assert send_reply(ben, article, name="ben").status_code == 303
    add(boss, "example.org", "domain")
    answer = send_reply(ben, article, "More.", name="ben")
    assert answer.status_code == 403
    assert "addresses of this mail provider" in answer.content.decode()


@db
def test_reading_and_signing_in_stay_open(article, boss):
    add(boss, "203.0.113.0/24")
    client = Client(REMOTE_ADDR="203.0.113.9")
    make_user("vera")
    assert client.get(article.path).status_code == 200
    client.post("/accounts/login/", {"login": "vera", "password": "secret-word-42"})
    assert client.get("/accounts/").status_code == 200


@db
def test_matching_is_one_statement_for_networks_however_long_the_address(boss, django_assert_max_num_queries):
    bans.over_many("network", "2001:db8::/32", ORDER, boss.user)
    with django_assert_max_num_queries(3):
        assert bans_against.standing_against(None, "a@b.c.d.example", (), "2001:db8::9").ban.kind == "network"


@db
def test_a_domain_of_many_and_ones_own_network_need_a_tick(boss):
    wide = add(boss, "gmail.com", "domain")
    assert wide.status_code == 422
    assert "Many people have an address at gmail.com" in wide.content.decode()
    boss.defaults["REMOTE_ADDR"] = "203.0.113.7"
    own = add(boss, "203.0.113.0/24")
    assert own.status_code == 422
    assert "You are in this network yourself" in own.content.decode()
    assert not Ban.objects.exists()
    assert add(boss, "gmail.com", "domain", sure="on").status_code == 303
    assert add(boss, "203.0.113.0/24", sure="on").status_code == 303


@db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reason": ""}, "Please give a reason"),
        ({"term": ""}, "Please choose how long the ban lasts."),
        ({"term": "ever"}, "Please choose how long the ban lasts."),
        ({"value": ""}, "Please give the network or the domain."),
        ({"kind": "planet"}, "Please choose what the ban is about."),
        ({"value": "203.0.113."}, "Did you mean 203.0.113.0/24?"),
    ],
)
def test_a_ban_by_hand_has_a_reason_an_end_and_a_value(boss, fields, sentence):
    answer = add(boss, **({"value": "203.0.113.7"} | fields))
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Ban.objects.exists()


@db
def test_only_admins_ban_by_hand_and_the_same_stands_once(boss, mod, ben, stranger):
    assert [add(client, "203.0.113.7").status_code for client in (mod, ben, stranger)] == [404, 404, 302]
    assert add(boss, "203.0.113.7").status_code == 303
    again = add(boss, "203.0.113.7")
    assert (again.status_code, "A ban stands already" in again.content.decode()) == (409, True)
    assert Ban.objects.count() == 1


@db
def test_over_a_comment_its_network_can_be_banned_and_undone_with_the_decision(article, mod):
    comment = make_comment(article, ip="203.0.113.7", state="held", email="r@x.example")
    page = mod.get(f"/moderation/comments/{comment.pk}/ban/").content.decode()
    assert "This one address" in page
    assert "203.0.113" not in page
    values = {"term": "day", "reason": WHY, "network": "around"}
    assert mod.post(f"/moderation/comments/{comment.pk}/ban/", values).status_code == 303
    made = Ban.objects.get()
    assert (made.kind, made.value, made.decision.act) == ("network", "203.0.113.0/24", Act.BAN)
    assert replies_from("203.0.113.8", article) == 403
    assert "203.0.113" not in mod.get("/moderation/bans/").content.decode()
    mod.post("/moderation/undo/", {"id": Decision.objects.get().pk})
    assert replies_from("203.0.113.8", article) == 303


@db
@pytest.mark.parametrize("network", ["198.51.100.0/24", "203.0.113.0/24", "nonsense"])
def test_over_a_comment_no_other_network_can_be_banned(article, mod, network):
    comment = make_comment(article, ip="203.0.113.7", state="held")
    values = {"term": "day", "reason": WHY, "network": network}
    assert mod.post(f"/moderation/comments/{comment.pk}/ban/", values).status_code == 422
    assert not Ban.objects.exists()


@db
def test_without_an_address_that_was_kept_no_network_is_offered(article, mod, boss):
    for ip in (None, "127.0.0.1"):
        comment = make_comment(article, ip=ip, state="held", author=Author.objects.create(kind="guest"))
        assert 'name="network"' not in mod.get(f"/moderation/comments/{comment.pk}/ban/").content.decode()
    made = make_comment(article, ip="203.0.113.7", state="held")
    values = {"term": "ever", "reason": WHY, "network": "one"}
    answer = boss.post(f"/moderation/comments/{made.pk}/ban/", values)
    assert (answer.status_code, "has an end" in answer.content.decode()) == (409, True)


@db
def test_figure_pv3_a_network_is_forgotten_thirty_days_after_its_ban_was_over(boss):
    for value in ("203.0.113.7/32", "198.51.100.0/24", "192.0.2.0/24"):
        bans.over_many("network", value, ORDER, boss.user)
    now = timezone.now()
    long_ago, recently = now - datetime.timedelta(days=31), now - datetime.timedelta(days=29)
    Ban.objects.filter(value="203.0.113.7/32").update(until=long_ago)
    Ban.objects.filter(value="198.51.100.0/24").update(until=recently)
    call_command("purge_private")
    assert sorted(Ban.objects.values_list("value", flat=True)) == ["-", "192.0.2.0/24", "198.51.100.0/24"]
    Ban.objects.filter(value="192.0.2.0/24").update(lifted_at=long_ago, lifted_by=boss.user)
    call_command("purge_private")
    assert Ban.objects.filter(value="-").count() == 2
    assert "A network, forgotten since" in boss.get("/moderation/bans/").content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("kind", ["email", "network"])
def test_of_four_moderators_at_once_one_bans_an_address_or_a_network(kind):
    def prepared():
        mods = [make_user(f"mod-{n}", Role.MODERATOR) for n in range(4)]
        values = {"email": "r@x.example", "ip": "203.0.113.7", "state": "held"}
        return [make_comment(make_article(), **values) for _mod in mods], mods

    comments, mods = in_thread(prepared)
    whom = {"address": True} if kind == "email" else {"network": "203.0.113.0/24"}
    order = bans.Order("week", Grounds(reason=WHY), person=False, **whom)

    def said(comment, mod) -> str:
        try:
            bans.over_comment(comment.pk, order, mod)
        except bans.NotPossibleError as error:
            return error.args[0]
        return "done"

    told = together([lambda c=c, mod=mod: said(c, mod) for c, mod in zip(comments, mods, strict=True)])
    assert sorted(told) == ["done"] + [bans.STANDS] * 3
    assert in_thread(Ban.objects.count) == 1


@db
def test_a_ban_of_a_person_is_told_before_that_of_their_network(article, boss, ben):
    ban(boss, Author.objects.get(user=ben.user))
    bans.over_many("network", "203.0.113.0/24", ORDER, boss.user)
    ben.defaults["REMOTE_ADDR"] = "203.0.113.7"
    page = send_reply(ben, article, name="ben").content.decode()
    assert f"for this reason: {WHY}" in page
