"""`/search`: what the holder of the token may see."""

from flask import Blueprint, Response, request

from dms.api.answers import answer
from dms.api.describe import Answer, Parameter, describes
from dms.api.guard import Scope, by, needs
from dms.api.house import house
from dms.api.shapes import SearchAnswer, search_answer
from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from rights.rules.actions import Action

LONGEST_QUERY = 1000

routes = Blueprint("finding", __name__)


@routes.get("/search")
@needs(Scope.SEARCH, Action.SEE)
@describes(
    N_("Zoek documenten: precies wat de houder van het token mag zien."),
    Answer(200, SearchAnswer),
    parameters=(
        Parameter("q", "query", required=True),
        Parameter("school", "query"),
        Parameter("page", "query", whole=True),
        Parameter("size", "query", whole=True),
        Parameter("sort", "query", choices=("relevance", "newest", "oldest")),
    ),
    fails=(400,),
)
def search() -> Response:
    """One page of results."""
    query = request.args.get("q", "")
    if not query.strip() or len(query) > LONGEST_QUERY:
        raise BadInput(N_("De zoekvraag is leeg of te lang."), N_("Geef q=…, hoogstens 1000 tekens."), code="no_query")
    page = house().search.search(
        by(),
        query,
        brin=request.args.get("school") or None,
        page=_whole("page", 1),
        size=_whole("size", 20),
        sort=request.args.get("sort", "relevance"),
    )
    return answer(search_answer(page))


def _whole(name: str, default: int) -> int:
    text = request.args.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise BadInput(
            N_("%(name)s is geen heel getal."), N_("Geef een getal vanaf 1."), code="no_number", params={"name": name}
        )
    return int(text)
