"""Writes Outlook's mail files ([MS-OXMSG]) in the container they come in ([MS-CFB] version 3), for the tests."""

import struct
from collections.abc import Mapping

SECTOR, MINI, CUTOFF = 512, 64, 4096
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Tree = Mapping[str, "bytes | Tree"]


def text(number: str, value: str) -> dict[str, bytes]:
    """A property that is text."""
    return {f"__substg1.0_{number}001F": value.encode("utf-16-le")}


def message(subject: str, body: str, files: Mapping[str, "bytes | Tree"], head: int = 32) -> dict[str, "bytes | Tree"]:
    """A mail; a file that is a folder is a mail within the mail."""
    tree: dict[str, bytes | Tree] = {
        "__properties_version1.0": bytes(head),
        **text("001A", "IPM.Note"),
        **text("0037", subject),
        **text("1000", body),
        **text("0C1A", "Hanna de Wit"),
        **text("5D01", "hanna@praktijk.example"),
        **text("0E04", "school@deregenboog.example"),
    }
    for number, (name, data) in enumerate(files.items()):
        folder: dict[str, bytes | Tree] = {"__properties_version1.0": bytes(8), **text("3707", name)}
        folder["__substg1.0_37010102" if isinstance(data, bytes) else "__substg1.0_3701000D"] = data
        tree[f"__attach_version1.0_#{number:08X}"] = folder
    return tree


def msg(subject: str, body: str, files: Mapping[str, "bytes | Tree"]) -> bytes:
    """The mail as a file."""
    return write(message(subject, body, files))


def write(tree: Tree) -> bytes:
    """A compound file of this tree of folders and files."""
    entries: list[list[object]] = [["Root Entry", 5, FREE, b""]]  # name, type, child, data

    def add(folder: Tree, at: int) -> None:
        names = sorted(folder, key=lambda x: (len(x), x.upper()))
        places = []
        for name in names:
            inside = folder[name]
            places.append(len(entries))
            entries.append(
                [name, 2 if isinstance(inside, bytes) else 1, FREE, inside if isinstance(inside, bytes) else b""]
            )
            if not isinstance(inside, bytes):
                add(inside, places[-1])
        entries[at][2] = places[0] if places else FREE
        siblings.update(zip(places, [*places[1:], FREE], strict=True))

    siblings: dict[int, int] = {0: FREE}
    add(tree, 0)
    sectors: list[bytes] = []
    fat: list[int] = []

    def chain(data: bytes) -> int:
        if not data:
            return END
        first = len(sectors)
        pieces = [data[x : x + SECTOR].ljust(SECTOR, b"\0") for x in range(0, len(data), SECTOR)]
        sectors.extend(pieces)
        fat.extend([*range(first + 1, first + len(pieces)), END])
        return first

    mini, mini_fat, starts = b"", [], {}
    for at, (_, kind, _, data) in enumerate(entries):
        assert isinstance(data, bytes)
        if kind != 2 or not data:
            starts[at] = END
        elif len(data) < CUTOFF:
            starts[at] = len(mini) // MINI
            count = -(-len(data) // MINI)
            mini += data.ljust(count * MINI, b"\0")
            mini_fat += [*range(starts[at] + 1, starts[at] + count), END]
        else:
            starts[at] = chain(data)
    starts[0] = chain(mini)
    sizes = {at: len(x[3]) for at, x in enumerate(entries)} | {0: len(mini)}  # type: ignore[arg-type]
    listing = b"".join(
        _entry(str(name), int(str(kind)), siblings[at], int(str(child)), starts[at], sizes[at])
        for at, (name, kind, child, _) in enumerate(entries)
    )
    listing_at = chain(listing.ljust(-(-len(listing) // SECTOR) * SECTOR, b"\0"))
    mini_at = chain(b"".join(struct.pack("<I", x) for x in mini_fat).ljust(SECTOR, b"\xff")) if mini_fat else END
    mini_sectors = -(-4 * len(mini_fat) // SECTOR)
    needed = 1
    while (len(fat) + needed) * 4 > needed * SECTOR:
        needed += 1
    places = list(range(len(sectors), len(sectors) + needed))
    fat += [FAT] * needed
    table = b"".join(struct.pack("<I", x) for x in fat).ljust(needed * SECTOR, b"\xff")
    sectors += [table[x : x + SECTOR] for x in range(0, len(table), SECTOR)]
    head = struct.pack(
        "<8s16xHHHHH6xIIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), 0x3E, 3, 0xFFFE, 9, 6, 0, needed, listing_at, 0,
        CUTOFF, mini_at, mini_sectors, END, 0, places[0],
    )  # fmt: skip
    head = head[:76] + b"".join(struct.pack("<I", x) for x in [*places, *[FREE] * (109 - needed)])
    return head.ljust(SECTOR, b"\0") + b"".join(sectors)


def _entry(name: str, kind: int, sibling: int, child: int, start: int, size: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    return struct.pack(
        "<64sHBBIII16xI8x8xIQ", raw, len(raw), kind, 1, FREE, sibling, child, 0, start if size or kind == 5 else 0, size
    )
