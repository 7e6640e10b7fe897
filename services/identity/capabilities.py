"""Imports every capability, so that whatever identity declares is declared; and gathers its special pages."""

from __future__ import annotations

import services.identity.directory.queries  # noqa: F401
from services.identity.clients.api import api as clients
from services.identity.help.pages import pages as help_pages
from services.identity.sessions.api import api as credentials
from services.identity.sign_in.api import api as sign_in_api
from services.identity.sign_in.pages import pages as sign_in

PAGES = (help_pages, sign_in, sign_in_api, credentials, clients)
