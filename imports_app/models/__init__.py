"""The app's tables."""

from imports_app.models.base import ONLY, Mode, ModeModel, shown_mode
from imports_app.models.changes import KeptChanges
from imports_app.models.choices import Format, IfExists, IfMissing
from imports_app.models.chunks import CsvPiece, ImportBatch, ImportChunk, SealedRow
from imports_app.models.drafts import ColumnMatching, ImportDraft, ImportDraftPiece
from imports_app.models.events import Event, Notice, Topic
from imports_app.models.heartbeat import Heartbeat
from imports_app.models.imports import Import
from imports_app.models.log import RowFailure, RowWarning
from imports_app.models.proposals import Proposal, ProposalKind
from imports_app.models.queue import ImportQueue
from imports_app.models.webhooks import CallbackStatus, EventCallback, Webhook

__all__ = [
    "ONLY",
    "CallbackStatus",
    "ColumnMatching",
    "CsvPiece",
    "Event",
    "EventCallback",
    "Format",
    "Heartbeat",
    "IfExists",
    "IfMissing",
    "Import",
    "ImportBatch",
    "ImportChunk",
    "ImportDraft",
    "ImportDraftPiece",
    "ImportQueue",
    "KeptChanges",
    "Mode",
    "ModeModel",
    "Notice",
    "Proposal",
    "ProposalKind",
    "RowFailure",
    "RowWarning",
    "SealedRow",
    "Topic",
    "Webhook",
    "shown_mode",
]
