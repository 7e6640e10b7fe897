"""Identity's pages that lead to other services' reports, against who may open those: nobody is led to a refusal."""

from __future__ import annotations

import pytest

from services.identity import capabilities as identity_capabilities
from services.identity.compliance.places import answers
from services.identity.compliance.queries import PARTS
from services.identity.consoles.dashboard import FIGURES, ROLES, TOKENS, is_for
from services.identity.service import service as identity
from services.notifications import capabilities as notifications_capabilities
from services.notifications.service import service as notifications
from services.records import capabilities as records_capabilities
from services.records.service import service as records
from shared.access.principal import Principal
from shared.reports.declared import Report
from shared.reports.pack import HEAD_OF_PRISON
from shared.reports.pack import ROLES as PACK_ROLES
from tests.servers.records import LEEDS, principal

SERVICES = {service.name: service for service in (identity, records, notifications)}
assert identity_capabilities.PAGES
assert records_capabilities.PAGES
assert notifications_capabilities.PAGES
EACH_ROLE = {*ROLES, *PACK_ROLES, HEAD_OF_PRISON, "sro", "spo"}
# All that any of the pages and reports asks for, and somebody with nothing.
READERS = {
    **{token: principal(LEEDS, token) for token in (*TOKENS, "admin", "central_support", "supervisor")},
    **{role: principal(LEEDS, roles=(role,)) for role in sorted(EACH_ROLE)},
    "deputy": principal(LEEDS, "lpc", "central_support", deputy_for=(LEEDS,)),
    "nobody": principal(LEEDS),
}


def report(service: str, code: str) -> Report:
    return SERVICES[service].reports[code]


@pytest.mark.clause("PSI-1.2", "PSI-5.1")
@pytest.mark.parametrize("reader", READERS)
def test_the_pack_leads_each_reader_to_the_parts_that_they_may_open(reader: str) -> None:
    who: Principal = READERS[reader]
    if answers(who):
        for part in PARTS:
            assert part.open_to(who) == report(part.service, part.code).open_to(who), part.title


@pytest.mark.clause("PF-3d")
@pytest.mark.parametrize("reader", READERS)
def test_the_dashboard_draws_for_each_reader_what_they_may_open(reader: str) -> None:
    who: Principal = READERS[reader]
    if is_for(who):
        for figure in FIGURES:
            assert figure.open_to(who) == report(figure.service, figure.code).open_to(who), figure.code
