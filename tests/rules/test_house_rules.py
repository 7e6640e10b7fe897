"""The house rules hold everywhere, and each of them catches what it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.house_rules import RULES, problems

TOP = Path(__file__).resolve().parents[2]
FILES = sorted(path for part in ("services", "shared", "deploy") for path in (TOP / part).rglob("*.py"))


def test_the_whole_house_keeps_its_rules() -> None:
    assert len(FILES) > 50
    found = [line for path in FILES for line in problems(str(path.relative_to(TOP)), path.read_text())]
    assert not found, "\n".join(found)


BREACHES = [
    ("commit", "services/records/nominals/commands.py", "work.session.commit()"),
    ("commit", "shared/web/forms.py", "with database.engine.begin() as connection: pass"),
    ("publish", "services/identity/people/handlers.py", "channel.basic_publish('', 'q', b'')"),
    ("publish", "shared/messaging/consumer.py", "self.channel.basic_publish('', 'q', b'')"),
    ("clock", "services/records/risk/rules.py", "now = datetime.now(UTC)"),
    ("clock", "services/records/risk/models.py", "made = column(default=datetime.datetime.utcnow)"),
    ("clock", "shared/time/calendars.py", "day = date.today()"),
    (
        "visibility",
        "services/records/search/queries.py",
        "q.where(Nominal.manager_id == principal.person_id)",
    ),
    ("visibility", "services/records/search/queries.py", "q.where(work.principal.unit == table.c.unit)"),
    ("visibility", "services/records/risk/queries.py", "q.where(Partnership.person_id == her)"),
    ("visibility", "services/records/risk/queries.py", "q.where(Partnership.person_id.in_(people))"),
    (
        "policy",
        "services/records/risk/commands.py",
        "period = published_policy().period('deadline.D-21', day)",
    ),
    ("refusal", "services/records/risk/api.py", "raise Refusal(code=code)"),
    ("refusal", "services/records/risk/pages.py", "abort_with('R13')"),
    ("refusal", "services/records/risk/pages.py", "clause = 'PF-5.13.1'"),
]


@pytest.mark.parametrize(("rule", "path", "source"), BREACHES)
def test_a_breach_is_found_with_its_line(rule: str, path: str, source: str) -> None:
    found = problems(path, f"\n{source}\n")
    assert [line.split(",")[0] for line in found] == [f"{path}:2: {rule}"]


ALLOWED = [
    ("shared/work.py", "session.commit()"),
    ("shared/messaging/publisher.py", "channel.basic_publish('', 'q', b'')"),
    ("shared/clock.py", "datetime.now(UTC)"),
    ("services/records/risk/commands.py", "period = work.policy.period('deadline.D-21', day)"),
    ("shared/policy/standing.py", "published_policy()"),
    ("services/records/access/standings.py", "q.where(Partnership.person_id == principal.person_id)"),
    ("services/identity/documents/queries.py", "q.where(Signature.person_id == principal.person_id)"),
    ("services/records/risk/queries.py", "q.where(Risk.nominal_id == nominal_id)"),
    ("services/records/risk/rules.py", "raise Refusal('R13')"),
    ("services/records/risk/pages.py", "shown = refusal.code == 'R13'"),
    ("services/records/risk/queries.py", "q.where(Partnership.nominal_id == nominal_id)"),
    ("services/records/risk/queries.py", "q.where(_person.c.unit == work.principal.unit)"),
    ("services/records/risk/queries.py", "q.join(Card, Card.id == Partnership.person_id)"),
    ("shared/web/forms.py", "correlation.begin()"),
    ("services/records/risk/rules.py", "now = clock.now()"),
]


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_what_is_right_is_left_alone(path: str, source: str) -> None:
    assert problems(path, source) == []


def test_every_rule_is_tested_both_ways() -> None:
    assert {rule for rule, _, _ in BREACHES} == set(RULES)
