"""All settings, read once from the environment (and a `.env` file), all faults reported together.

The only module that reads the environment. Secrets are masked whenever settings are shown.
"""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from dms.kernel.errors import SetupWrong
from dms.kernel.text import N_

PREFIX = "DMS_"
MEGABYTE = 1024 * 1024

ELSEWHERE = ("DMS_TEST_",)
"""Names that are no mistake here: of tests."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Each limit has its own message when it is passed.

    `memory_bytes` are private ones of the reading child; with what came along from the worker and with its libraries it
    stays below 1 GiB.
    """

    file_bytes: int = 200 * MEGABYTE
    pages: int = 500
    pixels: int = 80_000_000
    seconds_per_page: int = 90
    seconds_per_file: int = 900
    memory_bytes: int = 704 * MEGABYTE


@dataclass(frozen=True, slots=True)
class SignOnSettings:
    """The identity provider for signing on (OpenID Connect); an empty issuer means none."""

    issuer: str = ""
    client_id: str = ""
    client_secret: str = ""
    name: str = ""
    scopes: str = "openid email profile"
    address_claim: str = "email"
    trusts_address: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """The whole installation in one frozen tree. Paths are absolute."""

    data: Path
    database_url: str
    object_store: str
    keys: str
    keys_copy: str
    ledger: Path
    root_key: str
    search: str
    secret: str
    bind_host: str
    bind_port: int
    public_url: str
    trusted_proxies: int
    workers: int
    log_level: str
    tesseract: str
    languages: str
    libreoffice: str = ""
    watch: Path | None = None
    watch_keep: bool = False
    scan: Path | None = None
    mail_token: str = ""
    smtp_url: str = ""
    mail_from: str = ""
    clamav: str = ""
    limits: Limits = field(default_factory=Limits)
    sign_on: SignOnSettings = field(default_factory=SignOnSettings)

    @property
    def secure_cookies(self) -> bool:
        """Whether cookies are `__Host-` and Secure: always, but on plain http at a loopback address."""
        parts = urlsplit(self.public_url)
        return parts.scheme == "https" or parts.hostname not in {"localhost", "127.0.0.1", "::1"}

    @property
    def sender(self) -> str:
        """The address from which letters are sent."""
        return self.mail_from or f"dossierkluis@{urlsplit(self.public_url).hostname}"

    @property
    def index_folder(self) -> Path:
        """Where the embedded search index lives."""
        return self.data / "index"

    @property
    def jobs_folder(self) -> Path:
        """Where jobs have their private folders."""
        return self.data / "jobs"

    def shown(self) -> dict[str, str]:
        """Every setting as text, secrets masked."""
        result = {}
        for one in fields(self):
            value = self.sign_on.issuer if one.name == "sign_on" else str(getattr(self, one.name))
            if one.name in {"secret", "root_key", "mail_token"}:
                value = "***" if value else ""
            result[one.name] = mask_url(value)
        return result


def mask_url(value: str) -> str:
    """Replace user name and password in an address by stars."""
    return re.sub(r"://[^/@\s]+@", "://***@", value)


