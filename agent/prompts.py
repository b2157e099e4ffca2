"""The system prompts: loaded from Markdown with strict front matter, proven at load, referenced by digest.

A system prompt is the only template in the house. Text from outside never meets it: it stands in the user message,
between fences that carry a nonce no sender can know.
"""

import hashlib
import json
import secrets
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from pydantic import BaseModel, Field, ValidationError

import agent
from agent import strict_yaml
from agent.errors import ConfigurationError
from agent.schema import Noun

FENCE = "---\n"
NONCE_BYTES = 5


class FrontMatter(Noun):
    """What a prompt says of itself."""

    name: str
    version: str = Field(pattern=r"^\d+\.\d+\.\d+$")
    description: str = Field(min_length=1)
    inputs: tuple[str, ...]
    output: str = Field(description="name of the response type")
    temperature: float = Field(ge=0, le=2)


class Prompt(Noun):
    """A prompt as loaded. `sha256` is that of the whole file: front matter and body."""

    front: FrontMatter
    body: str
    sha256: str

    def fill(self, **inputs: str) -> str:
        """The system prompt. Raises ConfigurationError unless exactly the declared inputs are given."""
        if set(inputs) != set(self.front.inputs):
            raise ConfigurationError(f"prompts/{self.front.name}.md: inputs: wants {list(self.front.inputs)}")
        return Template(self.body).substitute(inputs)

    def reference(self, response_type: type[BaseModel]) -> str:
        """`name@version#digest`, over the words and the response schema: its descriptions are read as words too."""
        both = f"{self.sha256}{schema_sha256(response_type)}"
        return f"{self.front.name}@{self.front.version}#{hashlib.sha256(both.encode()).hexdigest()[:12]}"


def load(name: str) -> Prompt:
    """The prompt of that name, packaged or from a checkout. Raises ConfigurationError naming the file and the key."""
    origin = f"prompts/{name}.md"
    return parse(_source(name, origin).read_text(encoding="utf-8"), name=name)


def parse(text: str, *, name: str) -> Prompt:
    """Prove a prompt's text: every key, and exactly the declared inputs in the body. Raises ConfigurationError."""
    origin = f"prompts/{name}.md"
    opening, front, body = text.split(FENCE, 2) if text.count(FENCE) > 1 else ("?", "", "")
    if opening:
        raise ConfigurationError(f"{origin}: must open with front matter between two lines '---'")
    try:
        matter = FrontMatter.model_validate(strict_yaml.load(front))
    except ValidationError as error:
        fault = error.errors()[0]
        raise ConfigurationError(f"{origin}: {'.'.join(map(str, fault['loc']))}: {fault['msg']}") from error
    except ConfigurationError as error:
        raise ConfigurationError(f"{origin}: {error}") from error
    if matter.name != name:
        raise ConfigurationError(f"{origin}: name: is '{matter.name}', must be '{name}'")
    template = Template(body)
    if not template.is_valid() or set(template.get_identifiers()) != set(matter.inputs):
        raise ConfigurationError(f"{origin}: inputs: the body must use exactly {list(matter.inputs)}, and '$$' for '$'")
    return Prompt(front=matter, body=body.strip(), sha256=hashlib.sha256(text.encode()).hexdigest())


def schema_sha256(response_type: type[BaseModel]) -> str:
    """Digest of a response schema, in field order: the order is the order of thought."""
    return hashlib.sha256(json.dumps(response_type.model_json_schema()).encode()).hexdigest()


def fresh_nonce() -> str:
    """A word that no sender of a text can have known; new for every request."""
    return secrets.token_hex(NONCE_BYTES)


def fenced(kind: str, text: str, nonce: str, **facts: object) -> str:
    """A block of data. `facts` are shown in the order given; their values stay on the opening line."""
    shown = "".join(f" {key}={' '.join(str(value).split())}" for key, value in facts.items() if value)
    return f"<{kind} {nonce}{shown}>\n{text}\n</{kind} {nonce}>"


def _source(name: str, origin: str) -> Traversable:
    """Packaged first; an editable install has no `_prompts`, so a checkout's own folder comes second."""
    for folder in (resources.files("agent") / "_prompts", Path(agent.__file__).parent.parent / "prompts"):
        if (file := folder / f"{name}.md").is_file():
            return file
    raise ConfigurationError(f"{origin}: no such prompt")
