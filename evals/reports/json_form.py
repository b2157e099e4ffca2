"""A report as JSON: complete, loaded back as it was."""

from pathlib import Path

from pydantic import ValidationError

from agent.errors import ConfigurationError
from evals.results import REPORT_VERSION, Report


def render(report: Report) -> str:
    return report.model_dump_json(indent=1) + "\n"


def load(path: Path) -> Report:
    """A report of this or an earlier run. Raises ConfigurationError with the file and its fault."""
    try:
        return Report.model_validate_json(path.read_text(encoding="utf-8"))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        known = f"this version reads reports of version {REPORT_VERSION}"
        raise ConfigurationError(f"{path}: {where + ': ' if where else ''}{fault['msg']} ({known})") from error
    except OSError as error:
        raise ConfigurationError(f"{path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{path}: is not text in UTF-8") from error
