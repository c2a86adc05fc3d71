"""The screens of the rights room."""

from dms.web.desks.rights import draft, families, gifts, log, matrix, opening, people, shields

DESKS = (matrix, draft, people, shields, opening, log, families, gifts)
"""All its desks."""
