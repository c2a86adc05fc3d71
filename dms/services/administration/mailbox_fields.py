"""What is set up of a mailbox: its fields as they are asked, and what makes them wrong."""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from dms.db.tables import MailboxRow
from dms.kernel.text import N_
from dms.model.catalogue import FieldKind
from dms.services.administration.source_shapes import with_defaults
from dms.services.chosen.fields import NO, YES, Choosable, FieldFault, FieldsWrong, checked
from ingest.rules.mail_senders import Strangers, plain_address

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")
PASSWORD, REFRESH, COMMAND = "password", "refresh", "command"
NOBODY, VERIFIED, ALL = "none", "verified", "all"

FIELDS: tuple[Choosable, ...] = (
    Choosable(
        "name", N_("Naam"), N_("Zoals collega's de postbus noemen."), FieldKind.TEXT, "", most=100, required=True
    ),
    Choosable(
        "address",
        N_("Mailadres"),
        N_("Het adres waar mensen naartoe mailen. Antwoorden komen hiervandaan."),
        FieldKind.TEXT,
        "",
        most=254,
        required=True,
    ),
    Choosable("open", N_("Aan"), N_("Uit: mail blijft in de postbus staan."), FieldKind.YES_NO, YES),
    Choosable(
        "host",
        N_("Server"),
        N_("De IMAP-server, bijvoorbeeld imap.school.example."),
        FieldKind.TEXT,
        "",
        most=253,
        required=True,
    ),
    Choosable("port", N_("Poort"), N_("Meestal 993."), FieldKind.NUMBER, "993", least=1, most=65535),
    Choosable(
        "security",
        N_("Versleuteling"),
        N_("Het certificaat van de server wordt altijd nagekeken."),
        FieldKind.CHOICE,
        "tls",
        choices=(("tls", N_("TLS")), ("starttls", N_("STARTTLS")), ("plain", N_("Geen: alleen op deze machine zelf"))),
    ),
    Choosable(
        "login",
        N_("Gebruikersnaam"),
        N_("Vaak hetzelfde als het mailadres."),
        FieldKind.TEXT,
        "",
        most=254,
        required=True,
    ),
    Choosable(
        "method",
        N_("Inloggen met"),
        N_("Het wachtwoord of token zelf zet u daarna op een aparte pagina."),
        FieldKind.CHOICE,
        PASSWORD,
        choices=(
            (PASSWORD, N_("Wachtwoord")),
            (REFRESH, N_("Token van de mailaanbieder (XOAUTH2)")),
            (COMMAND, N_("Token van een opdracht op de server (XOAUTH2)")),
        ),
    ),
    Choosable(
        "token_url",
        N_("Adres voor tokens"),
        N_("Alleen bij een token van de mailaanbieder: het adres waar de dienst een nieuw token haalt."),
        FieldKind.TEXT,
        "",
        most=300,
    ),
    Choosable(
        "client_id", N_("Client-id"), N_("Alleen bij een token van de mailaanbieder."), FieldKind.TEXT, "", most=200
    ),
    Choosable("folder", N_("Map met nieuwe mail"), N_("Meestal INBOX."), FieldKind.TEXT, "INBOX", most=200),
    Choosable(
        "done_folder",
        N_("Map voor mail die binnen is"),
        N_("Wordt gemaakt als hij er niet is."),
        FieldKind.TEXT,
        "Verwerkt",
        most=200,
    ),
    Choosable(
        "refused_folder",
        N_("Map voor geweigerde mail"),
        N_("Wordt gemaakt als hij er niet is."),
        FieldKind.TEXT,
        "Geweigerd",
        most=200,
    ),
    Choosable(
        "strangers",
        N_("Mail van een afzender zonder regel"),
        N_("Zulke mail bergt zichzelf nooit op: er kijkt altijd eerst iemand naar."),
        FieldKind.CHOICE,
        Strangers.DESK.value,
        choices=((Strangers.DESK.value, N_("Naar de postbak")), (Strangers.REFUSE.value, N_("Weigeren"))),
    ),
    Choosable(
        "authserv_id",
        N_("Naam van de server die afzenders controleert"),
        N_("Die naam staat vooraan in Authentication-Results. Leeg: geen enkele afzender geldt als gecontroleerd."),
        FieldKind.TEXT,
        "",
        most=253,
    ),
    Choosable(
        "answers",
        N_("Geweigerde mail beantwoorden"),
        N_("Een mens leest dan een keer dat de mail niet is aangenomen. Robots en lijsten krijgen nooit antwoord."),
        FieldKind.CHOICE,
        NOBODY,
        choices=(
            (NOBODY, N_("Nee")),
            (VERIFIED, N_("Alleen gecontroleerde afzenders")),
            (ALL, N_("Iedereen")),
        ),
    ),
)


def checked_values(given: Mapping[str, str]) -> dict[str, str]:
    """The fields as they are kept. Raises FieldsWrong that names every field that is wrong."""
    values = with_defaults(FIELDS, checked(FIELDS, given))
    faults: list[FieldFault] = []
    values["address"] = plain_address(values["address"])
    if not values["address"]:
        faults.append(FieldFault("address", N_("Dit is geen mailadres.")))
    if not HOST.fullmatch(values["host"]) or ".." in values["host"]:
        faults.append(FieldFault("host", N_("Dit is geen naam van een server.")))
    elif values["security"] == "plain" and values["host"] not in LOOPBACK:
        faults.append(
            FieldFault("security", N_("Zonder versleuteling mag alleen een mailserver op deze machine zelf."))
        )
    if any(ord(x) < 32 for x in values["login"]):
        faults.append(FieldFault("login", N_("Dit is geen gebruikersnaam.")))
    folders = [values["folder"], values["done_folder"], values["refused_folder"]]
    if len({x.casefold() for x in folders[:1]} & {x.casefold() for x in folders[1:]}):
        faults.append(FieldFault("done_folder", N_("Kies een andere map dan die met nieuwe mail.")))
    if values["method"] == REFRESH:
        parts = urlsplit(values["token_url"])
        local = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not (parts.hostname and (parts.scheme == "https" or local)):
            faults.append(FieldFault("token_url", N_("Dit moet een https-adres zijn.")))
        if not values["client_id"]:
            faults.append(FieldFault("client_id", N_("Vul %(label)s in."), {"label": N_("Client-id")}))
    if faults:
        raise FieldsWrong(faults)
    return values


def fill(row: MailboxRow, values: Mapping[str, str]) -> bool:
    """Put the fields on a row. True where the password or token no longer belongs to what stands there: another
    server, person or way to sign in never gets the old secret.
    """
    before = (row.host, row.port, row.security, row.login, row.method, row.token_url)
    for name in ("name", "address", "host", "security", "login", "method", "token_url", "client_id", "folder"):
        setattr(row, name, values[name])
    for name in ("done_folder", "refused_folder", "authserv_id", "strangers", "answers"):
        setattr(row, name, values[name])
    row.port, row.open = int(values["port"]), values["open"] == YES
    return before != (row.host, row.port, row.security, row.login, row.method, row.token_url)


def values_of(row: MailboxRow) -> dict[str, str]:
    """The fields of a row."""
    found = {x.name: str(getattr(row, x.name)) for x in FIELDS if x.name != "open"}
    return {**found, "open": YES if row.open else NO}
