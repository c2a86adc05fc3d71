"""Files of the staff's forms as they arrive; see `dms.wire.forms`."""

from dms.wire.forms import LONGEST_FIELD, FormStream, pieces

__all__ = ["LONGEST_FIELD", "FormStream", "pieces"]
