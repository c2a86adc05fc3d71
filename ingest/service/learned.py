"""The learned model of each school in memory: its version in use, else the one that ships."""

from uuid import UUID

import structlog
from sqlalchemy import select

from dms.db.engine import Database
from dms.db.tables import LearnedVersionRow
from dms.model.learned import LearnedState
from ingest.rules.learned.model import LinearModel, NotAModel
from ingest.service.shipped import shipped
from storage.errors import Damaged, KeyMissing
from storage.vault import Vault

MODEL = "model"
"""The sealed column of a version."""

log = structlog.get_logger(__name__)


def load_model(vault: Vault, row: LearnedVersionRow) -> LinearModel | None:
    """The model of a version; None (with a line in the log) where it cannot be read."""
    if row.model is None:
        return None
    try:
        return LinearModel.from_bytes(vault.unseal(row.id, MODEL, row.model))
    except (Damaged, KeyMissing, NotAModel) as fault:
        log.error("learned_unreadable", kind=type(fault).__name__)
        return None


class LearnedModels:
    """One model a school, kept until another version is in use."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault
        self._kept: dict[UUID, tuple[UUID, LinearModel]] = {}

    def of(self, school_id: UUID) -> LinearModel:
        """The model that recognises for this school now. Never raises for a damaged one: then the shipped one does."""
        with self._database.read() as session:
            version = session.scalar(
                select(LearnedVersionRow.id).where(
                    LearnedVersionRow.school_id == school_id, LearnedVersionRow.state == LearnedState.ACTIVE
                )
            )
            if version is None:
                self._kept.pop(school_id, None)
                return shipped().model
            kept = self._kept.get(school_id)
            if kept is not None and kept[0] == version:
                return kept[1]
            row = session.get_one(LearnedVersionRow, version)
            model = load_model(self._vault, row) or shipped().model
        self._kept[school_id] = (version, model)
        return model
