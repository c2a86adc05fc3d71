"""What an error is in HTTP. Pages and API say the same."""

from http import HTTPStatus

from dms.kernel.errors import BadInput, Conflict, DmsError, NotFound, OutsideDown, Refused

_STATUS: dict[type[DmsError], HTTPStatus] = {
    Refused: HTTPStatus.FORBIDDEN,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    BadInput: HTTPStatus.BAD_REQUEST,
    OutsideDown: HTTPStatus.SERVICE_UNAVAILABLE,
}


def status_of(error: DmsError) -> HTTPStatus:
    """The status of the nearest known kind of error; a fault of ours (500) for what is none."""
    return next((_STATUS[x] for x in type(error).__mro__ if x in _STATUS), HTTPStatus.INTERNAL_SERVER_ERROR)