DOCUMENTED: dict[str, str] = {
    "DMS_DATA": N_("Map met alles wat de dienst bewaart. Standaard ./var"),
    "DMS_DATABASE_URL": N_("Database. Standaard SQLite in DMS_DATA; of postgresql+psycopg://…"),
    "DMS_OBJECT_STORE": N_(
        "Opslag van documenten. Standaard file: in DMS_DATA; of s3://SLEUTEL:GEHEIM@HOST:POORT/BUCKET"
    ),
    "DMS_KEYS": N_("Sleutelkast. Standaard ./keys; of postgresql+psycopg://…"),
    "DMS_KEYS_COPY": N_("Tweede exemplaar van de sleutelkast, op een andere schijf of machine. Standaard geen"),
    "DMS_LEDGER": N_("Map van het register van vernietiging, buiten de back-ups. Standaard ./ledger"),
    "DMS_ROOT_KEY": N_("Hoofdsleutel: file:PAD (standaard root.key in de sleutelkast), env:HEX of command:OPDRACHT"),
    "DMS_SEARCH": N_("Zoekmachine: whoosh"),
    "DMS_SECRET": N_("Geheim voor sessies, minstens 32 tekens. Standaard: bij de sleutels bewaard"),
    "DMS_BIND": N_("Adres en poort van de dienst. Standaard 127.0.0.1:8080"),
    "DMS_PUBLIC_URL": N_("Adres zoals gebruikers het zien. Standaard http://localhost:8080"),
    "DMS_TRUSTED_PROXIES": N_("Aantal eigen proxy's voor de dienst. Standaard 0"),
    "DMS_WORKERS": N_("Aantal processen dat documenten leest. Standaard een per processorkern"),
    "DMS_LOG_LEVEL": N_("debug, info, warning of error. Standaard info"),
    "DMS_TESSERACT": N_("Programma voor tekstherkenning. Standaard tesseract"),
    "DMS_OCR_LANGUAGES": N_("Talen voor tekstherkenning. Standaard nld"),
    "DMS_LIBREOFFICE": N_("Map met de bibliotheken van LibreOffice; nee: zonder. Standaard de gewone plaatsen"),
    "DMS_WATCH": N_("Map met per school een submap (BRIN) waar een LVS exports neerzet. Standaard geen"),
    "DMS_WATCH_KEEP": N_("Bewaar ingelezen exports in de submap verwerkt: ja of nee. Standaard nee"),
    "DMS_SCAN": N_("Map met per school een submap (BRIN) waarin de scanmappen staan. Standaard geen"),
    "DMS_MAIL_TOKEN": N_(
        "Opdracht die een token (XOAUTH2) voor een postbus geeft; de gebruikersnaam komt erachter. Standaard geen"
    ),
    "DMS_SMTP_URL": N_(
        "Server die mail verstuurt: smtp://NAAM:WACHTWOORD@HOST:POORT (STARTTLS) of smtps://… Standaard geen"
    ),
    "DMS_MAIL_FROM": N_("Afzender van die mail. Standaard dossierkluis@ met de naam uit DMS_PUBLIC_URL"),
    "DMS_CLAMAV": N_("Virusscanner (clamd): HOST:POORT of unix:/PAD. Standaard geen"),
    "DMS_OIDC_ISSUER": N_("Adres (issuer) van de aanbieder van schoolaccounts, met OpenID Connect. Standaard geen"),
    "DMS_OIDC_CLIENT_ID": N_("Naam van deze dienst bij die aanbieder"),
    "DMS_OIDC_CLIENT_SECRET": N_("Geheim van deze dienst bij die aanbieder. Leeg: alleen met PKCE"),
    "DMS_OIDC_NAME": N_("Hoe het schoolaccount op de knop heet. Standaard schoolaccount"),
    "DMS_OIDC_SCOPES": N_("Wat de dienst bij de aanbieder opvraagt. Standaard openid email profile"),
    "DMS_OIDC_EMAIL_CLAIM": N_("Veld met het e-mailadres. Standaard email; bij Entree Federatie mail"),
    "DMS_OIDC_TRUST_EMAIL": N_(
        "Geldt het adres ook zonder email_verified: ja (de aanbieder geeft de adressen zelf uit) of nee. Standaard nee"
    ),
    "DMS_MAX_FILE_MB": N_("Grootste bestand in megabytes. Standaard 200"),
    "DMS_MAX_PAGES": N_("Meeste bladzijden in een bestand. Standaard 500"),
    "DMS_MAX_MEGAPIXELS": N_("Grootste afbeelding in miljoenen beeldpunten. Standaard 80"),
    "DMS_SECONDS_PER_PAGE": N_("Langste tijd voor een bladzijde. Standaard 90"),
    "DMS_SECONDS_PER_FILE": N_("Langste tijd voor een bestand. Standaard 900"),
    "DMS_MEMORY_MB": N_("Meeste geheugen in megabytes voor het lezen van een bestand. Standaard 704"),
}
"""Every setting with its explanation; `docs/settings.md` is checked against it."""


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """Read the settings from `environment` (default: the process's own) and `.env` in `folder` (default: here).

    The environment wins from the file. Raises SetupWrong that names all faults at once, values masked.
    """
    base = (folder or Path.cwd()).resolve()
    process = dict(os.environ if environment is None else environment)  # noqa: TID251 - this is the place
    reader = _Reader({**_read_env_file(base / ".env"), **process})
    data = base / reader.text("DATA", "var")
    bind_host, bind_port = reader.parsed("BIND", "127.0.0.1:8080", _host_and_port, ("127.0.0.1", 8080))
    settings = Settings(
        data=data,
        database_url=reader.parsed("DATABASE_URL", f"sqlite:///{data / 'dossierkluis.sqlite'}", _database, ""),
        object_store=reader.parsed("OBJECT_STORE", f"file:{data / 'objects'}", _object_store, ""),
        keys=reader.parsed("KEYS", str(base / "keys"), lambda x: x if "://" in x else str(base / x), ""),
        keys_copy=reader.parsed("KEYS_COPY", "", lambda x: x if not x or "://" in x else str(base / x), ""),
        ledger=base / reader.text("LEDGER", "ledger"),
        root_key=reader.parsed("ROOT_KEY", "", _root_key, ""),
        search=reader.parsed("SEARCH", "whoosh", _one_of("whoosh"), "whoosh"),
        secret=reader.parsed("SECRET", "", _secret, ""),
        bind_host=bind_host,
        bind_port=bind_port,
        public_url=reader.parsed("PUBLIC_URL", f"http://localhost:{bind_port}", _web_address, ""),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, 0, 10),
        workers=reader.number("WORKERS", os.cpu_count() or 1, 0, 256),
        log_level=reader.parsed("LOG_LEVEL", "info", _one_of("debug", "info", "warning", "error"), "info"),
        tesseract=reader.text("TESSERACT", "tesseract"),
        languages=reader.text("OCR_LANGUAGES", "nld"),
        libreoffice=reader.text("LIBREOFFICE", ""),
        watch=reader.parsed("WATCH", "", lambda x: base / x if x else None, None),
        watch_keep=reader.parsed("WATCH_KEEP", "nee", _one_of("ja", "nee"), "nee") == "ja",
        scan=reader.parsed("SCAN", "", lambda x: base / x if x else None, None),
        mail_token=reader.text("MAIL_TOKEN", ""),
        smtp_url=reader.parsed("SMTP_URL", "", _mail_server, ""),
        mail_from=reader.parsed("MAIL_FROM", "", _mail_address, ""),
        clamav=reader.parsed("CLAMAV", "", _virus_scanner, ""),
        sign_on=SignOnSettings(
            issuer=reader.parsed("OIDC_ISSUER", "", _issuer, ""),
            client_id=reader.text("OIDC_CLIENT_ID", ""),
            client_secret=reader.text("OIDC_CLIENT_SECRET", ""),
            name=reader.text("OIDC_NAME", "schoolaccount"),
            scopes=reader.text("OIDC_SCOPES", "openid email profile"),
            address_claim=reader.text("OIDC_EMAIL_CLAIM", "email"),
            trusts_address=reader.parsed("OIDC_TRUST_EMAIL", "nee", _one_of("ja", "nee"), "nee") == "ja",
        ),
        limits=Limits(
            file_bytes=reader.number("MAX_FILE_MB", 200, 1, 4096) * MEGABYTE,
            pages=reader.number("MAX_PAGES", 500, 1, 10_000),
            pixels=reader.number("MAX_MEGAPIXELS", 80, 1, 500) * 1_000_000,
            seconds_per_page=reader.number("SECONDS_PER_PAGE", 90, 1, 600),
            seconds_per_file=reader.number("SECONDS_PER_FILE", 900, 2, 7200),
            memory_bytes=reader.number("MEMORY_MB", 704, 256, 65_536) * MEGABYTE,
        ),
    )
    reader.together("OIDC_ISSUER", settings.sign_on.issuer, "OIDC_CLIENT_ID", settings.sign_on.client_id)
    reader.apart("KEYS_COPY", settings.keys_copy, "KEYS", settings.keys)
    reader.finish()
    return settings


