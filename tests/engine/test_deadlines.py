"""By when: office hours, public holidays, clocks that change, and never more time for a worse case."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.engine import decide
from agent.engine.deadlines import _later, business_day, due
from agent.errors import ConfigurationError
from agent.policy import Calendar, TimeAllowed, load_default
from tests.builders import grounded

POLICY = load_default()
OFFICE = POLICY.calendar
BERLIN = ZoneInfo("Europe/Berlin")


def at(words, zone=BERLIN, *, fold=0):
    return datetime.fromisoformat(words).replace(tzinfo=zone, fold=fold)


def calendar(**fields):
    return Calendar(**OFFICE.model_dump() | fields)


def days(number, now, office=OFFICE):
    return due(TimeAllowed(business_days=number), office, now)


def hours(number, now, office=OFFICE):
    return due(TimeAllowed(business_hours=number), office, now)


def same_day(number, now):
    return due(TimeAllowed(same_day_hours=number), OFFICE, now)


@pytest.mark.parametrize(
    ("now", "number", "expected"),
    [
        ("2026-11-24 10:15", 1, "2026-11-25 17:00"),  # Tuesday in office hours
        ("2026-11-24 08:59", 1, "2026-11-24 17:00"),  # today's opening is still to come
        ("2026-11-24 09:00", 1, "2026-11-25 17:00"),
        ("2026-11-24 23:50", 1, "2026-11-25 17:00"),
        ("2026-11-27 16:55", 1, "2026-11-30 17:00"),  # Friday
        ("2026-11-27 16:55", 3, "2026-12-02 17:00"),
        ("2026-11-28 11:00", 1, "2026-11-30 17:00"),  # Saturday: Monday is day one
        ("2026-11-29 23:59", 2, "2026-12-01 17:00"),  # Sunday
        ("2026-12-31 12:00", 2, "2027-01-04 17:00"),  # without a country New Year's Day is a Friday like any other
    ],
)
def test_business_days(now, number, expected):
    """By closing time of the n-th business day whose opening is still to come."""
    assert days(number, at(now)) == at(expected)


@pytest.mark.parametrize(
    ("now", "number", "expected"),
    [
        ("2026-11-24 10:15", 4, "2026-11-24 14:15"),
        ("2026-11-24 13:00", 4, "2026-11-24 17:00"),  # ends with the day, not at the next opening
        ("2026-11-24 13:01", 4, "2026-11-25 09:01"),
        ("2026-11-24 07:00", 4, "2026-11-24 13:00"),
        ("2026-11-27 16:55", 4, "2026-11-30 12:55"),
        ("2026-11-27 17:00", 4, "2026-11-30 13:00"),
        ("2026-11-28 11:00", 4, "2026-11-30 13:00"),
        ("2026-11-24 10:15", 20, "2026-11-26 14:15"),
    ],
)
def test_business_hours(now, number, expected):
    """Hours run only while the office is open."""
    assert hours(number, at(now)) == at(expected)


@pytest.mark.parametrize(
    ("now", "number", "expected"),
    [
        ("2026-11-24 10:15", 4, "2026-11-24 14:15"),
        ("2026-11-28 15:00", 4, "2026-11-28 19:00"),  # weekends included
        ("2026-11-24 21:30", 4, "2026-11-24 23:59"),
        ("2026-11-24 23:59", 1, "2026-11-24 23:59"),
    ],
)
def test_same_day_hours(now, number, expected):
    """Hours by the clock on any day, and never past 23:59 of that day."""
    assert same_day(number, at(now)) == at(expected)


@pytest.mark.parametrize(
    ("country", "now", "number", "expected"),
    [
        ("DE-BY", "2026-12-23 10:00", 2, "2026-12-28"),
        ("DE-BY", "2027-01-05 10:00", 1, "2027-01-07"),  # Epiphany is a holiday in Bavaria
        ("DE", "2027-01-05 10:00", 1, "2027-01-06"),  # and not in all of Germany
        ("GB", "2026-12-23 10:00", 3, "2026-12-30"),
        (None, "2026-12-23 10:00", 2, "2026-12-25"),
    ],
)
def test_public_holidays(country, now, number, expected):
    """A country adds its public holidays, a region its own; without a country there are none."""
    assert business_day(number, calendar(country=country), at(now)) == date.fromisoformat(expected)


def test_holiday_stops_the_office_clock():
    """On a public holiday no office hours pass."""
    assert hours(4, at("2026-12-24 16:00"), calendar(country="DE")) == at("2026-12-28 12:00")


@pytest.mark.parametrize("country", ["XX", "DE-ZZ", "de", "utils", "HolidayBase", "Germany", ""])
@pytest.mark.parametrize("scores", [(1, 1, 1, 1), (5, 5, 5, 5)])
def test_unknown_country(country, scores):
    """An unknown country or region is named in every case, also where no business day is counted."""
    policy = POLICY.model_copy(update={"calendar": calendar(country=country)})
    with pytest.raises(ConfigurationError, match=rf"calendar\.country: '{country}' is not known"):
        decide(grounded(scores), policy, at("2026-11-24 10:15"))


def test_own_working_week():
    """Working days are the policy's: where the week runs from Sunday, Friday is free."""
    office = calendar(working_days=("sun", "mon", "tue", "wed", "thu"))
    assert days(1, at("2026-11-26 10:00", ZoneInfo("Asia/Riyadh")), office).date() == date(2026, 11, 29)


