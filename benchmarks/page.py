"""The page of proofs: what is claimed, what was measured, when and on what."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.proofs.proof import Proof

PAGE = "README.md"
HEAD = """# Proofs

What the product claims, measured. Each line is a program in `benchmarks/proofs/` that runs the product itself: its
processes, real databases, real papers. Made by `make prove`, which can be broken off and goes on where it was; a result
counts for the content of the product that it names, and is measured again when that changes. Every person and paper
is invented. Speed is measured apart, by `make bench`.
"""


def write_page(folder: Path, proofs: Sequence[Proof]) -> None:
    """Write the page over all results in `folder`."""
    results = [(x, _read(folder / f"{x.name}.json")) for x in proofs]
    parts = [HEAD, *_table(results)]
    for proof, result in results:
        if result is not None:
            parts += _chapter(proof, result)
    (folder / PAGE).write_text("\n".join(parts).rstrip() + "\n", "utf-8")


def _read(file: Path) -> dict[str, Any] | None:
    return dict(json.loads(file.read_text("utf-8"))) if file.exists() else None


def _table(results: Iterable[tuple[Proof, Mapping[str, Any] | None]]) -> list[str]:
    lines = ["| claim | bar | | measured | took |", "|---|---|---|---|---|"]
    for proof, result in results:
        if result is None:
            lines.append(f"| {proof.title} | {_cell(proof.bar)} | not measured yet | | |")
            continue
        mark = "met" if result["passed"] else "**not met**"
        link = f"[{proof.title}](#{proof.name})"
        took = f"{result['seconds']:.0f} s"
        lines.append(f"| {link} | {_cell(proof.bar)} | {mark} | {_cell(result['short'])} | {took} |")
    return [*lines, ""]


def _chapter(proof: Proof, result: Mapping[str, Any]) -> list[str]:
    on = result["machine"]
    lines = [f'<a id="{proof.name}"></a>', f"## {proof.title}", ""]
    lines += [f"Bar: {proof.bar}. {'Met' if result['passed'] else '**Not met**'}: {result['short']}.", ""]
    plain = {k: v for k, v in result["figures"].items() if not _is_table(v)}
    if plain:
        lines += ["| figure | value |", "|---|---|"]
        lines += [f"| {_cell(_words(k))} | {_cell(_shown(v))} |" for k, v in plain.items()]
        lines.append("")
    for name, rows in result["figures"].items():
        if _is_table(rows):
            heads = list(rows[0])
            lines += [f"{_words(name).capitalize()}:", ""]
            lines += [f"| {' | '.join(_words(x) for x in heads)} |", "|" + "---|" * len(heads)]
            lines += [f"| {' | '.join(_cell(_shown(row.get(x, ''))) for x in heads)} |" for row in rows]
            lines.append("")
    lines.append(
        f"{result['date'][:16].replace('T', ' ')} UTC, commit {result['commit']}, {on['cores']} cores "
        f"({on['processor']}), {on['memory_gb']} GB, Python {on['python']}, load {on['load']} before it began. "
        f"All of it: [{proof.name}.json]({proof.name}.json)."
    )
    return [*lines, ""]


def _is_table(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(x, dict) for x in value)


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{k} {_shown(v)}" for k, v in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_shown, value)) or "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