class _Reader:
    """Collects faults instead of stopping at the first."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = {k: v for k, v in values.items() if k.startswith(PREFIX)}
        self._faults = [
            f"{name}: onbekende instelling"
            for name in sorted(self._values)
            if name not in DOCUMENTED and not name.startswith(ELSEWHERE)
        ]

    def text(self, name: str, default: str) -> str:
        return self._values.get(PREFIX + name, "").strip() or default

    def parsed(self, name: str, default: str, parse: Callable[[str], T], fallback: T) -> T:
        try:
            return parse(self.text(name, default))
        except ValueError as fault:
            self._faults.append(f"{PREFIX}{name}: {fault}")
            return fallback

    def number(self, name: str, default: int, least: int, most: int) -> int:
        def parse(text: str) -> int:
            if not text.isdecimal() or not least <= int(text) <= most:
                raise ValueError(f"moet een heel getal zijn van {least} tot en met {most}")
            return int(text)

        return self.parsed(name, str(default), parse, default)

    def apart(self, name: str, value: str, other: str, standing: str) -> None:
        if value and value == standing:
            self._faults.append(f"{PREFIX}{name}: moet een andere plaats zijn dan {PREFIX}{other}")

    def together(self, name: str, value: str, other: str, standing: str) -> None:
        if value and not standing:
            self._faults.append(f"{PREFIX}{other}: is nodig naast {PREFIX}{name}")

    def finish(self) -> None:
        if self._faults:
            raise SetupWrong(
                N_("Instellingen kloppen niet: %(faults)s"),
                N_("Verbeter ze in de omgeving of in .env en start opnieuw."),
                params={"faults": "; ".join(self._faults)},
            )


def _read_env_file(path: Path) -> dict[str, str]:
    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        name, separator, value = line.strip().removeprefix("export ").partition("=")
        if separator and not name.startswith("#"):
            found[name.strip()] = value.strip().strip("'\"")
    return found


def _host_and_port(text: str) -> tuple[str, int]:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        raise ValueError("moet ADRES:POORT zijn, bijvoorbeeld 127.0.0.1:8080")
    return host.strip("[]"), int(port)


def _database(text: str) -> str:
    if not text.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ValueError("moet beginnen met sqlite:/// of postgresql+psycopg://")
    return text


def _object_store(text: str) -> str:
    if text.startswith("file:") and len(text) > len("file:"):
        return text
    if text.startswith("s3://") and re.fullmatch(r"s3://[^:/@]+:[^/@]+@[^/]+/[^/?]+(\?.*)?", text):
        return text
    raise ValueError("moet file:PAD zijn of s3://SLEUTEL:GEHEIM@HOST:POORT/BUCKET")


def _root_key(text: str) -> str:
    if text and not text.startswith(("file:", "env:", "command:")):
        raise ValueError("moet beginnen met file:, env: of command:")
    return text


def _secret(text: str) -> str:
    if text and len(text) < 32:
        raise ValueError("moet minstens 32 tekens hebben")
    return text


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("moet een webadres zijn, bijvoorbeeld https://dossier.school.example")
    return text.rstrip("/")


def _issuer(text: str) -> str:
    """An issuer is compared letter by letter: it stays as it is."""
    parts = urlsplit(text)
    local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if text and not (parts.hostname and (parts.scheme == "https" or local)):
        raise ValueError("moet een https-adres zijn")
    return text


def _mail_server(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in {"smtp", "smtps"} or not parts.hostname):
        raise ValueError("moet smtp://HOST:POORT of smtps://HOST:POORT zijn")
    return text


def _mail_address(text: str) -> str:
    if text and not re.fullmatch(r"[^@\s<>\",;]+@[^@\s<>\",;]+", text):
        raise ValueError("moet een e-mailadres zijn, bijvoorbeeld dossier@school.example")
    return text


def _virus_scanner(text: str) -> str:
    host, _, port = text.rpartition(":")
    by_path = text.startswith("unix:/")
    if text and not by_path and not (host and port.isdecimal() and 0 < int(port) < 65536):
        raise ValueError("moet HOST:POORT zijn, of unix:/PAD")
    return text


def _one_of(*allowed: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in allowed:
            raise ValueError(f"moet een van deze zijn: {', '.join(allowed)}")
        return text

    return parse