@pytest.mark.parametrize(
    ("now", "number", "expected"),
    [
        (at("2026-03-29 01:00"), 4, "2026-03-29T06:00+02:00"),  # clocks go forward at 2:00
        (at("2026-10-25 01:30"), 3, "2026-10-25T03:30+01:00"),  # and back at 3:00
        (at("2026-10-25 02:30", fold=1), 1, "2026-10-25T03:30+01:00"),
        # Chile goes back from midnight to 23:00, so that this day has two 23:30; its end is the second 23:59.
        (at("2026-04-04 23:30", ZoneInfo("America/Santiago")), 4, "2026-04-04T23:59-04:00"),
        (at("2026-04-04 23:30", ZoneInfo("America/Santiago"), fold=1), 4, "2026-04-04T23:59-04:00"),
    ],
)
def test_hours_over_a_change_of_clocks(now, number, expected):
    """Four hours are four hours, whatever the clocks do meanwhile."""
    found = same_day(number, now)
    assert found.astimezone(UTC) == datetime.fromisoformat(expected).astimezone(UTC)
    assert found.isoformat(timespec="minutes") == expected


def test_office_hours_are_wall_hours_after_a_change_of_clocks():
    """Opening and closing are read off the wall: the weekend's change of clocks moves neither."""
    assert hours(4, at("2026-03-27 16:55")).isoformat() == "2026-03-30T12:55:00+02:00"
    assert days(1, at("2026-10-23 12:00")).isoformat() == "2026-10-26T17:00:00+01:00"


def test_office_that_is_open_while_clocks_change():
    """An office that never closes works one hour less in the night when clocks go forward."""
    office = calendar(working_days=("sat", "sun"), opens=time(0), closes=time(23, 59))
    assert hours(4, at("2026-03-29 00:00"), office).isoformat() == "2026-03-29T05:00:00+02:00"


def test_later_is_later_in_utc():
    """In the hour that comes twice the second pass is later, whatever the wall says."""
    first, second = at("2026-10-25 02:45"), at("2026-10-25 02:15", fold=1)
    assert _later(first, second) is second
    assert _later(second, first) is second


def decided(scores, now):
    return decide(grounded(scores), POLICY, now).deadlines


def test_escalated_case():
    """2+2+2+4 on a Tuesday: the answer in three business days, the customer hears tomorrow and again by the answer."""
    found = decided((2, 2, 2, 4), at("2026-11-24 10:15:42"))
    assert found.owner_answer == at("2026-11-27 17:00")
    assert found.customer_word == at("2026-11-25 17:00")
    assert found.customer_update == found.owner_answer
    assert found.escalate_if_unresolved is None


@pytest.mark.parametrize(
    ("impact", "time_sensitivity", "day"),
    [(1, 1, "2026-12-08"), (2, 1, "2026-12-01"), (1, 3, "2026-11-27"), (4, 1, "2026-11-25"), (1, 5, "2026-11-24")],
)
def test_standing_rule(impact, time_sensitivity, day):
    """10, 5, 3, 1 business days or today, by the larger of impact and time sensitivity; only for 'handle yourself'."""
    found = decided((impact, 1, time_sensitivity, 1), at("2026-11-24 10:15"))
    assert found.owner_answer is None
    assert found.escalate_if_unresolved == date.fromisoformat(day)
    assert found.customer_update == max(found.customer_word, at(f"{day} 17:00"))


def test_today_is_today_even_on_a_saturday():
    """The most severe standing rule does not wait for Monday."""
    assert decided((5, 1, 1, 1), at("2026-11-28 11:00")).escalate_if_unresolved == date(2026, 11, 28)


