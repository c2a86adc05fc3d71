"""May this person do this to that? The single answer; `scope` gives the list answer from the same clauses."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from rights.rules.actions import Action, Condition
from rights.rules.facts import Actor, Target
from rights.rules.matrix import Matrix, MatrixLine, covers
from rights.rules.scope import askable, scope


@dataclass(frozen=True, slots=True)
class Allowed:
    """Yes, by this line."""

    line: MatrixLine
    reason: Reason

    allowed: bool = True


@dataclass(frozen=True, slots=True)
class Refused:
    """No, and why."""

    reason: Reason
    line: MatrixLine | None = None

    allowed: bool = False


def decide(
    actor: Actor, action: Action, target: Target, matrices: dict[UUID, Matrix], today: date
) -> Allowed | Refused:
    """The verdict with its reason. Allowed = some line of a role held now, within its reach, dates and level,
    and no shield that leaves the person out.
    """
    if actor.disabled:
        return Refused(Reason("disabled", N_("Dit account is uitgezet.")))
    reach = scope(actor, action, matrices, today)
    clause = reach.deciding_clause(target)
    if clause is None:
        behind = reach.clause_for(target)
        if behind is not None:
            return Refused(Reason("shielded", N_("Dit stuk is afgeschermd: alleen genoemde personen.")), behind.line)
        return _may_ask(actor, action, target, matrices, today) or Refused(
            _why_not(actor, action, target, matrices, today)
        )
    return Allowed(clause.line, _by_line(clause.line))


def _by_line(line: MatrixLine) -> Reason:
    params: dict[str, str | int | float] = {
        "line": line.number,
        "role": line.role,
        "reach": line.reach.value,
        "level": str(line.level),
    }
    match line.condition:
        case Condition.REASON:
            text = N_(
                "Regel %(line)d van de rechtenmatrix: rol %(role)s, bereik %(reach)s, niveau %(level)s, na een reden."
            )
        case Condition.EMERGENCY:
            text = N_(
                "Regel %(line)d van de rechtenmatrix: rol %(role)s, bereik %(reach)s, niveau %(level)s, noodtoegang."
            )
        case _:
            text = N_("Regel %(line)d van de rechtenmatrix: rol %(role)s, bereik %(reach)s, niveau %(level)s.")
    return Reason("line", text, params)


def _may_ask(actor: Actor, action: Action, target: Target, matrices: dict[UUID, Matrix], today: date) -> Refused | None:
    """A refusal that a reason would lift, with the line that would then count."""
    for condition, code, text in (
        (Condition.REASON, "reason_first", N_("Pas nadat u een reden hebt gegeven (regel %(line)d).")),
        (Condition.EMERGENCY, "emergency_only", N_("Alleen met noodtoegang (regel %(line)d).")),
    ):
        clause = askable(actor, condition, action, matrices, today).clause_for(target)
        if clause is not None:
            return Refused(Reason(code, text, {"line": clause.line.number}), clause.line)
    return None


def _why_not(actor: Actor, action: Action, target: Target, matrices: dict[UUID, Matrix], today: date) -> Reason:
    here = [
        x
        for x in actor.roles
        if x.board_id == target.board_id
        and (x.school_id in (None, target.school_id))
        and covers(x.since, x.until, today)
    ]
    if not here:
        return Reason("no_role", N_("Geen rol bij deze school op deze dag."))
    matrix = matrices.get(target.board_id)
    lines = [] if matrix is None else [x for held in here for x in matrix.granting(held.role, action, today)]
    named = [x for x in lines if any(p.matches(target.category) for p in x.categories)]
    if not named:
        return Reason("no_line", N_("Geen regel in de rechtenmatrix geeft deze handeling op deze categorie."))
    if not any(target.level <= x.level for x in named):
        return Reason("level", N_("De vertrouwelijkheid van dit stuk is hoger dan de regel toestaat."))
    if not target.confirmed:
        return Reason(
            "unconfirmed_or_reach", N_("Buiten het bereik van de regel, of nog niet door een medewerker bevestigd.")
        )
    return Reason("reach", N_("Deze leerling valt buiten het bereik van de regel."))
