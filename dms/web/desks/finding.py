"""Search: words, filters with exact counts, and the words marked in what is found."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.web.asked import line
from dms.web.asked import page as asked_page
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters import finding as present
from dms.web.presenters.paging import pager
from rights.rules.actions import Action

desk = Blueprint("finding", __name__)
PAGE_SIZE = 20
FILTER_FIELDS = ("categorie", "jaar", "bron", "nummer")


@desk.get("/zoeken")
@acts(Action.SEE)
def page() -> ResponseReturnValue:
    """What is found; nothing is searched as long as nothing is asked."""
    asked, at = line("q"), asked_page()
    sort = line("volgorde") if line("volgorde") in present.SORTS else "relevance"
    chosen = {x: line(x) for x in FILTER_FIELDS if line(x)}
    question = present.question(asked, chosen)
    found = None
    if question:
        found = house().search.search(by(), question, brin=school().brin, page=at, size=PAGE_SIZE, sort=sort)
    return render_template(
        "finding/page.html",
        asked=asked,
        chosen=chosen,
        found=present.present(found, chosen) if found else None,
        sort=sort,
        sorts=present.sorts(),
        pager=pager("finding.page", found.total, at, PAGE_SIZE) if found else None,
    )
