"""All tables; importing this registers every one of them with the metadata."""

from dms.db.tables.archives import ArchiveLineRow, ArchiveRow, DossierSourceRow, WatchedFileRow, WatchRuleRow
from dms.db.tables.backups import BackupRow, LedgerReachRow
from dms.db.tables.base import Base
from dms.db.tables.batches import SheetRow, StackRow
from dms.db.tables.catalogue import CategoryRow, CategoryVersionRow, MatrixLineRow, MatrixVersionRow
from dms.db.tables.chosen import ChosenSettingsRow, ChosenSourceRow
from dms.db.tables.corrections import CorrectionRow
from dms.db.tables.desks import DeskActRow, DeskAssignmentRow, DeskClaimRow, StickyPupilRow
from dms.db.tables.destruction import (
    DestructionCertificateRow,
    DestructionItemRow,
    DestructionLineRow,
    DestructionProbeRow,
    DestructionRunRow,
    TombstoneRow,
)
from dms.db.tables.disposal import DisposalItemRow, DisposalListRow
from dms.db.tables.doorway import LinkChallengeRow, LinkCounterRow, LinkSessionRow, ScopedLinkEventRow
from dms.db.tables.dossiers import (
    DocumentRow,
    DocumentVersionRow,
    DossierRow,
    PlacementRow,
    RenditionRow,
    ShieldPersonRow,
    ShieldRow,
)
from dms.db.tables.exits import ExitOrderRow
from dms.db.tables.formats import ArchiveJobRow, FingerprintRow, LookalikeRow, PartRow
from dms.db.tables.gifts import RoleGiftRow
from dms.db.tables.intake import IntakeRow, ItemRow
from dms.db.tables.learned import LearnedExampleRow, LearnedVersionRow
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
from dms.db.tables.letters import LetterChoiceRow, LetterPaceRow, LetterRow, LetterTextRow
from dms.db.tables.links import ScopedLinkCategoryRow, ScopedLinkDocumentRow, ScopedLinkRow
from dms.db.tables.own_data import OwnDataDecisionRow
from dms.db.tables.portal import (
    DataBreachLookRow,
    DataBreachRow,
    FamilyPhaseRow,
    PortalInvitationRow,
    PortalSessionRow,
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
from dms.db.tables.received import ReceivedPackageRow, ReceivedPartRow
from dms.db.tables.redaction import RedactionRow
from dms.db.tables.retention import (
    HoldRow,
    RecountRow,
    RetentionDraftRow,
    RetentionRuleRow,
    RetentionScheduleRow,
    SweepRow,
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
from dms.db.tables.signing import SigningAnswerRow, SigningRequestRow
from dms.db.tables.signing_in import (
    CodeAppRow,
    ElsewhereRow,
    KnownDeviceRow,
    PasskeyRow,
    RecoveryCodeRow,
    SignInBudgetRow,
    SignInStepRow,
)
from dms.db.tables.sources import (
    MailboxRow,
    MailMessageRow,
    ReleaseRow,
    ScanFolderRow,
    SenderRuleRow,
    UploadPieceRow,
    UploadRow,
)
from dms.db.tables.subject_requests import SubjectPackRow, SubjectRequestItemRow, SubjectRequestRow
from dms.db.tables.tenants import BoardRow, SchoolRow, SiteRow
from dms.db.tables.transfers import TransferDocumentRow, TransferInspectionRow, TransferPackageRow
from dms.db.tables.users import ApiTokenRow, PasswordLinkRow, RoleHeldRow, SessionRow, UserRow
from dms.db.tables.working import BinEntryRow, UndoStepRow, VersionUploadRow

__all__ = [
    "ApiTokenRow",
    "ArchiveJobRow",
    "ArchiveLineRow",
    "ArchiveRow",
    "AuditChangeRow",
    "AuditEventRow",
    "AuditNoteRow",
    "AuditSealRow",
    "AuditSubjectRow",
    "BackupRow",
    "Base",
    "BinEntryRow",
    "BoardRow",
    "CarerRow",
    "CategoryRow",
    "CategoryVersionRow",
    "ChosenSettingsRow",
    "ChosenSourceRow",
    "CodeAppRow",
    "CorrectionRow",
    "DataBreachLookRow",
    "DataBreachRow",
    "DeskActRow",
    "DeskAssignmentRow",
    "DeskClaimRow",
    "DestroyedPupilRow",
    "DestructionCertificateRow",
    "DestructionItemRow",
    "DestructionLineRow",
    "DestructionProbeRow",
    "DestructionRunRow",
    "DisposalItemRow",
    "DisposalListRow",
    "DocumentRow",
    "DocumentVersionRow",
    "DossierRow",
    "DossierSourceRow",
    "ElsewhereRow",
    "EnrolmentRow",
    "ExitOrderRow",
    "FamilyModuleRow",
    "FamilyPhaseRow",
    "FingerprintRow",
    "FormerNameRow",
    "GroupKeyRow",
    "GroupPlacementRow",
    "GroupRow",
    "GroupStaffRow",
    "HeartbeatRow",
    "HoldRow",
    "ImportRulesRow",
    "IntakeRow",
    "ItemRow",
    "KnownDeviceRow",
    "LearnedExampleRow",
    "LearnedVersionRow",
    "LeaseRow",
    "LedgerReachRow",
    "LetterChoiceRow",
    "LetterPaceRow",
    "LetterRow",
    "LetterTextRow",
    "LinkChallengeRow",
    "LinkCounterRow",
    "LinkSessionRow",
    "LookalikeRow",
    "MailMessageRow",
    "MailboxRow",
    "MatrixDraftRow",
    "MatrixLineRow",
    "MatrixVersionRow",
    "OutboxRow",
    "OwnDataDecisionRow",
    "PartRow",
    "PasskeyRow",
    "PasswordLinkRow",
    "PersonRow",
    "PlacementRow",
    "PortalInvitationRow",
    "PortalSessionRow",
    "PreferenceRow",
    "PupilCarerRow",
    "PupilConsentRow",
    "PupilIdentifierRow",
    "PupilImportRow",
    "PupilMappingRow",
    "PupilRow",
    "PupilStaffRow",
    "ReceivedPackageRow",
    "ReceivedPartRow",
    "RecentRow",
    "RecountRow",
    "RecoveryCodeRow",
    "RedactionRow",
    "ReleaseRow",
    "RenditionRow",
    "RetentionDraftRow",
    "RetentionRuleRow",
    "RetentionScheduleRow",
    "RoleGiftRow",
    "RoleHeldRow",
    "RoleRow",
    "ScanFolderRow",
    "SchoolRow",
    "ScopedLinkCategoryRow",
    "ScopedLinkDocumentRow",
    "ScopedLinkEventRow",
    "ScopedLinkRow",
    "SenderRuleRow",
    "SessionRow",
    "SheetRow",
    "ShieldPersonRow",
    "ShieldRow",
    "SignInBudgetRow",
    "SignInStepRow",
    "SigningAnswerRow",
    "SigningRequestRow",
    "SiteRow",
    "StackRow",
    "StickyPupilRow",
    "SubjectPackRow",
    "SubjectRequestItemRow",
    "SubjectRequestRow",
    "SweepRow",
    "TemporaryAccessRow",
    "TombstoneRow",
    "TransferDocumentRow",
    "TransferInspectionRow",
    "TransferPackageRow",
    "UndoStepRow",
    "UploadPieceRow",
    "UploadRow",
    "UserRow",
    "VersionUploadRow",
    "WatchRuleRow",
    "WatchedFileRow",
]
