"""What a user may set once, proven. Flags beat the environment, the environment beats the file (`sources`)."""

import os
import re
from datetime import datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, ValidationError, field_validator

from agent.cli import sources
from agent.engine.deadlines import public_holidays
from agent.errors import ConfigurationError
from agent.schema import Noun, PrivateKind
from agent.schema.record import KeepText


class Settings(Noun):
    """Everything a user may set once. Every key may be absent."""

    model: str | None = Field(default=None, description="such as openai/gpt-5-mini, local, local:/path/model.gguf")
    base_url: str | None = Field(default=None, description="an OpenAI-compatible endpoint")
    second_opinion: str | None = Field(
        default=None, description="a decision model, such as decisions/openai/gpt-6-luna"
    )
    second_opinion_base_url: str | None = Field(default=None, description="where the second opinion is asked")
    calibration: Path | None = Field(default=None, description="a calibration map of your model's probabilities")
    policy: Path | None = Field(default=None, description="your own policy file")
    time_zone: str | None = Field(default=None, description="IANA name, such as Europe/Berlin; default: this machine's")
    country: str | None = Field(default=None, description="public holidays: ISO code such as DE or DE-BY")
    csm_name: str | None = Field(default=None, description="signs the customer message, and the record")
    company: str | None = Field(default=None, description="your company, under your name")
    company_domains: tuple[str, ...] = Field(
        default=(), description="the domains your company writes mail from: ours.example"
    )
    save: bool = Field(default=True, description="keep every triage in the record")
    keep_text: KeepText = Field(default=KeepText.FULL, description="how much of the text is kept: full, redacted, none")
    database_url: str | None = Field(default=None, description="postgresql://user@host/name, or a file for SQLite")
    precedents: int = Field(default=0, ge=0, le=10, description="verdicts of managers offered to a model that writes")

    redact: bool = Field(default=False, description="replace private values before a text is sent to a model's server")
    redact_kinds: tuple[PrivateKind, ...] = Field(
        default=tuple(PrivateKind), description=f"which: {', '.join(PrivateKind)}"
    )

    @field_validator("redact_kinds", mode="before")
    @classmethod
    def _kinds(cls, given: object) -> object:
        """An environment variable holds them with commas."""
        return tuple(kind.strip() for kind in given.split(",") if kind.strip()) if isinstance(given, str) else given

    @field_validator("company_domains", mode="before")
    @classmethod
    def _domains(cls, given: object) -> object:
        """An environment variable holds them with commas; an @ in front of one is left out."""
        several = given.split(",") if isinstance(given, str) else given
        if not isinstance(several, (list, tuple)):
            return several
        return tuple(d.strip().lower().lstrip("@") if isinstance(d, str) else d for d in several if d)

    @field_validator("country")
    @classmethod
    def _known_country(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                public_holidays(name)
            except ConfigurationError as error:
                raise ValueError(str(error).partition(": ")[2]) from error
        return name

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None:
            try:
                ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError) as error:
                raise ValueError(f"'{name}' is not a time zone such as Europe/Berlin") from error
        return name


def load() -> Settings:
    """The file, then the environment on top. Raises ConfigurationError naming file, line and key."""
    given = sources.read()
    try:
        return Settings.model_validate(given.values)
    except ValidationError as error:
        fault = error.errors()[0]
        key = str(fault["loc"][0])
        where = (
            sources.ENVIRONMENT[key]
            if key in given.by_environment
            else f"{given.file}, line {_line_of(key, given.text)}"
        )
        unknown = fault["type"] == "extra_forbidden"
        what = f"is not one of {', '.join(Settings.model_fields)}" if unknown else fault["msg"]
        raise ConfigurationError(f"{where}: '{key}' {what.removeprefix('Value error, ')}") from error


def _line_of(key: str, text: str) -> int:
    """The parser tells no lines for keys it accepted, so the key is looked up again."""
    pattern = re.compile(rf"""^\s*(\[+\s*)?["']?{re.escape(key)}\b""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if pattern.match(line)), 1)


def zone(settings: Settings) -> tzinfo:
    """The user's time zone, with its daylight saving rules where the machine names them."""
    if settings.time_zone:
        return ZoneInfo(settings.time_zone)
    name = os.environ.get("TZ", "").lstrip(":") or str(Path("/etc/localtime").resolve()).partition("zoneinfo/")[2]
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        local = datetime.now().astimezone().tzinfo
        assert local is not None
        return local


def now(given: str | None, settings: Settings) -> datetime:
    """The moment from which deadlines count: `--now` in ISO 8601, in the user's zone if it names none, or the clock."""
    home = zone(settings)
    if given is None:
        return datetime.now(home)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError as error:
        raise ConfigurationError(f"--now: '{given}' is not a time such as 2026-03-12T09:30") from error
    return moment.replace(tzinfo=home) if moment.tzinfo is None else moment.astimezone(home)
