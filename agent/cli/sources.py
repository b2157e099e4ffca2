"""Where settings are said: one file in the platform's config directory, and the environment on top.

They are told as they stand and proven in `settings`: this much is known before anything heavy is imported.
"""

import os
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import platformdirs

from agent.errors import ConfigurationError

# Environment variables, by key. The key of a model is read by the model's adapter and is never a setting.
ENVIRONMENT = {
    "model": "TRIAGE_MODEL",
    "base_url": "OPENAI_BASE_URL",
    "second_opinion": "TRIAGE_SECOND_OPINION",
    "second_opinion_base_url": "TRIAGE_SECOND_OPINION_BASE_URL",
    "calibration": "TRIAGE_CALIBRATION",
    "policy": "TRIAGE_POLICY",
    "time_zone": "TRIAGE_TIME_ZONE",
    "country": "TRIAGE_COUNTRY",
    "csm_name": "TRIAGE_CSM_NAME",
    "company": "TRIAGE_COMPANY",
    "company_domains": "TRIAGE_COMPANY_DOMAINS",
    "save": "TRIAGE_SAVE",
    "keep_text": "TRIAGE_KEEP_TEXT",
    "database_url": "TRIAGE_DATABASE_URL",
    "precedents": "TRIAGE_PRECEDENTS",
    "redact": "TRIAGE_REDACT",
    "redact_kinds": "TRIAGE_REDACT_KINDS",
}


class Given(NamedTuple):
    """What was set, which of it by the environment, and the file with its words."""

    values: dict[str, Any]
    by_environment: frozenset[str]
    file: Path
    text: str


def path() -> Path:
    """Where the settings file is looked for; it need not exist."""
    return Path(platformdirs.user_config_dir("escalation-triage")) / "config.toml"


def read() -> Given:
    """Everything that was set. Raises ConfigurationError for a file that cannot be read."""
    file = path()
    try:
        text = file.read_text(encoding="utf-8-sig")  # editors on Windows start a file with a mark
    except FileNotFoundError:
        text = ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{file}: cannot be read ({error})") from error
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"{file}: {error}") from error
    for key in ("policy", "calibration"):
        if isinstance(own := values.get(key), str):
            values[key] = str(file.parent / Path(own).expanduser())  # relative to the file that says it
    environment = {key: said for key, variable in ENVIRONMENT.items() if (said := os.environ.get(variable))}
    return Given(values | environment, frozenset(environment), file, text)


def environ(**settings: object) -> dict[str, str]:
    """The environment as if these settings had been said there."""
    said = {ENVIRONMENT[key]: value for key, value in settings.items() if value and isinstance(value, str)}
    return dict(os.environ) | said
