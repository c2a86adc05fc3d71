"""Reading pupils and dossiers in from other systems: the place to drop files, what would change, what became of it."""

from dms.web.desks.imports import archives, carers, numbers, pupil_files, settings, start

DESKS = (start, pupil_files, archives, settings, carers, numbers)
"""The modules of this room that have a blueprint."""
