"""Imports every capability, so that whatever identity declares is declared; and gathers its special pages."""

from __future__ import annotations

import services.identity.accounts.archiving
import services.identity.accounts.checklist
import services.identity.accounts.commands
import services.identity.accounts.creating
import services.identity.accounts.dormancy
import services.identity.accounts.handlers
import services.identity.accounts.leaving
import services.identity.accounts.leaving_queries
import services.identity.accounts.nominating
import services.identity.accounts.nominees
import services.identity.accounts.queries
import services.identity.accounts.requesting
import services.identity.accounts.unused
import services.identity.adjustments.commands
import services.identity.adjustments.queries
import services.identity.agency_sign_in.jobs
import services.identity.agency_sign_in.queries
import services.identity.appointments.commands
import services.identity.appointments.handlers
import services.identity.appointments.queries
import services.identity.assurance.commands
import services.identity.buildings.commands
import services.identity.buildings.queries
import services.identity.central_support.commands
import services.identity.central_support.queries
import services.identity.consoles.queries
import services.identity.coverage.commands
import services.identity.coverage.jobs
import services.identity.coverage.queries
import services.identity.coverage.reports
import services.identity.deputies.commands
import services.identity.deputies.jobs
import services.identity.deputies.queries
import services.identity.directory.queries
import services.identity.documents.commands
import services.identity.documents.message_queries
import services.identity.documents.messages
import services.identity.documents.publishing
import services.identity.documents.queries
import services.identity.documents.reports
import services.identity.documents.signatures
import services.identity.entitlements.commands
import services.identity.estate.agencies
import services.identity.estate.queries
import services.identity.log_on_audit.commands
import services.identity.log_on_audit.handlers
import services.identity.log_on_audit.jobs
import services.identity.log_on_audit.queries
import services.identity.log_on_audit.reports
import services.identity.log_on_audit.team
import services.identity.passkeys.own
import services.identity.people.changing
import services.identity.people.moving
import services.identity.people.queries
import services.identity.people.team
import services.identity.policy.commands
import services.identity.policy.queries
import services.identity.prison_returns.commands
import services.identity.prison_returns.queries
import services.identity.questions.commands
import services.identity.sessions.others
import services.identity.sessions.own
import services.identity.sign_in.jobs
import services.identity.sign_in.own_credentials
import services.identity.staffing.declarations
import services.identity.staffing.programme_dates
import services.identity.staffing.reports
import services.identity.staffing.targets
import services.identity.terminals.assuring
import services.identity.terminals.deciding
import services.identity.terminals.jobs
import services.identity.terminals.moving
import services.identity.terminals.queries
import services.identity.terminals.reports
import services.identity.terminals.wifi_queries
import services.identity.token_sets.commands
import services.identity.tokens.commands
import services.identity.tokens.jobs
import services.identity.tokens.order_queries
import services.identity.tokens.orders
import services.identity.tokens.reports
import services.identity.training.bookings
import services.identity.training.certificates
import services.identity.training.courses
import services.identity.training.e_learning
import services.identity.training.person_queries
import services.identity.training.queries
import services.identity.training.results
import services.identity.training.sessions
import services.identity.training.trainers
import services.identity.vetting.commands
import services.identity.vetting.exceptions
import services.identity.vetting.queries
import services.identity.vetting.reports
import services.identity.vetting.sweeping
import services.identity.vetting.types  # noqa: F401
from services.identity.accounts.pages import pages as accounts
from services.identity.agency_sign_in.pages import pages as agency_sign_in
from services.identity.clients.api import api as clients
from services.identity.demonstration.pages import pages as demonstration
from services.identity.help.pages import pages as help_pages
from services.identity.people.pages import pages as people
from services.identity.sessions.api import api as credentials
from services.identity.sign_in.api import api as sign_in_api
from services.identity.sign_in.confirm_pages import pages as confirm
from services.identity.sign_in.pages import pages as sign_in
from services.identity.sign_in.recovery_pages import pages as recovery
from services.identity.terminals.pages import pages as terminals

PAGES = (
    sign_in,
    sign_in_api,
    confirm,
    recovery,
    credentials,
    clients,
    people,
    accounts,
    agency_sign_in,
    terminals,
    demonstration,
    help_pages,
)
