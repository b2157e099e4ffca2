"""One case as a single file that needs nothing else: to mail to a manager, or to keep."""

import base64
import hashlib

from markupsafe import Markup

from agent.schema.record import Run
from agent.web import case
from agent.web.app import STATIC
from agent.web.desk import Desk
from agent.web.pages import render


def lone_file(desk: Desk, run: Run) -> str:
    """The case as HTML: style inside, no script, no address of anything else; the style is allowed by its digest."""
    style = (STATIC / "review.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    known = {
        "case": case.page(desk, run, *case.standing_levels(run.summary)),
        "desk": desk,
        "now": desk.now(),
        "style": Markup(style),  # noqa: S704 - our own file
        "digest": digest,
    }
    return render("lone.html", known)
