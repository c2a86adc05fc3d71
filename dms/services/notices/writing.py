"""Writing a mail of its letters. Pure: no database, no server."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from email.message import EmailMessage
from email.utils import formataddr
from uuid import UUID

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.letters import FACTS, LetterKind
from dms.services.notices.texts import BETWEEN, CHOOSE, DEFAULTS, FRAME, MANY, Text

PLACE = re.compile(r"\{([^{}]*)\}")
LONGEST_SUBJECT, LONGEST_BODY = 120, 4000
_NL = "januari februari maart april mei juni juli augustus september oktober november december"
_EN = "January February March April May June July August September October November December"
MONTHS = {"nl": tuple(_NL.split()), "en": tuple(_EN.split())}


@dataclass(frozen=True, slots=True)
class Filled:
    """A letter with its text and with what goes into its places; `secret` is opened."""

    kind: LetterKind
    text: Text
    params: Mapping[str, int | str]
    secret: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """From whom and to whom a mail goes. `home` is the address of this house, `number` that of the bundle."""

    number: UUID
    school: str
    sender: str
    to: str
    language: str
    home: str
    chooses: bool


def compose(envelope: Envelope, letters: Sequence[Filled]) -> EmailMessage:
    """One mail with these letters. Equal letters (what changed twice) are written once, as they were last."""
    last = {(x.kind, str(x.params.get("page", "")), x.secret): x for x in letters}
    written = [_written(envelope, x) for x in last.values()]
    several = len(written) > 1
    subject = _fill(MANY[envelope.language].subject, {"school": envelope.school}) if several else written[0][0]
    bodies = [f"{head}\n\n{body}" if several else body for head, body in written]
    message = EmailMessage()
    message["From"] = formataddr((" ".join(envelope.school.split()), envelope.sender))
    message["To"] = envelope.to
    message["Subject"] = " ".join(subject.split())
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = envelope.language
    message["Message-ID"] = f"<brief-{envelope.number.hex}@{envelope.sender.rpartition('@')[2]}>"
    values = {
        "letters": BETWEEN.join(bodies),
        "school": envelope.school,
        "choose": CHOOSE[envelope.language] if envelope.chooses else "",
    }
    message.set_content(_fill(FRAME[envelope.language].body, values).rstrip() + "\n", cte="quoted-printable")
    return message


def checked(kind: LetterKind, subject: str, body: str) -> Text:
    """A school's own text. Raises BadInput for a place that this kind does not have (no letter can name a pupil, a
    carer or a document), for a code or link in the subject, and for one that misses from the body.
    """
    subject, body = " ".join(subject.split()), body.replace("\r\n", "\n").strip()
    if not subject or not body:
        raise BadInput(N_("Onderwerp en tekst mogen niet leeg zijn."), N_("Vul beide in."))
    if len(subject) > LONGEST_SUBJECT or len(body) > LONGEST_BODY:
        raise BadInput(N_("De tekst is te lang."), N_("Maak de tekst korter."))
    facts = FACTS[kind]
    for text, known in ((subject, facts.known - {facts.private, "page"}), (body, facts.known)):
        unknown = sorted(set(PLACE.findall(text)) - known)
        if unknown or re.search(r"[{}]", PLACE.sub("", text)):
            raise BadInput(
                N_("In een mail kan alleen staan: %(known)s."),
                N_("Namen van leerlingen of ouders en titels van documenten kunnen er niet in. Haal weg: %(unknown)s."),
                code="place_unknown",
                params={
                    "known": ", ".join(f"{{{x}}}" for x in sorted(known)),
                    "unknown": ", ".join(f"{{{x[:40]}}}" for x in unknown) or "{ }",
                },
            )
    needed = {facts.private} if facts.private else {"page"} & facts.places
    missing = needed - set(PLACE.findall(body))
    if missing:
        raise BadInput(
            N_("In de tekst ontbreekt %(missing)s."),
            N_("Zet dit in de tekst: zonder kan de lezer niet verder."),
            code="place_missing",
            params={"missing": ", ".join(f"{{{x}}}" for x in sorted(missing))},
        )
    return Text(subject, body)


def sample(kind: LetterKind, today: date) -> dict[str, int | str]:
    """What fills the places of a kind in a preview."""
    values: dict[str, int | str] = {
        "count": 2, "minutes": 10, "date": today.isoformat(), "until": today.isoformat(), "page": "/voorbeeld"
    }  # fmt: skip
    return {x: values[x] for x in FACTS[kind].places}


def default(kind: LetterKind, language: str) -> Text:
    """The text that the product brings along."""
    return DEFAULTS[language][kind]


def _written(envelope: Envelope, letter: Filled) -> tuple[str, str]:
    values = {x: _shown(x, y, envelope) for x, y in letter.params.items()}
    values["school"] = envelope.school
    private = FACTS[letter.kind].private
    if private:
        values[private] = letter.secret
    return _fill(letter.text.subject, {**values, private: ""}), _fill(letter.text.body, values)


def _shown(name: str, value: int | str, envelope: Envelope) -> str:
    if name in {"date", "until"}:
        day = date.fromisoformat(str(value))
        return f"{day.day} {MONTHS[envelope.language][day.month - 1]} {day.year}"
    return f"{envelope.home}{value}" if name == "page" else str(value)


def _fill(text: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda x: values.get(x.group(1), x.group(0)), text)
