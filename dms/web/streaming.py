"""Files of the staff's forms as they arrive; see `dms.wire.forms`.

The token against forgery stands before the files in such a form and is checked first: a route that reads one this way
is exempt from the check that would read the whole form.
"""

from collections.abc import Iterator

from flask import request
from flask_wtf.csrf import CSRFError, validate_csrf
from wtforms.validators import ValidationError

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.wire.forms import LONGEST_FIELD, FormStream, pieces

__all__ = ["LONGEST_FIELD", "FormStream", "SentForm", "pieces", "sent_form"]

SentFile = tuple[str, Iterator[bytes]]
"""The name of a file and its bytes in pieces; to be read before the next."""


class SentForm:
    """A form of this request whose token was checked: its fields before the first file, then its files."""

    def __init__(self, fields: dict[str, str], stream: FormStream | None) -> None:
        self.fields = fields
        self._stream = stream

    def files(self) -> Iterator[SentFile]:
        """The files in order; none for a form of another kind. Raises BadInput for a broken form."""
        return iter(()) if self._stream is None else self._stream.files()

    def file(self) -> SentFile:
        """The first file. Raises BadInput where there is none."""
        found = next(self.files(), None)
        if found is None:
            raise no_file()
        return found


def sent_form() -> SentForm:
    """The form of this request. Raises CSRFError for a forged one, BadInput for a broken one."""
    boundary = request.mimetype_params.get("boundary", "")
    stream = None
    if request.mimetype == "multipart/form-data" and boundary:
        stream = FormStream(request.stream, boundary.encode("latin-1", "replace"))
    fields = request.form.to_dict() if stream is None else stream.fields()
    try:
        validate_csrf(fields.get("csrf_token"))
    except ValidationError as fault:
        raise CSRFError(str(fault)) from fault
    return SentForm(fields, stream)


def no_file() -> BadInput:
    """The error for a form without a file."""
    return BadInput(N_("Er is geen bestand meegestuurd."), N_("Kies een bestand."), code="no_file")
