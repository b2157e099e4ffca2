"""By when: instants in the user's own time zone, from the policy's tables, office hours and public holidays.

How time is counted:

- Deadlines are whole minutes; the running minute counts as now.
- `business_days: n` ends with the office hours of the n-th business day whose opening is still to come. A day that has
  opened is not counted any more: from Monday 10:00 one day is Tuesday's closing, from Monday 08:00 it is Monday's, and
  from any moment of a weekend it is Monday's.
- `business_hours: n` runs only while the office is open: from Friday 16:55 four hours end on Monday at 12:55.
- `same_day_hours: n` runs by the clock on every day, and ends at 23:59 of that day at the latest.

Office hours are read off the wall; lengths of time are measured in UTC, so that the days on which clocks change come
out right.
"""

from collections.abc import Container
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from agent.errors import ConfigurationError
from agent.policy import Calendar, Policy, TimeAllowed
from agent.schema import Band, Deadlines, Scores

_DAY = timedelta(days=1)
_AT_ONCE = TimeAllowed(same_day_hours=1)
_ISO_COUNTRY_LETTERS = 2


def set_for(scores: Scores, policy: Policy, *, band: Band, now: datetime) -> Deadlines:
    """All deadlines of a decision. Raises ConfigurationError if the calendar's country is not known.

    The customer hears next by the owner's answer; where the CSM handles it, by closing time of the standing rule's day.
    """
    calendar, tables = policy.calendar, policy.deadlines
    if calendar.country is not None:
        public_holidays(calendar.country)  # a wrong country is found at once, not in the first case that needs it
    now = now.replace(second=0, microsecond=0)
    time_sensitivity = scores.time_sensitivity.score
    severity = max(scores.customer_impact.score, time_sensitivity)
    last_day = business_day(policy.standing_rule.business_days_by_severity[severity - 1], calendar, now)
    # Nobody escalates before the customer has heard a word, so the standing rule's day bounds it in every band.
    rule_ends = _at(last_day, calendar.closes, now)
    if rule_ends.timestamp() <= now.timestamp():  # today's office hours are over
        rule_ends = due(_AT_ONCE, calendar, now)
    word = min(
        due(tables.customer_word.allowed(band, time_sensitivity), calendar, now), rule_ends, key=datetime.timestamp
    )
    if band.escalates:
        answer = due(tables.owner_answer.allowed(band, time_sensitivity), calendar, now)
        update = _later(answer, word)
        return Deadlines(owner_answer=answer, customer_word=word, customer_update=update, escalate_if_unresolved=None)
    return Deadlines(owner_answer=None, customer_word=word, customer_update=rule_ends, escalate_if_unresolved=last_day)


def due(allowed: TimeAllowed, calendar: Calendar, now: datetime) -> datetime:
    """The end of the allowed time, in the time zone of `now`."""
    if allowed.business_days is not None:
        return _at(business_day(allowed.business_days, calendar, now), calendar.closes, now)
    if allowed.business_hours is not None:
        return _office_hours_later(allowed.business_hours, calendar, now)
    assert allowed.same_day_hours is not None  # one unit is always set
    later = (now.astimezone(UTC) + timedelta(hours=allowed.same_day_hours)).astimezone(now.tzinfo)
    # fold: where clocks are set back at midnight, the day ends with the second of its two 23:59.
    return min(later, now.replace(hour=23, minute=59, fold=1), key=datetime.timestamp)


def business_day(number: int, calendar: Calendar, now: datetime) -> date:
    """The n-th business day whose opening is still to come; today for 0, whatever day it is."""
    day = now.date()
    if number == 0:
        return day
    if now.time() >= calendar.opens:
        day += _DAY
    while True:
        if _is_open(day, calendar):
            number -= 1
        if number == 0:
            return day
        day += _DAY


def _office_hours_later(hours: int, calendar: Calendar, now: datetime) -> datetime:
    left, start, day = timedelta(hours=hours), now.astimezone(UTC), now.date()
    while True:
        if _is_open(day, calendar):
            begins = max(start, _at(day, calendar.opens, now).astimezone(UTC))
            closes = _at(day, calendar.closes, now).astimezone(UTC)
            if begins + left <= closes:
                return (begins + left).astimezone(now.tzinfo)
            left -= max(closes - begins, timedelta())
        day += _DAY


def _is_open(day: date, calendar: Calendar) -> bool:
    if day.weekday() not in calendar.weekdays or day in calendar.closed:
        return False
    return calendar.country is None or day not in public_holidays(calendar.country)


@lru_cache
def public_holidays(country: str) -> Container[date]:
    """The public holidays of 'DE' or 'DE-BY'. Raises ConfigurationError for a country or region nobody knows."""
    import holidays  # noqa: PLC0415 - a tenth of a second that only a policy with a country pays

    code, _, region = country.partition("-")
    advice = f"calendar.country: '{country}' is not known; give an ISO 3166 code such as DE, or DE-BY with its region"
    if len(code) != _ISO_COUNTRY_LETTERS:  # longer names reach other things than countries in that library
        raise ConfigurationError(advice)
    try:
        return holidays.country_holidays(code, subdiv=region or None)
    except NotImplementedError as error:
        raise ConfigurationError(advice) from error


def _at(day: date, wall: time, now: datetime) -> datetime:
    return datetime.combine(day, wall, now.tzinfo)


def _later(one: datetime, other: datetime) -> datetime:
    """The later instant. Two values of one zone compare by the wall, which is blind where clocks are set back."""
    return max(one, other, key=datetime.timestamp)
