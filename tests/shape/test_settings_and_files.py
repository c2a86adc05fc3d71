"""Settings are described for administrators, and no file of the product does too much."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from dms.settings import DOCUMENTED, load

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("dms", "storage", "indexing", "rights", "retention", "ingest", "templates")
LONGEST = 400
NAME = re.compile(r"\bDMS_[A-Z0-9_]*[A-Z0-9]\b")
PAGE = ROOT / "docs" / "settings.md"


def rows() -> dict[str, str]:
    """The table of settings in the documentation: name and explanation."""
    found = re.findall(r"^\| `(DMS_[A-Z0-9_]+)` \| (.*?) \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert len(found) == len(dict(found)), "a setting stands in the table twice"
    return dict(found)


def test_the_table_of_settings_is_that_of_the_code() -> None:
    assert list(rows().items()) == [(k, v.replace("|", "\\|")) for k, v in DOCUMENTED.items()]


def test_every_setting_that_the_code_reads_is_explained() -> None:
    source = (ROOT / "dms" / "settings.py").read_text(encoding="utf-8")
    calls = [x for x in ast.walk(ast.parse(source)) if isinstance(x, ast.Call) and isinstance(x.func, ast.Attribute)]
    read = {
        f"DMS_{x.args[0].value}"
        for x in calls
        if isinstance(x.func, ast.Attribute)
        and x.func.attr in {"text", "parsed", "number"}
        and isinstance(x.func.value, ast.Name)
        and x.func.value.id == "reader"
        and isinstance(x.args[0], ast.Constant)
    }
    assert len(read) > 15
    assert sorted(read - DOCUMENTED.keys()) == []
    assert sorted(DOCUMENTED.keys() - read) == []


def test_every_name_of_a_setting_that_is_written_down_exists() -> None:
    of_tests = {
        y for x in (ROOT / "tests").rglob("*.py") for y in re.findall(r"\"(DMS_TEST_\w+)\"", x.read_text("utf-8"))
    }
    assert len(of_tests) > 3
    wrong = {}
    for path in written():
        names = set(NAME.findall(path.read_text(encoding="utf-8"))) - DOCUMENTED.keys() - of_tests
        if names:
            wrong[path.relative_to(ROOT).as_posix()] = sorted(names)
    assert wrong == {}


def written() -> Iterator[Path]:
    """What people read: documentation, and the file that says how to build."""
    yield from sorted((ROOT / "docs").rglob("*.md"))
    yield from (ROOT / "README.md", ROOT / "Makefile")


def test_the_examples_in_the_documentation_are_settings_that_work(tmp_path: Path) -> None:
    block = re.search(r"```\n((?:DMS_.*\n)+)```", PAGE.read_text(encoding="utf-8"))
    assert block is not None
    (tmp_path / ".env").write_text(block[1], encoding="utf-8")
    settings = load({}, tmp_path)
    assert settings.public_url.startswith("https://")
    assert settings.secure_cookies


def test_no_file_of_the_product_is_longer_than_one_can_oversee() -> None:
    lengths = {
        path.relative_to(ROOT).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for folder in PRODUCT
        for suffix in ("py", "html", "js", "css", "sql")
        for path in (ROOT / folder).rglob(f"*.{suffix}")
    }
    assert len(lengths) > 200
    assert {k: v for k, v in lengths.items() if v > LONGEST} == {}


def test_every_module_says_what_it_is_for() -> None:
    modules = {x: x.read_text(encoding="utf-8") for folder in PRODUCT for x in (ROOT / folder).rglob("*.py")}
    silent = [x.name for x, text in modules.items() if text.strip() and ast.get_docstring(ast.parse(text)) is None]
    assert silent == []


def test_every_test_that_the_security_page_names_is_there() -> None:
    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(?:tests/(\w+)/)?(test_\w+\.py)`", page))
    assert len(named) > 10
    assert {name for room, name in named if not (ROOT / "tests" / (room or "security") / name).is_file()} == set()
