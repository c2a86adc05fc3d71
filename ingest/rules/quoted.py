"""Words quoted from a page, made fit to be read apart from it."""

_PAIRS = {"(": ")", "[": "]", "{": "}"}
_CLOSERS = {close: begin for begin, close in _PAIRS.items()}
_EDGES = " \t\n,;:.-–—|*_/\\\"'"


def tidy(text: str) -> str:
    """`text` of one line without the half of a pair of brackets and without marks at its edges.

    A quote may begin or end within brackets: what stands behind one that is never closed is left out, unless nothing
    stands before it; one that was never opened goes alone. Empty where only marks remain.
    """
    kept: list[str] = []
    opened: list[int] = []
    for char in " ".join(text.split()):
        if char in _CLOSERS:
            if not opened or kept[opened[-1]] != _CLOSERS[char]:
                continue
            opened.pop()
        elif char in _PAIRS:
            opened.append(len(kept))
        kept.append(char)
    whole = "".join(kept)
    if opened:
        before = whole[: opened[0]]
        loose = frozenset(opened)
        rest = "".join(x for at, x in enumerate(kept) if at not in loose)
        whole = before if any(x.isalnum() for x in before) else rest
    found = " ".join(whole.split()).strip(_EDGES)
    return found if any(x.isalnum() for x in found) else ""
