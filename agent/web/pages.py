"""Templates to pages. Every word passes here: made harmless first, then escaped."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from agent.policy import LEVELS
from agent.report import certainty, phrases
from agent.report.plain import clean
from agent.schema import Band, Dimension, Side
from agent.schema.record import EntryKind, KeepText, OutcomeKind
from agent.web import attention
from agent.web.desk import Desk
from agent.web.door import Door
from agent.web.passages import anchor

LETTERS = dict(zip(Dimension, "IVTC", strict=True))
SIDES = {Side.CUSTOMER: "Customer", Side.US: "Us", Side.CSM_NOTE: "CSM's note", Side.UNKNOWN: "Side not told"}
OUTCOMES = {
    OutcomeKind.RESOLVED: "Resolved",
    OutcomeKind.WAS_TOO_LATE: "It was escalated too late",
    OutcomeKind.WAS_NOT_NEEDED: "Escalating was not needed",
}
KEEPS = {
    KeepText.FULL: "the whole text, as it came",
    KeepText.REDACTED: "the text with people and their numbers replaced",
    KeepText.NONE: "scores, figures and the account's name, and no text",
}
_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400


def show(request: Request, name: str, *, status: int = 200, **known: Any) -> HTMLResponse:  # noqa: ANN401 - any noun
    """A whole page, or a part of one, for whoever asked."""
    desk: Desk = request.app.state.desk
    door: Door = request.app.state.door
    known |= {
        "here": request.url.path,
        "reviewer": door.reviewer(request),
        "csrf": door.csrf(request),
        "desk": desk,
        "now": desk.now(),
    }
    return HTMLResponse(render(name, known), status)


def render(name: str, known: Mapping[str, Any]) -> str:
    """The template's text with everything known to it."""
    return _environment().get_template(name).render(known)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("agent.web"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "phrases": phrases, "certainty": certainty, "anchor": anchor, "ago": ago, "at": at,
        "LEVELS": LEVELS, "LETTERS": LETTERS, "SIDES": SIDES, "OUTCOMES": OUTCOMES, "KEEPS": KEEPS,
        "LOOKS": attention.LOOKS, "VIEWS": attention.VIEWS, "Band": Band, "Dimension": Dimension,
        "Kind": EntryKind,
    }  # fmt: skip
    return made


def _harmless(value: object) -> object:
    """No control, bidi or invisible character reaches a page, whoever wrote it. Escaping comes after."""
    return clean(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def ago(moment: datetime, now: datetime) -> str:
    """How long ago, or until when, in the largest fitting unit: '3 h ago', 'in 2 d'."""
    seconds = (now - moment).total_seconds()
    size = abs(seconds)
    unit, name = next(((u, n) for u, n in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")) if size >= u), (_MINUTE, "min"))
    span = f"{int(size // unit)} {name}"
    return f"{span} ago" if seconds >= 0 else f"in {span}"


def at(value: float, low: float, high: float, *, width: float) -> float:
    """Where a value lies on an axis of that width, never outside it."""
    return round(min(max((value - low) / (high - low), 0.0), 1.0) * width, 2)
