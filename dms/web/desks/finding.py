"""Search: words, filters with exact counts, a range of days, an order; all of it in the address, so that it can be
kept and shared. Whoever opens the address sees what she herself may see.
"""

from datetime import date

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.services.search import IN_A_SCHOOL
from dms.web.asked import day, line
from dms.web.asked import page as asked_page
from dms.web.error_pages import problem_of
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters import finding as present
from dms.web.presenters.paging import pager
from rights.rules.actions import Action

desk = Blueprint("finding", __name__)
PAGE_SIZE = 20
FILTER_FIELDS = (*(x[0] for x in present.FILTERS.values()), "nummer")


@desk.get("/zoeken")
@acts(Action.SEE)
def page() -> ResponseReturnValue:
    """What is found; nothing is searched as long as nothing is asked."""
    asked, at = line("q"), asked_page()
    sort = line("volgorde") if line("volgorde") in present.SORTS else "relevance"
    chosen = {x: line(x) for x in FILTER_FIELDS if line(x)}
    days, wrong = _days()
    question = present.question(asked, chosen, days)
    found = None
    if question or chosen:
        found = house().search.search(
            by(),
            question,
            brin=school().brin,
            group=chosen.get("groep"),
            page=at,
            size=PAGE_SIZE,
            sort=sort,
            facets=IN_A_SCHOOL,
            browse=bool(chosen),
        )
    return render_template(
        "finding/page.html",
        asked=asked,
        chosen=chosen,
        days={x: line(x) for x in present.DAYS},
        wrong=wrong,
        found=present.present(found, chosen, days) if found else None,
        sort=sort,
        sorts=present.sorts(),
        pager=pager("finding.page", found.total, at, PAGE_SIZE) if found else None,
    )


def _days() -> tuple[tuple[date | None, date | None], dict[str, str]]:
    """The first and the last day that are asked; one that is no date does not narrow, and is said beside its field."""
    found: list[date | None] = []
    wrong = dict.fromkeys(present.DAYS, "")
    for name in present.DAYS:
        try:
            found.append(day(name))
        except BadInput as fault:
            found.append(None)
            problem = problem_of(fault)
            wrong[name] = f"{problem.message} {problem.advice}"
    return (found[0], found[1]), wrong
