"""All tables; importing this registers every one of them with the metadata."""

from dms.db.tables.archives import ArchiveLineRow, ArchiveRow, DossierSourceRow, WatchedFileRow, WatchRuleRow
from dms.db.tables.base import Base
from dms.db.tables.catalogue import CategoryRow, CategoryVersionRow, MatrixLineRow, MatrixVersionRow
from dms.db.tables.chosen import ChosenSettingsRow, ChosenSourceRow
from dms.db.tables.dossiers import (
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    PlacementRow,
    RenditionRow,
    ShieldPersonRow,
    ShieldRow,
)
from dms.db.tables.intake import IntakeRow, ItemRow
from dms.db.tables.ledger import (
    AuditChangeRow,
    AuditEventRow,
    AuditNoteRow,
    AuditSealRow,
    AuditSubjectRow,
    HeartbeatRow,
    LeaseRow,
    OutboxRow,
)
from dms.db.tables.pupil_imports import (
    DestroyedPupilRow,
    GroupKeyRow,
    ImportRulesRow,
    PupilIdentifierRow,
    PupilImportRow,
    PupilMappingRow,
)
from dms.db.tables.pupils import (
    CarerRow,
    EnrolmentRow,
    FormerNameRow,
    GroupPlacementRow,
    GroupRow,
    GroupStaffRow,
    PersonRow,
    PupilCarerRow,
    PupilRow,
)
from dms.db.tables.rights import (
    FamilyModuleRow,
    MatrixDraftRow,
    PupilConsentRow,
    PupilStaffRow,
    RoleRow,
    TemporaryAccessRow,
)
from dms.db.tables.screens import PreferenceRow, RecentRow
from dms.db.tables.tenants import BoardRow, SchoolRow, SiteRow
from dms.db.tables.users import ApiTokenRow, PasswordLinkRow, RoleHeldRow, SessionRow, UserRow
from dms.db.tables.working import BinEntryRow, UndoStepRow, VersionUploadRow

__all__ = [
    "ApiTokenRow",
    "ArchiveLineRow",
    "ArchiveRow",
    "AuditChangeRow",
    "AuditEventRow",
    "AuditNoteRow",
    "AuditSealRow",
    "AuditSubjectRow",
    "Base",
    "BinEntryRow",
    "BoardRow",
    "CarerRow",
    "CategoryRow",
    "CategoryVersionRow",
    "ChosenSettingsRow",
    "ChosenSourceRow",
    "DestroyedPupilRow",
    "DocumentRow",
    "DocumentVersionRow",
    "DossierRow",
    "DossierSourceRow",
    "EnrolmentRow",
    "FamilyModuleRow",
    "FormerNameRow",
    "GroupKeyRow",
    "GroupPlacementRow",
    "GroupRow",
    "GroupStaffRow",
    "HeartbeatRow",
    "ImportRulesRow",
    "IntakeRow",
    "ItemRow",
    "LeaseRow",
    "MatrixDraftRow",
    "MatrixLineRow",
    "MatrixVersionRow",
    "OutboxRow",
    "PasswordLinkRow",
    "PersonRow",
    "PlacementRow",
    "PreferenceRow",
    "PupilCarerRow",
    "PupilConsentRow",
    "PupilIdentifierRow",
    "PupilImportRow",
    "PupilMappingRow",
    "PupilRow",
    "PupilStaffRow",
    "RecentRow",
    "RenditionRow",
    "RoleHeldRow",
    "RoleRow",
    "SchoolRow",
    "SessionRow",
    "ShieldPersonRow",
    "ShieldRow",
    "SiteRow",
    "TemporaryAccessRow",
    "UndoStepRow",
    "UserRow",
    "VersionUploadRow",
    "WatchRuleRow",
    "WatchedFileRow",
]
