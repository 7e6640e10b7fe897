"""A small estate with somebody in each post, for identity's tests: one prison of one group, one area, one force."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from services.identity.directory.log import note
from services.identity.documents.models import Document, DocumentVersion, Signature
from services.identity.opaque_ids import hashed
from services.identity.people.models import Agency, Person, Unit
from services.identity.sign_in import one_time_codes, passwords
from services.identity.sign_in.code_step import Opened, give_code
from services.identity.sign_in.models import Credential
from services.identity.sign_in.password_step import give_password
from services.identity.terminals.locating import Origin
from services.identity.terminals.models import NetworkRange, Terminal
from services.identity.tokens.models import RoleGrant, TokenGrant
from services.identity.training.models import TrainingRecord
from services.identity.vetting.models import VettingRecord
from shared.clock import FixedClock
from shared.ids import new_id
from shared.runtime import Runtime
from shared.work import NOBODY

PASSWORD = "correct horse battery staple"
_HASH = passwords.hash_password(PASSWORD)
_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

UNITS = [
    ("region-N55", "Yorkshire and the Humber", "region", None, "probation-service"),
    ("area-53", "West Yorkshire", "mappa_area", "region-N55", "probation-service"),
    ("pdu-N55LEE", "Leeds", "delivery_unit", "area-53", "probation-service"),
    ("area-52", "South Yorkshire", "mappa_area", "region-N55", "probation-service"),
    ("group-LNDN", "London", "prison_group", None, "prison-service"),
    ("prison-WSI", "Wormwood Scrubs", "prison", "group-LNDN", "prison-service"),
    ("prison-PVI", "Pentonville", "prison", "group-LNDN", "prison-service"),
    ("force-13", "West Yorkshire Police", "force", None, "police-13"),
    ("home-office", "Home Office", "national", None, "home-office"),
]
AGENCIES = [
    ("probation-service", "Probation Service", "probation"),
    ("prison-service", "HM Prison Service", "prison"),
    ("police-13", "West Yorkshire Police", "police"),
    ("home-office", "Home Office", "national"),
]
# unit, addresses, kind
NETWORKS = [
    ("pdu-N55LEE", "10.1.0.0/24", "lan"),
    ("pdu-N55LEE", "10.1.9.0/24", "wifi"),
    ("prison-WSI", "10.2.0.0/24", "lan"),
    ("prison-WSI", "10.2.9.0/24", "wifi"),
    ("prison-PVI", "10.3.0.0/24", "lan"),
    ("force-13", "10.4.0.0/24", "lan"),
    ("home-office", "10.5.0.0/24", "lan"),
    ("area-53", "10.6.0.0/24", "lan"),
]
# asset tag (also its device key), unit, status
TERMINALS = [
    ("WSI-001", "prison-WSI", "approved"),
    ("WSI-002", "prison-WSI", "assessed"),
    ("WSI-003", "prison-WSI", "withdrawn"),
    ("PVI-001", "prison-PVI", "approved"),
]
LEEDS, LEEDS_WIFI = Origin("10.1.0.7"), Origin("10.1.9.7")
SCRUBS = Origin("10.2.0.7", "WSI-001")
FORCE, HOME_OFFICE, AREA = Origin("10.4.0.7"), Origin("10.5.0.7"), Origin("10.6.0.7")
NOWHERE = Origin("203.0.113.7")


@dataclass
class House:
    """Everything here is what a whole person needs, unless a test says otherwise."""

    runtime: Runtime
    clock: FixedClock
    people: dict[str, UUID] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.clock.today()

    def build(self) -> None:
        with self.runtime.system_work("test.build") as work:
            session, now = work.session, work.system_now
            session.add_all(Agency(code=code, name=name, kind=kind) for code, name, kind in AGENCIES)
            session.flush()
            for code, name, kind, parent, agency in UNITS:
                session.add(
                    Unit(code=code, name=name, kind=kind, parent=parent, agency=agency, jurisdiction="ENG")
                )
                session.flush()
            session.add_all(
                NetworkRange(unit=unit, addresses=addresses, kind=kind, building=f"{unit} {kind}")
                for unit, addresses, kind in NETWORKS
            )
            session.add_all(
                Terminal(
                    asset_tag=tag,
                    unit=unit,
                    room="Office",
                    device_key_hash=hashed(tag),
                    status=status,
                    withdrawn_reason="moved" if status == "withdrawn" else None,
                )
                for tag, unit, status in TERMINALS
            )
            session.add(Document(code="syops", title="SyOPs", short_title="SyOPs", agency_kinds=[]))
            session.flush()
            self.publish(session, "1", self.today - timedelta(days=400), now)
            note(session, [("unit", code) for code, *_ in UNITS])

    def publish(self, session: Session, version: str, published_on: date, published_at: datetime) -> UUID:
        text = f"SyOPs version {version}."
        made = DocumentVersion(
            document="syops",
            version=version,
            text=text,
            text_hash=hashed(text).hex(),
            published_on=published_on,
            published_at=published_at,
        )
        session.add(made)
        session.flush()
        return made.id

    def add(
        self,
        username: str,
        unit: str,
        *,
        vetting: tuple[str, int, int] | None = ("nppv2", -100, 300),
        trained: bool = True,
        signed: bool = True,
        state: str = "active",
        tokens: tuple[tuple[str, str], ...] = (),
        roles: tuple[tuple[str, str], ...] = (),
        line_manager: UUID | None = None,
        cpc_course: bool = False,
    ) -> UUID:
        """`vetting` is its kind and the days from today to its first and past its last day."""
        person_id = new_id()
        with self.runtime.system_work("test.add") as work:
            session, now = work.session, work.system_now
            session.add(
                Person(
                    id=person_id,
                    username=username,
                    name=username.replace(".", " ").title(),
                    job_title="Officer",
                    email=f"{username}@example.org",
                    telephone="0113 496 0000",
                    agency=session.get_one(Unit, unit).agency,
                    unit=unit,
                    state=state,
                    disabled_reason="suspended" if state == "disabled" else None,
                    created_at=now,
                    activated_at=now if state in {"active", "disabled"} else None,
                    line_manager=line_manager,
                )
            )
            session.flush()
            self._credential(session, person_id, now)
            if vetting:
                self.vet(session, person_id, *vetting)
            for kind in ("user",) * trained + ("cpc",) * cpc_course:
                self._train(session, person_id, kind)
            if signed:
                self._sign(session, person_id, now)
            for token, scope in tokens:
                session.add(TokenGrant(token=token, **self.held(person_id, scope, now)))
            for role, scope in roles:
                session.add(RoleGrant(role=role, **self.held(person_id, scope, now)))
            note(session, [("person", str(person_id))])
        self.people[username] = person_id
        return person_id

    def vet(self, session: Session, person_id: UUID, kind: str, first: int, past: int) -> None:
        session.add(
            VettingRecord(
                person_id=person_id,
                kind=kind,
                reference="V1",
                vetting_force="West Yorkshire Police",
                cleared_on=self.today + timedelta(days=first),
                expires_on=self.today + timedelta(days=past),
                recorded_by=NOBODY,
                recorded_at=self.clock.now(),
            )
        )

    def _credential(self, session: Session, person_id: UUID, now: datetime) -> None:
        secret = self.runtime.encrypt(None, one_time_codes.PURPOSE, _SECRET)
        session.add(Credential(person_id=person_id, password_hash=_HASH, code_secret=secret, changed_at=now))

    def _train(self, session: Session, person_id: UUID, kind: str) -> None:
        session.add(
            TrainingRecord(
                person_id=person_id,
                course="ViSOR end user",
                course_kind=kind,
                approval_reference="NVTWG-1",
                provider="HMPPS",
                trainer="A Trainer",
                delivered_on=self.today - timedelta(days=50),
                passed=True,
            )
        )

    def _sign(self, session: Session, person_id: UUID, now: datetime) -> None:
        version = session.execute(select(DocumentVersion)).scalars().first()
        assert version is not None
        session.add(
            Signature(
                person_id=person_id,
                version_id=version.id,
                typed_name="X",
                statement="X",
                text_hash=version.text_hash,
                signed_at=now,
                session_id=NOBODY,
            )
        )

    def held(self, person_id: UUID, unit: str, now: datetime) -> dict[str, Any]:
        return {
            "person_id": person_id,
            "unit": unit,
            "valid_from": self.today - timedelta(days=30),
            "granted_by": NOBODY,
            "granted_at": now,
            "started_at": now,
            "reason": "Needed for the role",
        }

    def code(self) -> str:
        """Everybody's code of this moment."""
        return one_time_codes.code_at(_SECRET, self.clock.now())

    def sign_in(
        self, username: str, origin: Origin, *, secure_office: bool = True, password: str = PASSWORD
    ) -> Opened:
        """Both steps, half a minute after whoever did so last, so that the code is a new one."""
        self.clock.at += timedelta(seconds=30)
        step = give_password(self.runtime, origin, username, password)
        return give_code(self.runtime, origin, step, self.code(), secure_office=secure_office)

    def rows(self, model: Any) -> list[Any]:
        with self.runtime.system_work("test.read") as work:
            return list(work.session.execute(select(model)).scalars())

    def audited(self, **wanted: object) -> list[Any]:
        """Audit entries that say all this, in order."""
        entry = self.runtime.service.tables.audit.entry
        query = select(entry).order_by(entry.c.at, entry.c.id)
        for column, value in wanted.items():
            query = query.where(entry.c[column] == value)
        with self.runtime.system_work("test.read") as work:
            return list(work.session.execute(query))

    def events(self, kind: str) -> list[Any]:
        outbox = self.runtime.service.tables.messaging.outbox
        with self.runtime.system_work("test.read") as work:
            return list(
                work.session.execute(select(outbox).where(outbox.c.kind == kind).order_by(outbox.c.sequence))
            )
