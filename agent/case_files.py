"""Verdicts as labelled cases in the format of the evals: pseudonymised, and marked for a person to check.

The format is a YAML list with the fields of `evals/datasets/golden.schema.json`; the product never imports the evals.
"""

from collections.abc import Iterable
from typing import Any

import yaml

from agent.evidence import normalise
from agent.pseudonyms import Pseudonyms
from agent.schema import Basis, Dimension
from agent.schema.record import Run
from agent.schema.situation import context_note

TO_CHECK = "to-check"
_HEAD = """\
# Made from managers' verdicts. Before use a person checks every case, and then takes away its tag to-check:
# names and details that a placeholder should hide, whether the label is the case's and not the moment's, the title.
"""
_LEAST_REASON = 10  # characters; the format's own minimum
_TITLE_CHARACTERS = 90


def render(runs: Iterable[Run]) -> tuple[str, int, int]:
    """The YAML, how many cases it holds, and how many verdicts gave none: without a kept text, or without scores."""
    given = [_case(run) for run in runs]
    cases = [case for case in given if case]
    dumped = yaml.dump(cases, Dumper=_Readable, allow_unicode=True, sort_keys=False, width=120)
    return _HEAD + dumped, len(cases), len(given) - len(cases)


def _case(run: Run) -> dict[str, Any] | None:
    """One case; None where there is no text, or the verdict only set a band, which the format does not carry."""
    summary, situation = run.summary, run.situation
    verdict, rescored = summary.verdict, summary.rescored
    if situation is None or verdict is None or rescored is None or (verdict.decision and not verdict.scores):
        return None
    hidden = Pseudonyms(situation, account=summary.account)
    note = context_note(situation.context)
    text = hidden.text(f"{situation.text}\n\nNote by the CSM: {note}\n" if note else situation.text)
    quotes = (hidden.text(e.quote) for _, score in run.assessment.scores.items() for e in score.evidence if e.found)
    levels = {dimension.value: rescored.scores[dimension] for dimension in Dimension}
    reason = hidden.text(verdict.reason or "")
    return {
        "id": f"verdict-{summary.id[:12]}",
        "split": "test",
        "title": _title(hidden.text(" ".join(run.assessment.situation.split()))),
        "tags": ["from-verdict", TO_CHECK],
        "account": hidden.text(summary.account) if summary.account else None,
        "now": summary.made_at.isoformat(),
        "text": text,
        "expected": levels | {"issue_type": summary.issue_type.value},
        "rated_range": {name: [level, level] for name, level in levels.items()},
        "unstated": [d.value for d, score in run.assessment.scores.items() if score.basis is Basis.UNSTATED],
        "customer_language": situation.language or "en",
        "key_facts": list(dict.fromkeys(quote for quote in quotes if normalise(quote) in normalise(text))),
        "why": reason if len(reason) >= _LEAST_REASON else f"A manager agreed with the tool's scores. {reason}".strip(),
    }


def _title(words: str) -> str:
    """Cut between words: half a placeholder stands for nobody."""
    return words if len(words) <= _TITLE_CHARACTERS else words[: _TITLE_CHARACTERS + 1].rpartition(" ")[0]


class _Readable(yaml.SafeDumper):
    """Threads as blocks of lines, as a person would write them."""


def _string(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Readable.add_representer(str, _string)
