"""Import of pupil lists: preview and apply, for one school at a time."""

from dms.services.pupil_import.days import follow_days
from dms.services.pupil_import.report import ImportReport
from dms.services.pupil_import.service import PupilImport

__all__ = ["ImportReport", "PupilImport", "follow_days"]
