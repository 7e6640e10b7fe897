"""Every route of every service, so that a new one cannot be forgotten."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Flask

from shared.declarations import Command, Query

# Routes that are no command and no query, and why each may be.
EXEMPT = {
    "healthz": "says only that the process lives",
    "readyz": "says only that the database answers",
    "metrics": "counts and seconds only, for whoever shows its token or asks from this machine",
    "api_reference": "describes the API and holds nobody's data",
    "api-docs.openapi_json": "describes the API and holds nobody's data",
}
# Pages of their own for people who are not signed in yet, and what guards each instead.
FOR_ANYBODY = {
    "sign_in.show_password": "the way in",
    "sign_in.send_password": "the way in: throttled, refused and audited by sign_in",
    "sign_in.show_code": "the way in",
    "sign_in.send_code": "the way in: throttled, refused and audited by sign_in",
    "agency_sign_in.go": "the way in, by an agency’s provider: a link, since forms post only to ourselves",
    "agency_sign_in.back": "the way back from the provider: its state counts once, refused and audited by agency_sign_in",
    "sign_in.sign_out": "the way out",
    "sign_in_api.send_password": "the way in, for programs",
    "sign_in_api.send_code": "the way in, for programs",
    "sign_in_api.confirm_again": "asks the session itself; for programs",
    "confirm.show": "asks for proof before a sensitive act",
    "confirm.take_over": "the same, for a form that came too late",
    "recovery.ask_code": "the way in for whoever has no password: throttled, refused and audited",
    "recovery.follow_link": "the same, with the code filled in",
    "recovery.take_code": "the same",
    "recovery.show_new": "asks the code itself",
    "recovery.set_new": "asks the code itself",
    "recovery.show_forgotten": "the same, with a one-time code",
    "recovery.reset": "throttled, refused and audited as a sign-in",
    "confirm.check": "as sign-in: throttled, refused and audited",
    "credentials.credential": "asks the session cookie itself",
    "credentials.keys": "published keys",
    "clients.token": "asks the client's own secret",
    "demonstration.show": "does not exist in a database that is no demonstration",
    "demonstration.look_up": "does not exist in a database that is no demonstration",
    "demonstration.choose": "does not exist in a database that is no demonstration",
    "demonstration.choose_by_program": "does not exist in a database that is no demonstration",
    "demonstration.code_for_program": "does not exist in a database that is no demonstration",
    "terminals.show_enrolment": "typed at a terminal where nobody can sign in yet",
    "terminals.send_enrolment": "asks a code used once; throttled, refused and audited by terminals.enrol",
    "help.show_help": "text for everybody",
    "help.accessibility": "text for everybody",
    "help.glossary": "text for everybody",
}
# Pages of their own for users: each calls the same queries and commands as the endpoint beside it.
FOR_USERS = {
    "people.start": "the empty form of the white pages' search",
    "people.search": "asks people.search",
    "sign_in_api.make_recovery_code": "shows a code once, so it must not be remembered for a second sending",
    "accounts.ask": "the empty page of sign_in.issue_recovery_code",
    "terminals.ask_code": "the empty page of terminals.make_enrolment_code",
    "terminals.show_code": "shows a code once, so it must not be remembered for a second sending",
    "accounts.show": "shows a password once, so it must not be remembered for a second sending",
}
NOWHERE = UUID("00000000-0000-7000-8000-00000000dead")


@dataclass(frozen=True)
class Route:
    service: str
    url: str
    methods: frozenset[str]
    endpoint: str
    declared: Command | Query | None

    @property
    def is_api(self) -> bool:
        return "/api/" in self.url

    @property
    def kin(self) -> str:
        """What routes made from a catalogue have in common, as `attachments.add`."""
        name = self.declared.name if self.declared is not None else self.endpoint
        return ".".join(name.split(".")[:2])

    @property
    def name(self) -> str:
        return f"{self.service}:{self.endpoint}"

    def at(self, **values: object) -> str:
        """The address with these values for its parameters, ids of nothing (or 1, for a number) for the others."""

        def value(found: re.Match[str]) -> str:
            return str(values.get(found[2], 1 if found[1] == "int" else NOWHERE))

        return re.sub(r"<(?:(\w+):)?(\w+)>", value, self.url)


def routes(apps: Mapping[str, Flask]) -> Iterator[Route]:
    for service, app in apps.items():
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            methods = frozenset((rule.methods or set()) - {"HEAD", "OPTIONS"})
            yield Route(service, rule.rule, methods, rule.endpoint, _declared(view))


def _declared(view: Any) -> Command | Query | None:
    seen = view
    while seen is not None:
        if (declared := getattr(seen, "declared", None)) is not None:
            found: Command | Query = declared
            return found
        seen = getattr(seen, "__wrapped__", None)
    return None
