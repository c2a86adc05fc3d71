"""`dms user …`: ending and giving access: disabled accounts, roles that end, passwords, sessions and tokens."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from dms.cli.frame import DutchCommand, DutchGroup, checked_password, house, operator
from dms.cli.output import Output
from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.services.administration.shapes import PersonDetail
from dms.services.rights.gifts import WaitingGift

ISSUE = "issue"


def add_to(user: DutchGroup) -> None:
    """Put these commands in the group `dms user`."""
    for one in (disable, enable, role, password, link, sessions, reset_factor, token):
        user.add_command(one)


class _TokenGroup(DutchGroup):
    """`dms user token E-MAIL` gives a token: what names no command here is the person to give one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put the name of the command before what was typed, where it is left out."""
        if args and args[0] not in self.commands and args[0] not in {"--help", "-h"}:
            args = [ISSUE, *args]
        return super().parse_args(ctx, args)


@click.command("disable", cls=DutchCommand)
@click.argument("email")
def disable(out: Output, email: str) -> None:
    """Zet een account uit: sessies, tokens en links stoppen meteen."""
    person = found(email)
    house().administration.access.disable(operator(), person.person.id, person.row_version)
    out.data({"email": person.person.email, "disabled": True})
    out.say(f"{person.person.email} is uitgezet.")


@click.command("enable", cls=DutchCommand)
@click.argument("email")
def enable(out: Output, email: str) -> None:
    """Zet een account weer aan."""
    person = found(email)
    house().administration.access.enable(operator(), person.person.id, person.row_version)
    out.data({"email": person.person.email, "disabled": False})
    out.say(f"{person.person.email} is weer aangezet.")


@click.group("role", cls=DutchGroup)
def role() -> None:
    """Rollen van een gebruiker."""


@role.command("end", cls=DutchCommand)
@click.argument("email")
@click.option("--role", "code", required=True, help="De rol die eindigt.")
@click.option("--school", "brin", metavar="BRIN", help="De school waar de rol geldt; leeg voor het hele bestuur.")
@click.option("--on", "day", metavar="DATUM", help="De eerste dag zonder de rol (JJJJ-MM-DD); standaard vandaag.")
def role_end(out: Output, email: str, code: str, brin: str | None, day: str | None) -> None:
    """Laat een rol eindigen."""
    app = house()
    person = found(email)
    schools = {x.id: x.brin for x in app.schools.list()}
    held = [
        x
        for x in person.person.roles
        if x.role == code and (schools.get(x.school_id) if x.school_id else None) == (brin.upper() if brin else None)
    ]
    live = next((x for x in held if x.until is None or x.until > app.clock.today()), None)
    if live is None:
        raise NotFound(N_("Deze gebruiker heeft die rol daar niet."), N_("Zie `dms user list`."))
    outcome = app.administration.roles.end(
        operator(), person.person.id, person.row_version, live.id, _day(day), apply=True
    )
    until = next(x.after for x in outcome.changes if x.field == "Tot")
    out.data({"email": person.person.email, "role": code, "until": until})
    out.say(f"{person.person.email}: {code} eindigt op {until}.")


@role.command("waiting", cls=DutchCommand)
def role_waiting(out: Output) -> None:
    """Toon de rollen die op een tweede persoon wachten."""
    found = house().rights_desk.gifts.waiting(operator())
    for one in found:
        out.data(waiting_answer(one))
    out.table(
        ("e-mail", "rol", "waar", "gevraagd door", "wacht tot (UTC)"),
        [(x.email, x.role.code, x.place, x.asked_by or "beheerder", f"{x.expires_at:%Y-%m-%d %H:%M}") for x in found],
    )


@role.command("confirm", cls=DutchCommand)
@click.argument("email")
@click.option("--role", "code", required=True, help="De rol die wacht.")
@click.option("--refuse", metavar="REDEN", help="Weiger de rol, met deze reden.")
def role_confirm(out: Output, email: str, code: str, refuse: str | None) -> None:
    """Bevestig als tweede persoon een rol die een collega vroeg, of weiger haar."""
    desk = house().rights_desk.gifts
    address = email.strip().lower()
    found = [x for x in desk.waiting(operator()) if x.email == address and x.role.code == code]
    if not found:
        raise NotFound(N_("Er wacht geen rol van deze gebruiker."), N_("Zie `dms user role waiting`."))
    for one in found:
        desk.decide(operator(), one.id, agrees=refuse is None, answer=refuse or "")
    out.data({"email": address, "role": code, "confirmed": refuse is None})
    out.say(f"{address}: {code} is {'bevestigd' if refuse is None else 'geweigerd'}.")


def waiting_answer(one: WaitingGift) -> dict[str, Any]:
    """A role that waits, as data."""
    return {
        "email": one.email,
        "role": one.role.code,
        "place": one.place,
        "asked_by": one.asked_by or None,
        "expires": one.expires_at.isoformat(),
    }


@click.command("password", cls=DutchCommand)
@click.argument("email")
@click.option("--password-file", type=click.Path(path_type=Path), help="Bestand met het wachtwoord.")
def password(out: Output, email: str, password_file: Path | None) -> None:
    """Geef een nieuw wachtwoord; alle sessies eindigen."""
    given = checked_password(password_file)
    from dms.services.passwords import new_password

    chosen = given or new_password()
    person = found(email)
    house().administration.access.set_for(operator(), person.person.id, chosen)
    answer: dict[str, Any] = {"email": person.person.email}
    if given is None:
        answer["password"] = chosen
        out.say(f"Wachtwoord (staat nergens anders): {chosen}")
    else:
        out.say(f"{person.person.email} heeft een nieuw wachtwoord.")
    out.data(answer)


@click.command("link", cls=DutchCommand)
@click.argument("email")
def link(out: Output, email: str) -> None:
    """Maak een link waarmee iemand zelf een wachtwoord kiest; hij wordt één keer getoond."""
    app = house()
    made = app.administration.access.make_link(operator(), found(email).person.id)
    address = f"{app.settings.public_url.rstrip('/')}/wachtwoord/{made.token}"
    out.data({"url": address, "expires": made.expires.isoformat()})
    out.say(f"{address}\nGeldig tot {made.expires:%Y-%m-%d %H:%M} UTC, en één keer.")


@click.command("sessions", cls=DutchCommand)
@click.argument("email")
@click.option("--end", is_flag=True, help="Beëindig ze allemaal.")
def sessions(out: Output, email: str, end: bool) -> None:
    """Toon de sessies van een gebruiker, of beëindig ze."""
    person = found(email)
    if end:
        count = house().administration.access.end_sessions(operator(), person.person.id)
        out.data({"email": person.person.email, "ended": count})
        out.say(f"{count} sessies beëindigd.")
        return
    for one in person.sessions:
        out.data({"id": str(one.id), "created": one.created_at.isoformat(), "seen": one.seen_at.isoformat()})
    out.table(
        ("ingelogd (UTC)", "laatst gezien (UTC)"),
        [(f"{x.created_at:%Y-%m-%d %H:%M}", f"{x.seen_at:%Y-%m-%d %H:%M}") for x in person.sessions],
    )


@click.command("reset-factor", cls=DutchCommand)
@click.argument("email")
def reset_factor(out: Output, email: str) -> None:
    """Wis de tweede stap van een gebruiker (app, passkeys, herstelcodes); alle sessies eindigen."""
    person = found(email)
    count = house().administration.signing_in.reset_factor(operator(), person.person.id)
    out.data({"email": person.person.email, "removed": count})
    out.say(f"{count} tweede stappen gewist. {person.person.email} stelt zo nodig een nieuwe in.")


@click.group("token", cls=_TokenGroup)
def token() -> None:
    """Tokens voor programma's. `dms user token E-MAIL` geeft er een."""