def test_seconds_are_dropped():
    """Deadlines are whole minutes."""
    assert decided((5, 5, 5, 5), at("2026-11-24 10:15:42.5")).owner_answer == at("2026-11-24 12:15")


SAMPLED = (
    at("2026-11-24 08:59"),
    at("2026-11-24 10:15"),
    at("2026-11-24 16:30"),
    at("2026-11-25 02:30"),
    at("2026-11-25 23:59:30"),
    at("2026-11-27 16:55"),
    at("2026-11-28 12:00"),
    at("2026-11-29 23:00"),
    at("2026-12-31 15:00"),
    at("2026-03-29 01:30"),
    at("2026-10-25 02:30"),
    at("2026-10-25 02:30", fold=1),
)


def assert_no_later(worse, milder):
    """Compared in UTC, field by field; a field that only one of them has is not compared."""
    assert worse.customer_word.timestamp() <= milder.customer_word.timestamp()
    if worse.owner_answer and milder.owner_answer:
        assert worse.owner_answer.timestamp() <= milder.owner_answer.timestamp()
    if worse.escalate_if_unresolved and milder.escalate_if_unresolved:
        assert worse.escalate_if_unresolved <= milder.escalate_if_unresolved
    if bool(worse.owner_answer) is bool(milder.owner_answer):
        # Between 'handle yourself' and an escalation the update waits for somebody else's answer: another thing.
        assert worse.customer_update.timestamp() <= milder.customer_update.timestamp()


@pytest.mark.parametrize("now", SAMPLED, ids=str)
def test_no_worse_input_gives_more_time(now):
    """One level more in any dimension makes no deadline later, over all 625 score combinations."""
    found = {scores: decided(scores, now) for scores in product(range(1, 6), repeat=4)}
    for scores, milder in found.items():
        for place in (p for p in range(4) if scores[p] < 5):
            assert_no_later(found[(*scores[:place], scores[place] + 1, *scores[place + 1 :])], milder)


LEVELS = st.integers(1, 5)
ZONES = st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"])
NOWS = st.datetimes(
    min_value=datetime(2026, 1, 1),  # noqa: DTZ001 - the strategy adds the zone
    max_value=datetime(2028, 12, 31),  # noqa: DTZ001
    timezones=ZONES.map(ZoneInfo),
    allow_imaginary=False,
)


@given(now=NOWS, scores=st.tuples(LEVELS, LEVELS, LEVELS, LEVELS), worse=st.tuples(LEVELS, LEVELS, LEVELS, LEVELS))
def test_worse_is_never_later_at_any_time(now, scores, worse):
    """At any moment in any zone, of two inputs the one that is nowhere milder has no later deadline."""
    worse = tuple(map(max, scores, worse))
    assert_no_later(decided(worse, now), decided(scores, now))


@given(now=NOWS, scores=st.tuples(LEVELS, LEVELS, LEVELS, LEVELS))
def test_order_in_time(now, scores):
    """No deadline has passed when it is set, and the customer's update is before neither answer nor first word."""
    found = decided(scores, now)
    started = now.timestamp() - 60
    assert found.customer_word.timestamp() > started
    assert found.customer_update.timestamp() >= found.customer_word.timestamp()
    if found.owner_answer:
        assert started < found.owner_answer.timestamp() <= found.customer_update.timestamp()
    else:
        assert found.escalate_if_unresolved >= now.date()


@given(now=NOWS, number=st.integers(1, 30))
def test_waiting_never_brings_a_deadline_forward(now, number):
    """A later start gives no earlier end, in business days and business hours alike."""
    later = (now.astimezone(UTC) + timedelta(minutes=17)).astimezone(now.tzinfo)
    assert days(number, later).timestamp() >= days(number, now).timestamp()
    assert hours(number, later).timestamp() >= hours(number, now).timestamp()


def test_a_day_that_the_company_is_closed_does_not_count():
    """The company's own days off are as good as holidays."""
    office = calendar(closed=frozenset({date(2026, 11, 25)}))
    assert days(1, at("2026-11-24 10:15"), office) == at("2026-11-26 17:00")


@pytest.mark.parametrize("now", ["2026-11-24 10:15", "2026-11-27 16:55", "2026-11-28 12:00", "2026-12-31 15:00"])
def test_the_customer_hears_a_word_before_the_standing_rule_escalates(now):
    """Nobody escalates over the head of a customer who has heard nothing."""
    for impact, time_sensitivity in product(range(1, 6), repeat=2):
        found = decided((impact, 1, time_sensitivity, 1), at(now))
        if found.escalate_if_unresolved:
            assert found.customer_word.date() <= max(found.escalate_if_unresolved, at(now).date())
