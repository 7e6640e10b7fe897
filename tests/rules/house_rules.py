"""The house's own lint: what no general linter can know. Each rule looks at one parsed file."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

# The tables of people and units: every user may see those.
DIRECTORY = ("_person.", "_grant.", "_role.", "_unit.")

Look = Callable[[ast.Module], Iterator[ast.AST]]


@dataclass(frozen=True)
class Rule:
    """`only` and `but` are prefixes of paths: where the rule holds, and where its business is done."""

    sentence: str
    look: Look
    only: tuple[str, ...] = ("services/", "shared/", "deploy/")
    but: tuple[str, ...] = ()

    def holds_in(self, path: str) -> bool:
        return path.startswith(self.only) and not path.startswith(self.but)


def dotted(node: ast.AST) -> str:
    """`a.b.c` of an attribute or name; calls in between are passed through."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return dotted(node.func)
    return node.id if isinstance(node, ast.Name) else ""


def calls(tree: ast.Module) -> Iterator[tuple[ast.Call, str]]:
    return ((node, dotted(node.func)) for node in ast.walk(tree) if isinstance(node, ast.Call))


def commits(tree: ast.Module) -> Iterator[ast.AST]:
    pattern = re.compile(r"\.commit$|(engine|session|connection|reading)\.begin$")
    return (node for node, name in calls(tree) if pattern.search(name))


def publishes(tree: ast.Module) -> Iterator[ast.AST]:
    return (node for node, name in calls(tree) if name.endswith(".basic_publish"))


def looks_at_the_clock(tree: ast.Module) -> Iterator[ast.AST]:
    names = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.time)$")
    return (node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and names.search(dotted(node)))


def decides_visibility(tree: ast.Module) -> Iterator[ast.AST]:
    """A column compared with the principal, or partners compared with somebody who is no column: "is she one?"."""
    for node in ast.walk(tree):
        sides = compared(node)
        columns = [side for side in sides if is_column(side)]
        others = [side for side in sides if not is_column(side)]
        partners = any(dotted(column).startswith("Partnership.person_id") for column in columns)
        if columns and others and (partners or any(of_principal(side) for side in others)):
            yield node


def compared(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, ast.Compare):
        return [node.left, *node.comparators]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "in_":
        return [node.func.value, *node.args]
    return []


def is_column(node: ast.AST) -> bool:
    name = dotted(node)
    if name.startswith(DIRECTORY):
        return False
    return bool(re.fullmatch(r"[A-Z]\w*\.\w+", name)) or ".c." in name


def of_principal(node: ast.AST) -> bool:
    return any("principal" in dotted(part).split(".") for part in ast.walk(node))


def words_a_refusal(tree: ast.Module) -> Iterator[ast.AST]:
    """A refusal, its code or a clause written out: routes ask, rules decide and word it. To ask which is fine."""
    asked = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Compare) for part in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and dotted(node.func).split(".")[-1] == "Refusal":
            yield node
        text = node.value if isinstance(node, ast.Constant) and id(node) not in asked else None
        if isinstance(text, str) and re.fullmatch(r"R\d\d|(PF|G)-\d+(\.\d+)+", text):
            yield node


def reads_the_published_policy(tree: ast.Module) -> Iterator[ast.AST]:
    return (node for node, name in calls(tree) if name.split(".")[-1] == "published_policy")


RULES = {
    "commit": Rule(
        "only the unit of work commits (shared/work.py)",
        commits,
        but=(
            "shared/work.py",
            "shared/messaging/",
            "shared/audit/seal",
            "shared/keys/",  # a database of its own, which a restored one must not take back
            "deploy/demonstration/",
            "deploy/migrations.py",  # the timeouts of its own connection
        ),
    ),
    "publish": Rule(
        "only the relay publishes (shared/messaging)",
        publishes,
        but=("shared/messaging/publisher.py", "shared/messaging/relay.py"),
    ),
    "clock": Rule(
        "the time comes from a clock (shared/clock.py)",
        looks_at_the_clock,
        but=("shared/clock.py", "deploy/guard.py"),
    ),
    "visibility": Rule(
        "only records/access decides who sees what",
        decides_visibility,
        only=("services/records/",),
        but=(
            "services/records/access/",
            "services/records/attachments/clearance.py",  # what of an entry is masked, and for whom not
            "services/records/partnership/",
            "services/records/bulk_partner/",
            "services/records/referrals/",  # they precede a nominal, and have a visibility of their own
            "services/records/migrations/",
        ),
    ),
    "policy": Rule(
        "policy is read with work.policy or runtime.policy(): the published file knows no change",
        reads_the_published_policy,
        but=("shared/policy/",),
    ),
    "refusal": Rule(
        "no rule is worded in a route",
        words_a_refusal,
        only=("services/",),
    ),
}
ROUTES = ("api.py", "pages.py")


def problems(path: str, source: str) -> list[str]:
    """`path:line: rule, sentence` for each breach in one file; `path` from the top of the repository."""
    tree = ast.parse(source)
    found = []
    for name, rule in RULES.items():
        if not rule.holds_in(path) or (name == "refusal" and not path.endswith(ROUTES)):
            continue
        found += [f"{path}:{getattr(node, 'lineno', 0)}: {name}, {rule.sentence}" for node in rule.look(tree)]
    return found
