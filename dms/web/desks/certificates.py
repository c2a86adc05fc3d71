"""All certificates of destruction of the school, and the public key that checks them."""

from flask import Blueprint, make_response, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.destruction import RunKind
from dms.services.downloads import attachment
from dms.web.around import school
from dms.web.asked import line
from dms.web.asked import page as asked_page
from dms.web.desks.disposal import DISPOSING, certificate_file
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters.paging import pager
from dms.web.texts import moment, number, say

desk = Blueprint("certificates", __name__)
PAGE_SIZE = 50
OF = {
    RunKind.LIST: N_("Vernietigingslijst"),
    RunKind.BIN: N_("Uit de prullenbak"),
    RunKind.PUPILS: N_("Gegevens van leerlingen zonder stukken"),
}


@desk.get("/vernietiging/verklaringen")
@acts(*DISPOSING)
def page() -> ResponseReturnValue:
    """The newest first, those of the bin and of pupils' own data too."""
    at = asked_page()
    found = house().destruction.certificate_lists.page(by(), school().brin, at, PAGE_SIZE)
    rows = [
        {
            "number": x.number,
            "when": moment(x.made_at),
            "of": say(OF[x.kind]),
            "name": x.list_name,
            "address": url_for("disposal.one", list_id=x.list_id) if x.list_id else "",
            "documents": number(x.documents),
            "pupils": number(x.pupils),
        }
        for x in found.lines
    ]
    pages = pager("certificates.page", found.total, at, PAGE_SIZE)
    return render_template("disposal/certificates.html", rows=rows, pager=pages)


@desk.get("/vernietiging/verklaringen/<int:number>")
@acts(*DISPOSING)
def one(number: int) -> ResponseReturnValue:
    """A certificate of the school, as PDF or as signed JSON. Raises NotFound."""
    return certificate_file(house().destruction.certificate_lists.one(by(), school().brin, number), line("soort"))


@desk.get("/vernietiging/verklaringen/sleutel")
@acts(*DISPOSING)
def public_key() -> ResponseReturnValue:
    """The public key with which anybody checks certificates, as PEM."""
    answer = make_response(house().destruction.certificates.public_key())
    answer.headers["Content-Type"] = "application/x-pem-file"
    answer.headers["Content-Disposition"] = attachment("sleutel van verklaringen.pem")
    return answer
