"""The looks that papers come in."""

from dms.demo.letters.sheet import Look

LETTER_LEFT = Look("letter-left", "letter", "left")
LETTER_RIGHT = Look(
    "letter-right", "letter", "right", body="serif", size=11.5, date_style="dash", subject_label="Onderwerp",
    extra={"date": "labelled"},
)  # fmt: skip
LETTER_BAND = Look("letter-band", "letter", "band", body="wide", size=9.5, extra={"date": "labelled"})
LETTER_HOME = Look("letter-home", "letter", "none", body="serif", size=12)
LETTER_HOME_PLAIN = Look("letter-home-plain", "letter", "none", size=11, date_style="short")
FORM_BOXED = Look("form-boxed", "form", "left", body="narrow", size=11, fields="boxed", date_style="dash")
FORM_LINED = Look("form-lined", "form", "right", body="serif", size=11, fields="lined", date_style="short")
FORM_BAND = Look("form-band", "form", "band", size=10, fields="boxed", date_style="slash")
MEMO_MONO = Look("memo-mono", "memo", "none", body="mono", size=9.5, date_style="dash", extra={"heading": "Notitie"})
MEMO_PLAIN = Look("memo-plain", "memo", "centre", body="sans", size=10.5, date_style="long")
REPORT_BOOK = Look("report-book", "report", "centre", body="book", size=9.5, fields="lined")
REPORT_BOXED = Look("report-boxed", "report", "left", size=10, fields="boxed", date_style="dash")
REPORT_BAND = Look("report-band", "report", "band", body="wide", size=9, fields="plain", extra={"date_label": "Datum"})

LETTERS = (LETTER_LEFT, LETTER_RIGHT, LETTER_BAND)
HOME_LETTERS = (LETTER_HOME, LETTER_HOME_PLAIN)
FORMS = (FORM_BOXED, FORM_LINED, FORM_BAND)
REPORTS = (REPORT_BOOK, REPORT_BOXED, REPORT_BAND)
MEMOS = (MEMO_MONO, MEMO_PLAIN)


def _letters(letterheads: tuple[str, ...], name: str) -> tuple[Look, ...]:
    """Letters as other writers make them: where date and subject stand, what they are called, how dates are written."""
    ways: tuple[tuple[str, str, str, float, dict[str, str]], ...] = (
        ("right", "long", "serif", 11, {"date": "right"}),
        ("below", "long", "sans", 10, {"date": "below", "subject": "bare"}),
        ("foot", "dash", "book", 10, {"date": "foot"}),
        ("bare", "week", "sans", 11, {"subject": "bare"}),
        ("dots", "dot", "wide", 9.5, {"date": "labelled"}),
        ("cut", "cut", "narrow", 11.5, {"date": "labelled"}),
        ("iso", "iso", "mono", 9, {"date": "labelled"}),
        ("own", "short", "sans", 10.5, {"date": "below", "date_label": "Datum: "}),
        ("stiff", "long", "serif", 12, {"date": "right", "subject": "bare"}),
        ("placed", "dash", "wide", 9, {}),
    )
    labels = ("Betreft", "Onderwerp", "Inzake", "Betr.")
    return tuple(
        Look(
            f"{name}-{way}", "letter", letterheads[nth % len(letterheads)], body, size, date_style=style,
            subject_label=labels[nth % len(labels)], extra=extra,
        )
        for nth, (way, style, body, size, extra) in enumerate(ways)
    )  # fmt: skip


def _fielded(opening: str, labels: tuple[str, ...]) -> tuple[Look, ...]:
    """Forms, reports and memos as other writers make them."""
    heads, bodies = ("left", "right", "centre", "band", "none"), ("sans", "serif", "wide", "narrow", "book", "mono")
    fields, styles = (
        ("boxed", "lined", "plain", "stacked"),
        ("long", "dash", "dot", "short", "cut", "slash", "week", "iso"),
    )
    made = []
    for nth in range(10):
        extra = {"date_label": labels[nth % len(labels)]}
        if nth in (3, 8):
            extra = {"date": "foot"}
        if opening == "memo":
            extra["heading"] = ("Memo", "Aantekening", "Intern", "Verslag", "Notitie")[nth % 5]
            extra["about"] = ("Onderwerp", "Betreft", "Over")[nth % 3]
        made.append(
            Look(
                f"{opening}-{'abcdefghij'[nth]}", opening, heads[nth % 5], bodies[nth % 6], 9 + nth % 4 * 0.75,
                fields[nth % 4], styles[nth % 8], extra=extra,
            )
        )  # fmt: skip
    return tuple(made)


VARIANTS: dict[str, tuple[Look, ...]] = {
    "letter": _letters(("left", "right", "band", "centre"), "letter"),
    "home": _letters(("none",), "home"),
    "form": _fielded("form", ("Datum", "Ingevuld op", "Datum invullen", "d.d.")),
    "report": _fielded("report", ("Datum", "Verslagdatum", "Datum rapport", "Opgesteld op", "d.d.")),
    "memo": _fielded("memo", ("Datum", "d.d.", "Gespreksdatum")),
}
"""More looks than the demo school gets: for measuring recognition. By opening; `home` is a letter from home."""


def all_looks(own: tuple[Look, ...]) -> tuple[Look, ...]:
    """The looks of a kind of paper and the variants of the same openings: at least twelve."""
    found = list(own)
    for key in dict.fromkeys("home" if x.letterhead == "none" and x.opening == "letter" else x.opening for x in own):
        found += VARIANTS[key]
    return tuple(found)
