"""Imports every capability, so that its declarations, handlers, tasks and ticks are known."""

from __future__ import annotations

from services.records.access import handlers as access_handlers
from services.records.access import history, leaving, openings
from services.records.activity_log import commands as activity_log_commands
from services.records.activity_log import queries as activity_log_queries
from services.records.bulk_partner import commands as bulk_partner_commands
from services.records.bulk_partner import jobs as bulk_partner_jobs
from services.records.bulk_partner import queries as bulk_partner_queries
from services.records.cards import queries as card_queries
from services.records.custody import commands as custody_commands
from services.records.custody import queries as custody_queries
from services.records.custody import set_aside as custody_set_aside
from services.records.front_page import pages as front_pages
from services.records.front_page import queries as front_page_queries
from services.records.meetings import commands as meeting_commands
from services.records.meetings import queries as meeting_queries
from services.records.nominals import change, mine, summary
from services.records.nominals import commands as nominal_commands
from services.records.nominals import pages as nominal_pages
from services.records.partnership import commands as partnership_commands
from services.records.partnership import queries as partnership_queries
from services.records.referrals import commands as referral_commands
from services.records.referrals import queries as referral_queries
from services.records.search import pages as search_pages
from services.records.search import queries as search_queries

CAPABILITIES = (
    access_handlers,
    activity_log_commands,
    activity_log_queries,
    bulk_partner_commands,
    bulk_partner_jobs,
    bulk_partner_queries,
    card_queries,
    custody_commands,
    custody_queries,
    custody_set_aside,
    meeting_commands,
    meeting_queries,
    partnership_commands,
    partnership_queries,
    openings,
    history,
    leaving,
    front_page_queries,
    nominal_commands,
    change,
    mine,
    summary,
    referral_commands,
    referral_queries,
    search_queries,
)

# What is special; every other page is declared.
PAGES = (front_pages.pages, nominal_pages.pages, search_pages.pages)
