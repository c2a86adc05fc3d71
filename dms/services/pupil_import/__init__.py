"""Import of pupil files: preview and apply, for one school at a time."""

from dms.services.pupil_import.days import follow_days
from dms.services.pupil_import.imports import PupilImports
from dms.services.pupil_import.report import ImportReport
from dms.services.pupil_import.service import PupilImport
from dms.services.pupil_import.shapes import ImportOptions

__all__ = ["ImportOptions", "ImportReport", "PupilImport", "PupilImports", "follow_days"]
