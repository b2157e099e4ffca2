"""Writes small Outlook .msg files: a compound file with the streams of one mail, as [MS-CFB] and [MS-OXMSG] say."""

import struct
from datetime import UTC, datetime
from itertools import pairwise
from typing import NamedTuple

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Folder = dict[str, "bytes | Folder"]


class _Node(NamedTuple):
    name: str
    kind: int
    child: int
    right: int
    start: int
    size: int


def compound_file(root: Folder) -> bytes:
    """The folder with its streams as one file."""
    nodes: list[_Node] = [_Node("Root Entry", 5, FREE, FREE, 0, 0)]
    mini, mini_fat, big = bytearray(), list[int](), list[bytes]()

    def store(data: bytes) -> int:
        if len(data) >= CUTOFF:
            big.append(data)
            return -len(big)
        first = len(mini_fat)
        count = max(1, -(-len(data) // MINI))
        mini_fat.extend([*range(first + 1, first + count), END])
        mini.extend(data.ljust(count * MINI, b"\0"))
        return first

    def add(folder: Folder) -> int:
        places = []
        for name, held in folder.items():
            places.append(len(nodes))
            nodes.append(_Node(name, 0, FREE, FREE, 0, 0))
            if isinstance(held, bytes):
                nodes[places[-1]] = _Node(name, 2, FREE, FREE, store(held), len(held))
            else:
                nodes[places[-1]] = _Node(name, 1, add(held), FREE, 0, 0)
        for place, following in pairwise(places):
            nodes[place] = nodes[place]._replace(right=following)
        return places[0] if places else FREE

    nodes[0] = nodes[0]._replace(child=add(root))
    fat, sectors = list[int](), bytearray()

    def chain(data: bytes) -> int:
        first = len(fat)
        count = max(1, -(-len(data) // SECTOR))
        fat.extend([*range(first + 1, first + count), END])
        sectors.extend(data.ljust(count * SECTOR, b"\0"))
        return first

    starts = [chain(data) for data in big]
    nodes = [n._replace(start=starts[-n.start - 1]) if n.start < 0 else n for n in nodes]
    nodes[0] = nodes[0]._replace(start=chain(bytes(mini)), size=len(mini))
    mini_fat_at = chain(struct.pack(f"<{len(mini_fat)}I", *mini_fat).ljust(SECTOR, b"\xff"))
    directory_at = chain(b"".join(map(_entry, nodes)))
    fat_sectors = -(-(len(fat) + 1) // 127)
    fat_at = len(fat)
    fat += [FAT] * fat_sectors
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(fat_sectors * SECTOR, b"\xff")
    header = struct.pack(
        "<8s16s5H6x9I", bytes.fromhex("D0CF11E0A1B11AE1"), b"", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors,
        directory_at, 0, CUTOFF, mini_fat_at, -(-len(mini_fat) // 128), END, 0,
    )  # fmt: skip
    difat = struct.pack("<109I", *(fat_at + n if n < fat_sectors else FREE for n in range(109)))
    return header + difat + bytes(sectors) + table


def _entry(node: _Node) -> bytes:
    name = node.name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        name,
        len(name),
        node.kind,
        1,
        FREE,
        node.right,
        node.child,
        b"",
        0,
        0,
        0,
        node.start,
        node.size,
    )


def _storage(values: dict[int, str | bytes | int | datetime], header: bytes) -> Folder:
    """Streams of properties, and the table that lists them."""
    folder: Folder = {}
    table = bytearray(header)
    for number, value in values.items():
        if isinstance(value, int):
            table += struct.pack("<HHIII", 3, number, 6, value, 0)
        elif isinstance(value, datetime):
            ticks = int((value - datetime(1601, 1, 1, tzinfo=UTC)).total_seconds()) * 10_000_000
            table += struct.pack("<HHIQ", 0x40, number, 6, ticks)
        else:
            kind = 0x1F if isinstance(value, str) else 0x102
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            table += struct.pack("<HHIII", kind, number, 6, len(data), 0)
            folder[f"__substg1.0_{number:04X}{kind:04X}"] = data
    folder["__properties_version1.0"] = bytes(table)
    return folder


def msg(
    *,
    body: str | None = None,
    html: bytes | None = None,
    rtf: bytes | None = None,
    subject: str = "Export",
    message_class: str = "IPM.Note",
    files: tuple[tuple[str, str | None], ...] = (),
    headers: str | None = None,
) -> bytes:
    """A mail from Ann Lee to Bo Ray; `files` are names with the content id that makes an image an inline one."""
    values: dict[int, str | bytes | int | datetime] = {
        0x001A: message_class,
        0x0037: subject,
        0x0C1A: "Ann Lee",
        0x0C1F: "/o=Alder/ou=Exchange/cn=ann",
        0x5D01: "ann@alder.example",
        0x0039: datetime(2026, 11, 2, 9, 15, tzinfo=UTC),
        0x3FDE: 65001,
    }
    values |= {
        number: value for number, value in ((0x1000, body), (0x1013, html), (0x1009, rtf), (0x007D, headers)) if value
    }
    root = _storage(values, struct.pack("<8x4I8x", 1, len(files), 1, len(files)))
    person = {0x3001: "Bo Ray", 0x39FE: "bo@ours.example", 0x0C15: 1}
    root["__recip_version1.0_#00000000"] = _storage(person, bytes(8))
    for n, (name, content_id) in enumerate(files):
        told: dict[int, str | bytes | int | datetime] = {0x3707: name, 0x3701: b"not to be opened", 0x3705: 1}
        if content_id:
            told |= {0x3712: content_id, 0x370E: "image/png"}
        root[f"__attach_version1.0_#{n:08X}"] = _storage(told, bytes(8))
    return compound_file(root)
