"""Where the documents' templates are; their pages are declared."""

from __future__ import annotations

from flask import Blueprint

import services.identity.documents.queries  # noqa: F401

pages = Blueprint("documents", __name__, template_folder="templates")
