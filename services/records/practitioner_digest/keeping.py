"""What practitioners were told goes with the record."""

from __future__ import annotations

from services.records.nominals.keepers import keep
from services.records.practitioner_digest.models import LogRead, PractitionerTold

keep(LogRead, alike=("person_id",))
keep(PractitionerTold)
