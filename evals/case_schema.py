"""The JSON schema of a file of cases, for editors: `# yaml-language-server: $schema=golden.schema.json`."""

import json
from pathlib import Path

from pydantic import TypeAdapter

from evals.cases import Case
from evals.reports import files

PATH = Path(__file__).parent / "datasets" / "golden.schema.json"


def text() -> str:
    """The schema as the file holds it."""
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Labelled cases"}
    return json.dumps(document | TypeAdapter(list[Case]).json_schema(), indent=2, ensure_ascii=False) + "\n"


def write() -> Path:
    """Bring the file up to date with the model."""
    files.write(PATH, text())
    return PATH
