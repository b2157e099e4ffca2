"""How an assessment looks: at a terminal, as Markdown, as JSON. Nothing here decides anything."""

from agent.report.json_form import inert, schema_text, to_json
from agent.report.markdown import render as markdown
from agent.report.terminal import decision, drafts

__all__ = ["decision", "drafts", "inert", "markdown", "schema_text", "to_json"]
