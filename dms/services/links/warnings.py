"""What to think of before a link goes: said on the page to check, and in the way of nothing."""

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Level
from dms.model.links import LegalBasis, Permission, Verification
from dms.services.links.orders import Plan
from dms.services.links.shapes import Order


def warnings(order: Order, plan: Plan, others: int) -> tuple[Reason, ...]:
    """What to think of before the link goes."""
    found: list[Reason] = []
    if plan.highest >= Level.L3:
        found.append(
            Reason(
                "special", N_("Er zitten stukken bij van het zorgteam of voor genoemde mensen. Mag dit naar buiten?")
            )
        )
    if plan.verification is Verification.EMAIL:
        found.append(
            Reason("by_email", N_("Wie de mail van de ontvanger kan lezen, kan dit openen: de code gaat per e-mail."))
        )
    spared = sum(x.shown.has_copy and not x.shown.redacted for x in plan.items)
    if spared:
        found.append(
            Reason(
                "originals",
                N_("Er is een weggelakte kopie, maar het origineel gaat mee: %(count)d keer."),
                {"count": spared},
            )
        )
    if Permission.DOWNLOAD in plan.permissions:
        found.append(Reason("download", N_("De ontvanger kan een kopie bewaren. Die kunt u niet terughalen.")))
    if order.live:
        found.append(Reason("live", N_("Wat later in dit deel van het dossier komt, ziet de ontvanger ook.")))
    if plan.left_out:
        found.append(
            Reason(
                "left_out",
                N_("Niet alles gaat mee (%(count)d niet). Hieronder staat waarom."),
                {"count": len(plan.left_out)},
            )
        )
    if others:
        found.append(
            Reason(
                "other_links", N_("Deze ontvanger heeft al open links naar dit dossier: %(count)d."), {"count": others}
            )
        )
    if order.basis is LegalBasis.CONSENT:
        found.append(Reason("consent", N_("U deelt met toestemming. Leg die vast in het dossier.")))
    return tuple(found)
