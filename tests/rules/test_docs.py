"""What the documents say is there: variables, links, dependencies, decisions, commands."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from deploy.command_line import main as visor

TOP = Path(__file__).resolve().parents[2]
DOCS = TOP / "docs"
DECISIONS = DOCS / "decisions"
DEPLOY = DOCS / "operations/deploy.md"
PAGES = [TOP / "README.md", TOP / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
CODE = [
    path
    for part in ("services", "shared", "deploy")
    for kind in ("*.py", "*.sh")
    for path in (TOP / part).rglob(kind)
]
# Read with a name that is put together: one for each service.
COMPOSED = {
    "VISOR_AMQP_URL_": ("VISOR_AMQP_URL_IDENTITY", "VISOR_AMQP_URL_RECORDS", "VISOR_AMQP_URL_NOTIFICATIONS")
}

_READ = re.compile(r"""(?:environ(?:\.get)?|getenv|env(?:\.get)?)\s*[(\[]\s*f?["'](VISOR_[A-Z_]+)""")
_READ_COMPOSED = re.compile(r"""\.get\(\s*f["'](VISOR_[A-Z_]+)\{""")
_CONSTANT = re.compile(r"""^VARIABLE\s*=\s*["'](VISOR_[A-Z_]+)["']""", re.MULTILINE)
_NAMED = re.compile(r"VISOR_[A-Z_]*[A-Z]")
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_SPAN = re.compile(r"`([^`\n]+)`")
_BLOCK = re.compile(r"```(?:sh|ini|text)\n(.*?)```", re.DOTALL)


def variables_read() -> set[str]:
    source = "\n".join(path.read_text(encoding="utf-8") for path in CODE)
    found = set(_READ.findall(source)) | set(_READ_COMPOSED.findall(source)) | set(_CONSTANT.findall(source))
    return {name for each in found for name in COMPOSED.get(each, (each,))}


def test_every_variable_that_is_read_is_explained_and_no_other() -> None:
    read = variables_read()
    assert {"VISOR_HOME", "VISOR_DATABASE_URL", "VISOR_CRASH_AT"} <= read
    rows = [line for line in DEPLOY.read_text(encoding="utf-8").splitlines() if line.startswith("| `VISOR_")]
    explained = {name for line in rows for name in _NAMED.findall(line.split("|")[1])}
    assert explained == read


@pytest.mark.parametrize("document", PAGES, ids=lambda one: str(one.relative_to(TOP)))
def test_no_page_names_a_variable_that_nothing_reads(document: Path) -> None:
    assert set(_NAMED.findall(document.read_text(encoding="utf-8"))) <= variables_read()


@pytest.mark.parametrize("document", PAGES, ids=lambda one: str(one.relative_to(TOP)))
def test_every_link_leads_somewhere(document: Path) -> None:
    broken = [target for target in relative_links(document) if not leads_somewhere(document, target)]
    assert broken == []


def relative_links(page: Path) -> Iterator[str]:
    targets = _LINK.findall(page.read_text(encoding="utf-8"))
    return (target for target in targets if not target.startswith(("http://", "https://", "mailto:")))


def leads_somewhere(page: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    there = (page.parent / path).resolve() if path else page
    if not there.exists():
        return False
    return not anchor or anchor in {
        slug(line) for line in there.read_text().splitlines() if line.startswith("#")
    }


def slug(heading: str) -> str:
    """The anchor that a heading gets where these pages are shown."""
    words = re.sub(r"[^\w\- ]", "", heading.lstrip("#").strip().lower())
    return words.replace(" ", "-")


def test_every_direct_dependency_has_its_line_and_no_other_has() -> None:
    project = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    direct = {re.split(r"[\[<>=!~; ]", one)[0] for one in wanted}
    package = json.loads((TOP / "package.json").read_text())
    direct |= set(package["dependencies"]) | set(package["devDependencies"])
    rows = re.findall(r"^\| `([^`]+)` \|", (DECISIONS / "0002-dependencies.md").read_text(), re.MULTILINE)
    assert sorted(rows) == sorted(direct)


def test_every_decision_is_in_the_index() -> None:
    there = {path.name for path in DECISIONS.glob("[0-9]*.md")}
    assert len({name[:4] for name in there}) == len(there), "two decisions share a number"
    assert set(relative_links(DECISIONS / "README.md")) == there


def told_to_run(page: Path, program: str) -> Iterator[list[str]]:
    """The words after `program`, wherever the page shows it as something to type."""
    text = page.read_text(encoding="utf-8")
    shown = _SPAN.findall(text) + [line for block in _BLOCK.findall(text) for line in block.splitlines()]
    for line in shown:
        for typed in re.findall(rf"(?:^|[\s(=]|\.venv/bin/){program} ([^#|;)]+)", line):
            yield typed.split()


@pytest.mark.parametrize("document", PAGES, ids=lambda one: str(one.relative_to(TOP)))
def test_every_make_target_that_is_named_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (TOP / "Makefile").read_text(), re.MULTILINE))
    assert [words[0] for words in told_to_run(document, "make") if words[0] not in targets] == []


@pytest.mark.parametrize("document", PAGES, ids=lambda one: str(one.relative_to(TOP)))
def test_every_visor_command_that_is_named_is_there(document: Path) -> None:
    assert [problem for words in told_to_run(document, "visor") if (problem := unknown_in(words))] == []


def unknown_in(words: list[str]) -> str:
    """The first word that is no command, or no option of its command; "" where all is well."""
    command: click.Command = visor
    for word in words:
        if isinstance(command, click.Group) and word in command.commands:
            command = command.commands[word]
        elif word.startswith("--"):
            if word.partition("=")[0] not in {*options(command), "--help", "--version"}:
                return f"{word} of {' '.join(words)}"
        elif isinstance(command, click.Group) and not command.invoke_without_command:
            return f"{word} of {' '.join(words)}"
    return ""


def options(command: click.Command) -> set[str]:
    return {name for parameter in command.params for name in parameter.opts}


@pytest.mark.parametrize(
    "typed", ["nothing", "dead-letters bury", "keys show --secret", "clients add x --colour red"]
)
def test_a_command_that_is_not_there_is_noticed(typed: str) -> None:
    assert unknown_in(typed.split())


def test_the_pages_are_found() -> None:
    ran = [words for page in PAGES for words in told_to_run(page, "visor")]
    assert ["audit", "verify"] in ran
    assert ["run"] in [words for page in PAGES for words in told_to_run(page, "make")]
