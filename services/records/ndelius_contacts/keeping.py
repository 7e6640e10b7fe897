"""Contacts of nDelius in whole-record acts. A merge may find that both records had the same one."""

from __future__ import annotations

from services.records.ndelius_contacts.models import REASON, TEXT, TO_INFORM, TYPE, Contact
from services.records.nominals.keepers import keep

keep(
    Contact,
    sealed={"contact_type": TYPE, "text": TEXT, "to_inform": TO_INFORM, "reason": REASON},
    alike=("reference",),
)
