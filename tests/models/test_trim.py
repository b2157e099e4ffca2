import struct

import pytest

from agent.errors import ConfigurationError
from agent.models import trim


def text(words):
    return struct.pack("<Q", len(words)) + words


def gguf(tensors, *, entries=()):
    """A GGUF file of tensors of 32 bytes each, filled with their place."""
    entries = (text(b"t.block_count") + struct.pack("<II", 4, 3), *entries)
    infos = b"".join(text(name) + struct.pack("<IQIQ", 1, 8, 0, 32 * place) for place, name in enumerate(tensors))
    header = struct.pack("<4sIQQ", b"GGUF", 3, len(tensors), len(entries)) + b"".join(entries) + infos
    header = header.ljust(-(-len(header) // 32) * 32, b"\0")
    return header + b"".join(bytes([place]) * 32 for place in range(len(tensors)))


NAMES = (
    b"output.weight",
    b"token_embd.weight",
    b"blk.0.ffn",
    b"blk.1.ffn",
    b"blk.10.ffn",
    b"blk.2.ffn",
    b"output_norm.weight",
)


def parts(whole, blocks):
    cut = trim.cut(whole, len(whole), blocks=blocks)
    return cut.header, b"".join(whole[kept.start : kept.stop] for kept in cut.kept), cut


def test_the_first_blocks_are_kept_with_what_reads():
    """Later blocks and the output matrix go; embedding, norm and order stay."""
    header, data, cut = parts(gguf(NAMES), 2)
    assert [data[place] for place in range(0, len(data), 32)] == [1, 2, 3, 6]
    assert cut.size_bytes == len(header) + 4 * 32
    assert b"blk.2.ffn" not in header
    assert b"blk.10.ffn" not in header
    assert b"output.weight" not in header


def test_the_header_says_what_is_left():
    """Count of tensors and of blocks, and every tensor's new place."""
    header, _, _ = parts(gguf(NAMES), 2)
    assert struct.unpack("<4sIQQ", header[:24]) == (b"GGUF", 3, 4, 1)
    key = header.index(b"block_count") + len(b"block_count")
    assert struct.unpack("<II", header[key : key + 8]) == (4, 2)
    place = header.index(b"output_norm.weight") + len(b"output_norm.weight") + 4 + 8 + 4
    assert struct.unpack("<Q", header[place : place + 8]) == (3 * 32,)
    assert len(header) % 32 == 0


def test_every_kind_of_entry_is_carried_over():
    """Texts, numbers, lists and lists of texts stand in the new header as they stood in the old one."""
    entries = (
        text(b"name") + struct.pack("<I", 8) + text(b"a model"),
        text(b"half") + struct.pack("<If", 6, 0.5),
        text(b"words") + struct.pack("<IIQ", 9, 8, 2) + text(b"a") + text(b"bc"),
        text(b"kinds") + struct.pack("<IIQ", 9, 5, 3) + struct.pack("<3i", 1, 2, 3),
    )
    header, _, _ = parts(gguf(NAMES, entries=entries), 1)
    assert b"".join(entries) in header


def test_a_cut_file_can_be_cut_again():
    """What comes out is a GGUF file like what went in."""
    whole = gguf(NAMES)
    header, data, _ = parts(whole, 3)
    again, rest, _ = parts(header + data, 1)
    assert (again, rest) == parts(whole, 1)[:2]


def test_blocks_arrive_in_pieces():
    """The file is written as its parts are read: pieces of any size add up to the same."""
    whole = gguf(NAMES)
    _, data, cut = parts(whole, 2)
    pieces = [b"".join(cut.of(whole[start : start + 50], start)) for start in range(0, len(whole), 50)]
    assert b"".join(pieces) == data


@pytest.mark.parametrize("damaged", [b"", b"GG", b"NOPE" + bytes(40), gguf(NAMES)[:60]])
def test_what_is_no_header_is_refused(damaged):
    """A clear error, whatever the bytes."""
    with pytest.raises(ConfigurationError):
        trim.cut(damaged, len(damaged), blocks=2)
