"""To the identity provider and back. What is kept meanwhile lies in the browser's signed cookie and is used once."""

from flask import Blueprint, redirect, request, session
from flask.typing import ResponseReturnValue

from dms.kernel.errors import DmsError, NotFound, OutsideDown, Refused
from dms.services.accounts import Elsewhere
from dms.web.asked import way_back
from dms.web.desks.sign_in import go_on, sign_in_form
from dms.web.guard import public
from dms.web.house import house
from dms.web.visits import visit
from dms.wire.openid import Begun, OpenId, not_holding
from dms.wire.status import status_of

desk = Blueprint("sign_on", __name__)
KEPT, ONWARD = "sign_on", "sign_on_onward"


@desk.get("/inloggen/schoolaccount")
@public
def leave() -> ResponseReturnValue:
    """Send the browser to the provider. Raises NotFound where there is none."""
    provider = _provider()
    try:
        address, begun = provider.begin()
    except OutsideDown as down:
        return _failed(down)
    session[KEPT] = begun.kept()
    session[ONWARD] = way_back("volgende")
    return redirect(address, 303)


@desk.get("/inloggen/schoolaccount/terug")
@public
def back() -> ResponseReturnValue:
    """Take what the provider answers. Whatever comes, it is tried once."""
    provider = _provider()
    kept, onward = session.pop(KEPT, None), str(session.pop(ONWARD, "/"))
    try:
        if not isinstance(kept, dict):
            raise not_holding()
        who = provider.finish(Begun(**kept), request.args.to_dict(), house().clock.now())
        made = house().accounts.sign_on(Elsewhere(who.issuer, who.subject, who.email), visit())
    except (Refused, OutsideDown) as fault:
        return _failed(fault)
    return go_on(made, onward)


def _provider() -> OpenId:
    found = house().openid
    if found is None:
        raise NotFound
    return found


def _failed(fault: DmsError) -> ResponseReturnValue:
    return sign_in_form(refused=fault), status_of(fault)
