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
