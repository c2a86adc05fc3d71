"""Redacted copies (zwartlakken): numbers found in documents that leave the house, covered, and proven to be gone."""

from dms.model.redaction import RedactionGround, RedactionState
from ingest.service.redaction.desk import RedactionDesk
from ingest.service.redaction.shapes import RedactionView, ReviewView

__all__ = ["RedactionDesk", "RedactionGround", "RedactionState", "RedactionView", "ReviewView"]
