"""The dates of a WXR file: GMT, local time with a known offset, or as written (cases D1 to D8)."""

import datetime

import pytest

from tests.importing.wxr.samples import article, articles, codes, comment, item, one_comment, wxr

ZERO = "0000-00-00 00:00:00"


def utc(*parts: int) -> datetime.datetime:
    return datetime.datetime(*parts, tzinfo=datetime.UTC)


def test_case_d1_a_good_gmt_date_is_used_to_the_second(tmp_path):
    found = one_comment(tmp_path)
    assert (found.posted_at, found.posted_as_written) == (utc(2014, 3, 5, 10, 31, 7), "")


def test_case_d2_without_gmt_the_local_date_takes_the_offset_of_the_post(tmp_path):
    assert one_comment(tmp_path, date_gmt=ZERO).posted_at == utc(2014, 3, 5, 10, 31, 7)


@pytest.mark.parametrize("gmt", [ZERO, "", "2014-03-05 02:31:99"])
def test_case_d2_without_any_offset_the_date_stays_as_written(tmp_path, gmt):
    found = article(tmp_path, comment(date_gmt=gmt), post_date_gmt=ZERO).comments[0]
    assert (found.posted_at, found.posted_as_written) == (None, "2014-03-05 11:31:07")


def test_case_d2_two_offsets_are_no_known_offset(tmp_path):
    summer = comment("2", date="2014-07-05 12:00:00", date_gmt="2014-07-05 10:00:00")
    found = article(tmp_path, comment("1", date_gmt=ZERO), summer)
    assert {one.key: one.posted_at for one in found.comments}["1"] is None


@pytest.mark.parametrize("local", ["2014-03-05 10:38:07", "2014-03-07 10:31:07"])
def test_case_d3_dates_that_no_zone_explains_are_told_and_gmt_wins(tmp_path, local):
    found = article(tmp_path, comment(date=local))
    assert found.comments[0].posted_at == utc(2014, 3, 5, 10, 31, 7)
    assert codes(found.remarks) == ["date_mismatch"]


def test_case_d4_the_hour_that_summer_time_leaves_out_or_doubles_is_read_by_gmt(tmp_path):
    found = one_comment(tmp_path, date="2014-03-30 02:30:00", date_gmt="2014-03-30 01:30:00")
    assert found.posted_at == utc(2014, 3, 30, 1, 30)


@pytest.mark.parametrize(
    ("written", "at"),
    [
        ("2014-03-05T10:31:07Z", utc(2014, 3, 5, 10, 31, 7)),
        ("2014-03-05T10:31:07+05:30", utc(2014, 3, 5, 5, 1, 7)),
        ("2014-03-05 10:31:07 +0000", utc(2014, 3, 5, 10, 31, 7)),
    ],
)
def test_case_d5_dates_of_iso_are_read_with_their_zone(tmp_path, written, at):
    assert one_comment(tmp_path, date="", date_gmt=written).posted_at == at


@pytest.mark.parametrize("written", ["2014-02-30 10:00:00", "1970-01-01 00:00:00", "yesterday"])
def test_case_d5_impossible_dates_stay_as_written_and_are_told(tmp_path, written):
    found = article(tmp_path, comment(date="", date_gmt=written))
    assert (found.comments[0].posted_at, found.comments[0].posted_as_written) == (None, written)
    assert codes(found.remarks) == ["date_unreadable"]


def test_case_d5_a_date_in_the_future_is_not_believed(tmp_path):
    found = article(tmp_path, comment(date="", date_gmt="2999-01-01 00:00:00"))
    assert found.comments[0].posted_at is None
    assert codes(found.remarks) == ["date_in_future"]


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kolkata"])
def test_case_d6_the_zone_of_the_server_changes_nothing(tmp_path, monkeypatch, zone):
    monkeypatch.setenv("TZ", zone)
    assert one_comment(tmp_path, date_gmt=ZERO).posted_at == utc(2014, 3, 5, 10, 31, 7)


def test_case_d7_seconds_survive_on_posts_too(tmp_path):
    found = article(tmp_path)
    assert (found.published_at, found.date_precision) == (utc(2014, 3, 5, 8, 0, 1), "second")


@pytest.mark.parametrize(("local", "written"), [(ZERO, ""), ("2014-03-05 09:00:01", "2014-03-05 09:00:01")])
def test_a_post_without_gmt_has_no_date_but_what_is_written(tmp_path, local, written):
    found = article(tmp_path, post_date=local, post_date_gmt=ZERO)
    assert (found.published_at, found.date_precision, found.date_as_written) == (None, "unknown", written)


def test_a_post_without_dates_takes_that_of_the_feed(tmp_path):
    found = article(tmp_path, post_date=None, post_date_gmt=None, pubDate="Wed, 05 Mar 2014 09:00:00 +0100")
    assert found.published_at == utc(2014, 3, 5, 8)
    drafted = article(tmp_path, post_date_gmt=ZERO, pubDate="Wed, 30 Nov -0001 00:00:00 +0000")
    assert drafted.published_at is None


def test_only_a_scheduled_post_may_be_dated_ahead(tmp_path):
    ahead = {"post_date": "2999-01-01 01:00:00", "post_date_gmt": "2999-01-01 00:00:00"}
    found = articles(
        tmp_path,
        wxr(item(status="future", **ahead), item(post_id="2", link="https://blog.example/2", **ahead)),
    )
    assert [one.published_at for one in found] == [utc(2999, 1, 1), None]
