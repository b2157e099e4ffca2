"""A GGUF file cut down to its first blocks: what reading needs, without what writing needs.

The middle of a language model says more about a text than its end, which is busy with the next word. So the built-in
model is kept without its last blocks and without its output matrix: a third less to store, to load and to compute.
The format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import io
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from agent.errors import ConfigurationError

HEADER_BYTES = 16 << 20  # more than the header of any model of this size; its vocabulary fills six megabytes

_SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}  # bytes per value, by GGUF type
_TEXT, _LIST, _UINT32 = 8, 9, 4
_ALIGNMENT = 32  # of tensors in the file, where it says nothing else
_BLOCK = re.compile(r"blk\.(\d+)\.")
_WRITES = "output.weight"


@dataclass(frozen=True)
class Cut:
    """A new header, and which bytes of the old file follow it, in ascending order."""

    header: bytes
    kept: tuple[range, ...]

    @property
    def size_bytes(self) -> int:
        return len(self.header) + sum(map(len, self.kept))

    def of(self, block: bytes, position: int) -> Iterator[bytes]:
        """What is kept of a block of the old file that begins at `position`."""
        for kept in self.kept:
            start, stop = max(kept.start, position), min(kept.stop, position + len(block))
            if start < stop:
                yield block[start - position : stop - position]


@dataclass(frozen=True)
class _Tensor:
    name: bytes
    shape: bytes
    offset: int

    def stays(self, blocks: int) -> bool:
        name = self.name.decode()
        block = _BLOCK.match(name)
        return name != _WRITES and not (block and int(block[1]) >= blocks)

    def moved(self, offset: int) -> bytes:
        return _packed(self.name) + self.shape + struct.pack("<Q", offset)


def cut(beginning: bytes, size_bytes: int, *, blocks: int) -> Cut:
    """How to keep the first `blocks` blocks of a file of `size_bytes` that begins so.

    Raises ConfigurationError if it is no GGUF file whose whole header stands in `beginning`.
    """
    try:
        return _cut(io.BytesIO(beginning), size_bytes, blocks)
    except (struct.error, KeyError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"the model's file has a header that cannot be read ({error})") from error


def _cut(file: io.BytesIO, size_bytes: int, blocks: int) -> Cut:
    magic, version, tensor_count, entry_count = struct.unpack("<4sIQQ", file.read(24))
    if magic != b"GGUF":
        raise ConfigurationError("the model's file is not a GGUF file")
    entries = b"".join(_entry(file, blocks) for _ in range(entry_count))
    tensors = sorted((_tensor(file) for _ in range(tensor_count)), key=lambda tensor: tensor.offset)
    data = _aligned(file.tell())
    ends = [*(tensor.offset for tensor in tensors[1:]), size_bytes - data]
    infos, kept, offset = [], [], 0
    for tensor, end in zip(tensors, ends, strict=True):
        if tensor.stays(blocks):
            infos.append(tensor.moved(offset))
            kept.append(range(data + tensor.offset, data + end))
            offset += len(kept[-1])
    header = struct.pack("<4sIQQ", magic, version, len(infos), entry_count) + entries + b"".join(infos)
    return Cut(header.ljust(_aligned(len(header)), b"\0"), tuple(kept))


def _entry(file: io.BytesIO, blocks: int) -> bytes:
    """One entry of the metadata as it stands in the file, but for the number of blocks."""
    start = file.tell()
    key = _string(file)
    (kind,) = struct.unpack("<I", file.read(4))
    if key.endswith(b".block_count") and kind == _UINT32:
        file.seek(4, io.SEEK_CUR)
        return _packed(key) + struct.pack("<II", kind, blocks)
    _skip(file, kind)
    return file.getvalue()[start : file.tell()]


def _skip(file: io.BytesIO, kind: int) -> None:
    if kind == _TEXT:
        _string(file)
    elif kind == _LIST:
        inner, count = struct.unpack("<IQ", file.read(12))
        if inner in _SIZES:
            file.seek(_SIZES[inner] * count, io.SEEK_CUR)
        else:
            for _ in range(count):
                _skip(file, inner)
    else:
        file.seek(_SIZES[kind], io.SEEK_CUR)


def _tensor(file: io.BytesIO) -> _Tensor:
    name = _string(file)
    count = file.read(4)
    (dimensions,) = struct.unpack("<I", count)
    shape = count + file.read(8 * dimensions + 4)
    (offset,) = struct.unpack("<Q", file.read(8))
    return _Tensor(name, shape, offset)


def _string(file: io.BytesIO) -> bytes:
    (length,) = struct.unpack("<Q", file.read(8))
    return file.read(length)


def _packed(text: bytes) -> bytes:
    return struct.pack("<Q", len(text)) + text


def _aligned(position: int) -> int:
    return -(-position // _ALIGNMENT) * _ALIGNMENT
