"""What people type: every form once, and nothing that ever fails."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexing.query import (
    MAX_CHARS,
    MAX_LEAVES,
    And,
    Field,
    FieldName,
    Fuzzy,
    Node,
    Not,
    Nothing,
    Or,
    Phrase,
    Prefix,
    Range,
    Term,
    parse,
)

A, B, C = Term("jansen"), Term("dyslexie"), Term("toets")


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", Nothing()),
        ("   \t\n ", Nothing()),
        ("... !! ()", Nothing()),
        ("jansen", A),
        ("jansen dyslexie", And((A, B))),
        ("jansen EN dyslexie AND toets", And((A, B, C))),
        ("jansen OF dyslexie", Or((A, B))),
        ("jansen OR dyslexie toets", Or((A, And((B, C))))),
        ("jansen (dyslexie OF toets)", And((A, Or((B, C))))),
        ("-jansen", Not(A)),
        ("toets -jansen", And((C, Not(A)))),
        ("toets NIET jansen", And((C, Not(A)))),
        ("-(jansen toets)", Not(And((A, C)))),
        ("--jansen", Term("--jansen")),
        ("toets - jansen", And((C, A))),
        ("e-mail", Term("e-mail")),
        ('"schriftelijke verklaring"', Phrase("schriftelijke verklaring")),
        ("„schriftelijke verklaring”", Phrase("schriftelijke verklaring")),
        ('"niet gesloten', Phrase("niet gesloten")),
        ('-"de toets"', Not(Phrase("de toets"))),
        ("dysl*", Prefix("dysl")),
        ("d*", Term("d*")),
        ("*", Nothing()),
        ("jansen~", Fuzzy("jansen")),
        ("de toets van jansen", And((C, A))),
        ("de van", And((Term("de"), Term("van")))),
        ("toets -de", C),
        ("leerling:jansen", Field(FieldName.PUPIL, A)),
        ("Leerling:jan*", Field(FieldName.PUPIL, Prefix("jan"))),
        ('leerling:"de wit"', Field(FieldName.PUPIL, Phrase("de wit"))),
        ("titel:verslag~", Field(FieldName.TITLE, Fuzzy("verslag"))),
        ("categorie:ZRG-01", Field(FieldName.CATEGORY, Term("ZRG-01"))),
        ("categorie:zrg-*", Field(FieldName.CATEGORY, Prefix("zrg-"))),
        ("bron:scanner", Field(FieldName.SOURCE, Term("scanner"))),
        ("onbekend:jansen", Term("onbekend:jansen")),
        ("leerling:", Term("leerling:")),
        ("10:30", Term("10:30")),
        ("datum:2026", Range(date(2026, 1, 1), date(2026, 12, 31))),
        ("datum:2026-02", Range(date(2026, 2, 1), date(2026, 2, 28))),
        ("datum:02-2026", Range(date(2026, 2, 1), date(2026, 2, 28))),
        ("datum:12-03-2026", Range(date(2026, 3, 12), date(2026, 3, 12))),
        ("datum:2026-03-12", Range(date(2026, 3, 12), date(2026, 3, 12))),
        ("datum:2025..2026-03", Range(date(2025, 1, 1), date(2026, 3, 31))),
        ("datum:..2024", Range(None, date(2024, 12, 31))),
        ("datum:01-08-2024..", Range(date(2024, 8, 1), None)),
        ("schooljaar:2024-2025", Range(date(2024, 8, 1), date(2025, 7, 31))),
        ("datum:31-02-2026", Term("datum:31-02-2026")),
        ("datum:morgen", Term("datum:morgen")),
        ("datum:..", Term("datum:..")),
        ("12 maart 2026 toets", And((Term("12 maart 2026"), C))),
        ("OF jansen", A),
        ("jansen OF", A),
        ("NIET", Nothing()),
        (")jansen(", A),
        ("(((jansen", A),
    ],
)
def test_every_form(text: str, tree: Node) -> None:
    assert parse(text) == tree


@settings(max_examples=300)
@given(st.one_of(st.text(), st.text(alphabet='ab "()*~-:.OFNIET12„”\n\x00leringdatum', max_size=80)))
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    hash(parse(text))


def _leaves(node: Node) -> int:
    match node:
        case And(nodes) | Or(nodes):
            return sum(_leaves(x) for x in nodes)
        case Not(inner):
            return _leaves(inner)
        case Nothing():
            return 0
        case _:
            return 1


def test_the_caps_hold() -> None:
    assert _leaves(parse("woord " * 400)) == MAX_LEAVES
    assert _leaves(parse("(" * 400 + "a")) <= 1
    assert parse("x" * (MAX_CHARS + 50)) == Term("x" * MAX_CHARS)
    assert _leaves(parse("-" * 400 + "toets")) <= 1
