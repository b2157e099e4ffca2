"""Instants in the words of six languages, from our own tables: no machine's locale words what a customer reads."""

from datetime import datetime
from typing import NamedTuple


class _Calendar(NamedTuple):
    pattern: str
    weekdays: str
    months: str


_CALENDARS = {
    "en": _Calendar(
        "{weekday}, {day} {month}, {time} ({zone})",
        "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
        "January February March April May June July August September October November December",
    ),
    "de": _Calendar(
        "{weekday}, {day}. {month}, {time} Uhr ({zone})",
        "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    ),
    "fr": _Calendar(
        "{weekday} {day} {month} à {french_time} ({zone})",
        "lundi mardi mercredi jeudi vendredi samedi dimanche",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    ),
    "es": _Calendar(
        "{weekday} {day} de {month} a las {time} ({zone})",
        "lunes martes miércoles jueves viernes sábado domingo",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    "nl": _Calendar(
        "{weekday} {day} {month} om {time} uur ({zone})",
        "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
        "januari februari maart april mei juni juli augustus september oktober november december",
    ),
    "it": _Calendar(
        "{weekday} {day} {month} alle {time} ({zone})",
        "lunedì martedì mercoledì giovedì venerdì sabato domenica",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    ),
}
_FIRST_OF_MONTH = {"fr": "1er", "it": "1º"}
_ZONES = {
    "de": {"CET": "MEZ", "CEST": "MESZ", "WET": "WEZ", "WEST": "WESZ", "EET": "OEZ", "EEST": "OESZ"},
}
# A language without a table of its own gets figures that no reader can mistake.
_NEUTRAL = "{date}, {time} ({zone})"


def say_when(moment: datetime, language: str) -> str:
    """A time zone aware instant for a reader of a language (ISO 639-1), such as 'Thursday, 12 March, 17:00 (CET)'."""
    name = moment.tzname() or ""
    zone = f"UTC{name}" if name.startswith(("+", "-")) else _ZONES.get(language, {}).get(name, name)
    common = {"time": f"{moment:%H:%M}", "zone": zone}
    calendar = _CALENDARS.get(language)
    if calendar is None:
        return _NEUTRAL.format(date=f"{moment:%Y-%m-%d}", **common)
    return calendar.pattern.format(
        weekday=calendar.weekdays.split()[moment.weekday()],
        day=_FIRST_OF_MONTH.get(language, "1") if moment.day == 1 else moment.day,
        month=calendar.months.split()[moment.month - 1],
        french_time=f"{moment.hour} h {moment:%M}" if moment.minute else f"{moment.hour} h",
        **common,
    )
