"""Attached files in whole-record acts."""

from __future__ import annotations

from services.records.attachment_files.models import DESCRIPTION, AttachedFile
from services.records.nominals.keepers import keep

keep(AttachedFile, sealed={"description": DESCRIPTION})