@token.command(ISSUE, cls=DutchCommand)
@click.argument("email")
@click.option("--scope", multiple=True, help="intake, read of search; mag vaker. Standaard read en search.")
@click.option("--days", type=int, default=90, show_default=True, help="Hoe lang het token geldt.")
@click.option("--name", default="", help="Waar het token voor is.")
def token_issue(out: Output, email: str, scope: tuple[str, ...], days: int, name: str) -> None:
    """Geef een token voor programma's; het wordt één keer getoond."""
    words = " ".join(scope).replace(",", " ") or "read search"
    issued = house().accounts.issue_token(operator(), email, words, days, name)
    out.data({"token": issued.token, "expires": issued.expires.isoformat()})
    out.say(f"{issued.token}\nGeldig tot {issued.expires:%Y-%m-%d %H:%M} UTC. Dit token wordt niet nog eens getoond.")


@token.command("list", cls=DutchCommand)
@click.argument("email")
def token_list(out: Output, email: str) -> None:
    """Toon de tokens van een gebruiker."""
    person = found(email)
    for one in person.tokens:
        out.data(
            {
                "id": str(one.id),
                "name": one.name,
                "scope": one.scope,
                "expires": one.expires_at.isoformat(),
                "live": one.live,
            }
        )
    out.table(
        ("id", "waarvoor", "mag", "geldt tot", "werkt"),
        [(str(x.id), x.name, x.scope, f"{x.expires_at:%Y-%m-%d}", "ja" if x.live else "nee") for x in person.tokens],
    )


@token.command("revoke", cls=DutchCommand)
@click.argument("email")
@click.option("--id", "token_id", metavar="ID", help="Alleen dit token; standaard alle tokens van de gebruiker.")
def token_revoke(out: Output, email: str, token_id: str | None) -> None:
    """Trek tokens in; ze werken meteen niet meer."""
    person = found(email)
    chosen = [x.id for x in person.tokens if x.live] if token_id is None else [_uuid(token_id)]
    for one in chosen:
        house().administration.access.revoke_token(operator(), person.person.id, one)
    out.data({"email": person.person.email, "revoked": [str(x) for x in chosen]})
    out.say(f"{len(chosen)} tokens ingetrokken.")


def found(email: str) -> PersonDetail:
    """The colleague with this address, disabled ones too. Raises NotFound."""
    app = house()
    view = next((x for x in app.accounts.list_users() if x.email == email.strip().lower()), None)
    if view is None:
        raise NotFound(N_("Er is geen gebruiker met dit e-mailadres."), N_("Zie `dms user list` voor alle gebruikers."))
    return app.administration.people.view(operator(), view.id)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound from None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise BadInput(N_("Dit is geen datum."), N_("Schrijf de datum als 2026-09-03.")) from None
