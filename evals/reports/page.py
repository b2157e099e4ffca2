"""One self-contained page: everything inline, nothing fetched, nothing run that does not stand in this folder.

The page's policy names the digests of its one style sheet and its one script. Should a case's text ever reach the page
as markup, it still could not run, style or load anything.
"""

import base64
import hashlib
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from agent.report.plain import clean, line
from evals.reports import phrases

FOLDER = Path(__file__).parent


def fill(template: str, **values: object) -> str:
    """The template with its values; every one of them is escaped."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(words=phrases.words, clean=clean, line=line)
    style, script = (_asset(name) for name in ("page.css", "page.js"))
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{_digest(style)}'",
            f"script-src '{_digest(script)}'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )
    page = environment.get_template(template)
    return page.render(values, style=Markup(style), script=Markup(script), policy=policy, phrases=phrases)  # noqa: S704 - files of this folder


def _asset(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def _digest(asset: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(asset.encode()).digest()).decode()}"
