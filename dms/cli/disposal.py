"""`dms retention propose`, `review`, `approve` and what else belongs to disposal lists, up to their execution."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from dms.cli.frame import DutchCommand, DutchGroup, acting, house, id_of, operator
from dms.cli.output import Output
from dms.cli.retention import day_of, retention
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.disposal import Answer

if TYPE_CHECKING:
    from retention.service.consequences import Consequences
    from retention.service.lists_shapes import ItemLine, ListLine, ListView

USER = click.option("--user", "email", required=True, metavar="E-MAIL", help="Wie dit doet.")
REASON = click.option("--reason", required=True, metavar="TEKST", help="Waarom.")
LIST = click.argument("list_id", metavar="LIJST")


def add_to(group: DutchGroup) -> None:
    """These commands are in the group `retention`, which is in `group` already."""


@retention.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--name", required=True, metavar="NAAM", help="Hoe de lijst heet; wie start, typt deze naam.")
@click.option("--all-due", is_flag=True, help="Alles wat vervallen is en nog op geen lijst staat.")
@click.option("--placement", "placements", multiple=True, metavar="ID", help="Deze plaatsing; mag vaker.")
@click.option("--category", metavar="CODE", help="Met --all-due: alleen deze categorie.")
@click.option("--draft", is_flag=True, help="Nog niet ter beoordeling voorleggen.")
@USER
def propose(
    out: Output,
    brin: str,
    name: str,
    all_due: bool,
    placements: tuple[str, ...],
    category: str | None,
    draft: bool,
    email: str,
) -> None:
    """Stel een vernietigingslijst voor. Wat niet weg mag, komt er niet op; niets gekozen is geen lijst."""
    from retention.service.lists_compose import Selection

    if all_due and placements:
        raise BadInput(N_("Kies --all-due of --placement, niet allebei."), N_("Laat een van beide weg."))
    wanted = Selection(tuple(id_of(x) for x in placements), all_due, category.strip().upper() if category else None)
    app = house()
    found = app.disposal.lists.propose(acting(app, email), brin, name, wanted, submit=not draft)
    lines = app.disposal.reading.items(operator(), found.list_id, size=found.items).lines
    out.data(
        {
            "list_id": str(found.list_id),
            "items": found.items,
            "kind": found.kind.value,
            "lines": [{"item_id": str(x.id), "placement_id": str(x.placement_id)} for x in lines],
            "left_out": [
                {"placement_id": str(x.placement_id), "code": x.reason.code, "reason": str(x.reason)}
                for x in found.left_out
            ],
            "other_lists": [{"list_id": str(x), "kind": kind.value, "items": n} for x, kind, n in found.others],
            "more": found.more,
        }
    )
    out.say(f"Lijst {found.list_id}: {found.items} stukken.")
    for list_id, _, count in found.others:
        out.say(f"Lijst {list_id}: {count} stukken die eerst worden overgedragen.")
    for x in found.left_out:
        out.say(f"Niet op de lijst: {x.placement_id}. {x.reason}")
    if found.more:
        out.say("Er is meer vervallen dan op een lijst past. Stel daarna nog een lijst voor.")


@retention.command(cls=DutchCommand)
@LIST
@click.option(
    "--item", "items", multiple=True, metavar="ID", help="Een stuk van de lijst (of de plaatsing); mag vaker."
)
@click.option("--answer", required=True, type=click.Choice([x.value for x in Answer]), help="Het oordeel.")
@click.option("--until", metavar="DATUM", help="Bij keep: tot wanneer; zonder deze keuze een jaar.")
@click.option("--category", metavar="CODE", help="Bij reclassify: de nieuwe categorie.")
@REASON
@USER
def review(
    out: Output,
    list_id: str,
    items: tuple[str, ...],
    answer: str,
    until: str | None,
    category: str | None,
    reason: str,
    email: str,
) -> None:
    """Geef een oordeel over stukken van een lijst. Het telt bij het akkoord; een andere categorie geldt meteen."""
    from retention.service.review import Judgement

    app = house()
    said = Judgement(Answer(answer), reason, day_of(until), category)
    count = app.disposal.review.answer(acting(app, email), id_of(list_id), [id_of(x) for x in items], said)
    out.data({"list_id": list_id, "answer": answer, "items": count})
    out.say(f"{count} stukken: {answer}.")


@retention.command(cls=DutchCommand)
@LIST
@USER
def approve(out: Output, list_id: str, email: str) -> None:
    """Keur een lijst goed. Wie haar voorstelde, kan dat niet; daarna begint de bedenktijd."""
    app = house()
    found = app.disposal.approval.approve(acting(app, email), id_of(list_id))
    out.data(
        {
            "list_id": list_id,
            "status": "waiting" if found.ready else "aborted",
            "ready": found.ready,
            "left_out": dict(found.left_out),
            "waits_until": found.waits_until.isoformat() if found.waits_until else None,
            "transfer_list_id": str(found.transfer_list) if found.transfer_list else None,
        }
    )
    left = sum(found.left_out.values())
    out.say(f"{found.ready} stukken mogen weg, {left} blijven.")
    if found.waits_until:
        out.say(f"Uitvoeren kan vanaf {found.waits_until.isoformat(timespec='minutes')}.")
    if found.transfer_list:
        out.say(f"Wat eerst wordt overgedragen, staat op lijst {found.transfer_list}.")


@retention.command("return", cls=DutchCommand)
@LIST
@REASON
@USER
def give_back(out: Output, list_id: str, reason: str, email: str) -> None:
    """Geef een lijst terug aan wie haar voorstelde, om aan te passen."""
    app = house()
    app.disposal.lists.give_back(acting(app, email), id_of(list_id), reason)
    _told(out, list_id, "adjusting", "De lijst is terug bij de voorsteller.")


@retention.command(cls=DutchCommand)
@LIST
@USER
def submit(out: Output, list_id: str, email: str) -> None:
    """Leg een concept, of een aangepaste lijst, voor ter beoordeling."""
    app = house()
    app.disposal.lists.submit(acting(app, email), id_of(list_id))
    _told(out, list_id, "in_review", "De lijst ligt ter beoordeling.")


@retention.command("take-off", cls=DutchCommand)
@LIST
@click.option("--item", "items", multiple=True, required=True, metavar="ID", help="Een stuk van de lijst; mag vaker.")
@USER
def take_off(out: Output, list_id: str, items: tuple[str, ...], email: str) -> None:
    """Haal stukken van een concept, of van een lijst die wordt aangepast."""
    app = house()
    count = app.disposal.lists.remove(acting(app, email), id_of(list_id), [id_of(x) for x in items])
    out.data({"list_id": list_id, "items": count})
    out.say(f"{count} stukken van de lijst gehaald.")


@retention.command(cls=DutchCommand)
@LIST
@REASON
@USER
def abort(out: Output, list_id: str, reason: str, email: str) -> None:
    """Stop een lijst die nog niet wordt uitgevoerd. Alles blijft."""
    app = house()
    app.disposal.lists.abort(acting(app, email), id_of(list_id), reason)
    _told(out, list_id, "aborted", "De lijst is gestopt. Er is niets vernietigd.")


@retention.command(cls=DutchCommand)
@LIST
@USER
def sent(out: Output, list_id: str, email: str) -> None:
    """Leg vast dat een overdracht verzonden is."""
    app = house()
    app.disposal.transfer.sent(acting(app, email), id_of(list_id))
    _told(out, list_id, "sent", "Vastgelegd: verzonden.")


@retention.command(cls=DutchCommand)
@LIST
@click.option("--receipt", required=True, metavar="KENMERK", help="Waarmee de ontvanger de ontvangst bevestigde.")
@USER
def received(out: Output, list_id: str, receipt: str, email: str) -> None:
    """Leg vast dat de ontvanger een overdracht heeft bevestigd. Pas daarna kan hier iets weg."""
    app = house()
    app.disposal.transfer.received(acting(app, email), id_of(list_id), receipt)
    _told(out, list_id, "received", "Vastgelegd: de ontvangst is bevestigd.")


@retention.command(cls=DutchCommand)
@click.option("--school", "brin", required=True, metavar="BRIN", help="De school.")
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def lists(out: Output, brin: str, email: str | None) -> None:
    """Toon de vernietigingslijsten van een school."""
    app = house()
    by = operator() if email is None else acting(app, email)
    rows: list[ListLine] = []
    while len(rows) < (page := app.disposal.reading.page(by, brin, page=len(rows) // 50 + 1)).total and page.lines:
        rows += page.lines
    for x in rows:
        out.data(_line(x))
    out.table(
        ("lijst", "status", "soort", "stukken", "voorgesteld door", "naam"),
        [(str(x.id), x.state.value, x.kind.value, str(x.items), x.proposed_by, x.name) for x in rows],
    )


@retention.command(cls=DutchCommand)
@LIST
@click.option("--consequences", is_flag=True, help="Ook wat uitvoeren zou doen, in volgorde.")
@click.option("--user", "email", metavar="E-MAIL", help="Met de rechten van deze gebruiker.")
def show(out: Output, list_id: str, consequences: bool, email: str | None) -> None:
    """Toon een lijst met haar stukken, en wat ermee gebeurde."""
    app = house()
    by = operator() if email is None else acting(app, email)
    view = app.disposal.reading.one(by, id_of(list_id))
    items = app.disposal.reading.items(by, view.line.id, size=max(view.line.items, 1)).lines
    found: dict[str, Any] = {**_line(view.line), **_more(view), "lines": [_item(x) for x in items]}
    if consequences:
        found["consequences"] = _effects(app.disposal.consequences.of_list(by, view.line.id))
    out.data(found)
    out.say(f"{view.line.name}: {view.line.state.value}, {view.line.items} stukken, schema versie {view.rule_version}")
    if view.line.waits_until:
        out.say(f"Bedenktijd tot {view.line.waits_until.isoformat(timespec='minutes')}")
    out.table(
        ("stuk", "categorie", "leerling", "vervalt", "oordeel", "stap"),
        [
            (str(x.id), x.category, x.pupil_number, str(x.due_from), x.answer.value if x.answer else "-", x.state.value)
            for x in items
        ],
    )
    for name, value in found.get("consequences", {}).items():
        out.say(f"{name}: {value}")


def _told(out: Output, list_id: str, status: str, text: str) -> None:
    out.data({"list_id": list_id, "status": status})
    out.say(text)


def _line(x: "ListLine") -> dict[str, Any]:
    return {
        "list_id": str(x.id),
        "name": x.name,
        "kind": x.kind.value,
        "status": x.state.value,
        "school": x.brin,
        "items": x.items,
        "proposed_by": x.proposed_by,
        "created_at": x.created_at.isoformat(),
        "approved_by": x.approved_by or None,
        "approved_at": x.approved_at.isoformat() if x.approved_at else None,
        "waits_until": x.waits_until.isoformat() if x.waits_until else None,
        "finished_at": x.finished_at.isoformat() if x.finished_at else None,
    }


def _more(view: "ListView") -> dict[str, Any]:
    return {
        "rule_version": view.rule_version,
        "steps": {k.value: v for k, v in view.steps.items()},
        "categories": dict(view.categories),
        "must_judge": view.must_judge,
        "receipt": view.receipt or None,
        "abort_reason": view.abort_reason or None,
        "happened": [
            {"what": x.kind.value, "who": x.who, "at": x.at.isoformat(), "note": x.note} for x in view.happened
        ],
    }


def _item(x: "ItemLine") -> dict[str, Any]:
    return {
        "item_id": str(x.id),
        "placement_id": str(x.placement_id),
        "document_id": str(x.document_id),
        "pupil": x.pupil_number,
        "category": x.category,
        "due_from": x.due_from.isoformat(),
        "due_by": x.due_by.isoformat() if x.due_by else None,
        "rule_version": x.rule_version,
        "legal_basis": x.legal_basis,
        "answer": x.answer.value if x.answer else None,
        "answer_reason": x.answer_reason or None,
        "until": x.answer_until.isoformat() if x.answer_until else None,
        "status": x.state.value,
        "code": x.state_code or (x.against.code if x.against else None),
        "reason": x.state_reason or (str(x.against) if x.against else None),
    }


def _effects(found: "Consequences") -> Mapping[str, Any]:
    return {
        "items": found.items,
        "shared": found.shared_count,
        "staying": found.staying_count,
        "asks": [
            {"placement_id": str(place.placement_id), "code": ask.reason.code, "blocking": ask.blocking}
            for place, ask in found.asks
        ],
        "sole_evidence": found.proof_count,
        "last_of_kind": found.last_count,
        "dossiers": found.dossier_count,
        "empty_dossiers": found.empty_count,
        "own_data": [
            {
                "pupil_id": str(x.pupil_id),
                "due_from": x.due_from.isoformat() if x.due_from else None,
                "reason": str(x.reason),
            }
            for x in found.own_data
        ],
    }
