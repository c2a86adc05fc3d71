"""Small faults put into a module one at a time, and whether the tests notice: mutation testing of pure modules.

A mutant is the module's own source with one change. Each runs in a forked process in which an import hook serves the
changed source, so that nothing on disk changes and the heavy imports are paid once. A small runner of our own: the
pure modules need no more, and mutmut and cosmic-ray both rewrite files in the working tree.
"""

import ast
import copy
import importlib.abc
import importlib.util
import os
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: where, and what it is in words."""

    module: str
    line: int
    what: str
    source: str


def mutants(module: str) -> Iterator[Mutant]:
    """All changes of one module. How a class is decorated (frozen, slots) is left alone: no rule hangs on it."""
    tree = ast.parse((ROOT / (module.replace(".", "/") + ".py")).read_text("utf-8"))
    decoration = {
        id(y) for x in ast.walk(tree) if isinstance(x, ast.ClassDef) for d in x.decorator_list for y in ast.walk(d)
    }
    for number, node in enumerate(ast.walk(tree)):
        if id(node) in decoration:
            continue
        for nth, what in enumerate(_changes(node)):
            changed = copy.deepcopy(tree)
            target = list(ast.walk(changed))[number]
            _apply(changed, target, nth)
            ast.fix_missing_locations(changed)
            yield Mutant(module, getattr(node, "lineno", 0), what, ast.unparse(changed))


def _changes(node: ast.AST) -> list[str]:
    """What can be changed in a node, in words; `_apply` does it by number."""
    if isinstance(node, ast.Compare):
        return [f"{type(op).__name__} -> {other.__name__}" for op in node.ops for other in COMPARED.get(type(op), ())]
    if isinstance(node, ast.BoolOp):
        return ["and <-> or", *(f"operand {n} left out" for n in range(len(node.values)))]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return ["not left out"]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub):
        return ["+ <-> -"]
    if isinstance(node, ast.Constant):
        if isinstance(node.value, bool):
            return ["True <-> False"]
        if isinstance(node.value, int):
            return ["one more"]
    if isinstance(node, ast.If):
        return ["always", "never"]
    if isinstance(node, ast.IfExp):
        return ["always", "never"]
    if isinstance(node, ast.comprehension):
        return [f"condition {n} left out" for n in range(len(node.ifs))]
    if isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        return ["returns None"]
    if isinstance(node, ast.Continue):
        return ["goes on"]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
        return ["any <-> all"]
    if isinstance(node, ast.match_case) and not isinstance(node.pattern, ast.MatchAs):
        return ["case left out"]
    return []


def _apply(tree: ast.AST, node: ast.AST, nth: int) -> None:
    if isinstance(node, ast.Compare):
        choices = [(n, other) for n, op in enumerate(node.ops) for other in COMPARED.get(type(op), ())]
        place, other = choices[nth]
        node.ops[place] = other()
    elif isinstance(node, ast.BoolOp):
        if nth == 0:
            node.op = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        else:
            del node.values[nth - 1]
    elif isinstance(node, ast.UnaryOp):
        _replace(tree, node, node.operand)
    elif isinstance(node, ast.BinOp):
        node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
    elif isinstance(node, ast.Constant):
        node.value = (not node.value) if isinstance(node.value, bool) else int(node.value) + 1  # type: ignore[arg-type]
    elif isinstance(node, ast.If | ast.IfExp):
        node.test = ast.Constant(nth == 0)
    elif isinstance(node, ast.comprehension):
        del node.ifs[nth]
    elif isinstance(node, ast.Return):
        node.value = ast.Constant(None)
    elif isinstance(node, ast.Continue):
        _replace(tree, node, ast.Pass())
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        node.func.id = "all" if node.func.id == "any" else "any"
    elif isinstance(node, ast.match_case):
        node.guard = ast.Constant(False)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(x is old for x in value):
                value[:] = [new if x is old else x for x in value]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


class _Served(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Serves one module from changed source."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: object, target: object = None) -> importlib.machinery.ModuleSpec | None:
        return importlib.util.spec_from_loader(name, self) if name == self._mutant.module else None

    def exec_module(self, module: object) -> None:
        exec(compile(self._mutant.source, f"<mutant of {self._mutant.module}>", "exec"), vars(module))


def judged(changes: Iterable[Mutant], tests: Sequence[str], at_once: int = 2) -> Iterator[tuple[Mutant, bool]]:
    """Each mutant with whether some test fails (or never ends) with it, as they become known."""
    waiting = iter(changes)
    running: dict[int, tuple[Mutant, float]] = {}
    while True:
        while len(running) < at_once and (mutant := next(waiting, None)) is not None:
            child = os.fork()
            if child == 0:
                _test(mutant, tests)
            running[child] = (mutant, time.monotonic() + SECONDS)
        if not running:
            return
        for child, (mutant, deadline) in list(running.items()):
            done, status = os.waitpid(child, os.WNOHANG)
            if not done and time.monotonic() < deadline:
                continue
            if not done:
                os.kill(child, signal.SIGKILL)
                _, status = os.waitpid(child, 0)
            del running[child]
            yield mutant, os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.01)


def _test(mutant: Mutant, tests: Sequence[str]) -> None:
    code = 1
    try:
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        package = mutant.module.partition(".")[0]
        for name in [x for x in sys.modules if x == package or x.startswith(f"{package}.")]:
            del sys.modules[name]
        sys.meta_path.insert(0, _Served(mutant))
        import pytest

        code = int(pytest.main(["-x", "-q", "--noconftest", "-p", "no:cacheprovider", "--no-header", *tests]))
    finally:
        os._exit(code)
