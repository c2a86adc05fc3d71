"""Every text has its English: the catalogue holds all texts of the code, none empty, places kept, and is compiled."""

import gettext
import io
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[2]
PLACES = ROOT / "dms" / "locale"
ENGLISH = PLACES / "en" / "LC_MESSAGES"
KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}


def english() -> Catalog:
    """The catalogue as translators keep it."""
    with (ENGLISH / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def as_tuple(value: object) -> tuple[str, ...]:
    """One text or singular and plural."""
    return tuple(value) if isinstance(value, tuple | list) else (str(value),)


def test_no_text_is_left_untranslated_and_places_are_kept() -> None:
    count = 0
    for message in english():
        if not message.id:
            continue
        ids, strings = as_tuple(message.id), as_tuple(message.string)
        assert all(strings), ids
        assert not message.fuzzy, ids
        wanted = {x for one in ids for x in re.findall(r"%\(\w+\)\w", one)}
        assert {x for one in strings for x in re.findall(r"%\(\w+\)\w", one)} == wanted, ids
        count += 1
    assert count > 400
    assert not english().obsolete


def test_every_text_in_the_code_is_in_the_catalogue() -> None:
    with (PLACES / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    known = {as_tuple(x.id) for x in english()}
    used: dict[tuple[str, ...], str] = {}
    left_out = {".venv", ".tools", "build", "tests", "benchmarks", "install", ".git", "var", "keys"}
    for file_name, line, text, _, _ in extract_from_dir(
        str(ROOT), methods, options, KEYWORDS, directory_filter=lambda x: Path(x).name not in left_out
    ):
        used[as_tuple(text)] = f"{file_name}:{line}"
    assert any(x.startswith("templates/") for x in used.values())
    missing = {place: text for text, place in used.items() if text not in known}
    assert len(used) > 400
    assert missing == {}, "run `make i18n` and translate these"


def test_the_compiled_catalogue_is_that_of_the_texts() -> None:
    fresh = io.BytesIO()
    write_mo(fresh, english())
    fresh.seek(0)
    compiled = gettext.GNUTranslations((ENGLISH / "messages.mo").open("rb"))
    made = gettext.GNUTranslations(fresh)
    texts = [as_tuple(x.id)[0] for x in english() if x.id]
    assert [compiled.gettext(x) for x in texts] == [made.gettext(x) for x in texts]
    assert compiled.gettext("Inloggen") == "Sign in"
    assert compiled.ngettext("%(num)s bladzijde", "%(num)s bladzijden", 2) == "%(num)s pages"
