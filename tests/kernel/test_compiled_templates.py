"""What templates were compiled to is kept from start to start, for the code that compiled it and no other."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from shared.web import compiled_templates as kept
from shared.web.compiled_templates import compiled_templates, former

SOURCES = {"page.html": "{{ 'once' | loudly }} for {{ name }}"}


def page(home: Path, answer: str = "ONCE", service: str = "records") -> str:
    """As a process does that begins anew, with a filter that gives this answer."""
    environment = Environment(
        loader=DictLoader(SOURCES), bytecode_cache=compiled_templates(home, service), autoescape=True
    )
    environment.filters["loudly"] = lambda _text: answer
    return environment.get_template("page.html").render(name="Ruth")


def test_the_next_start_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert page(tmp_path) == "ONCE for Ruth"
    monkeypatch.setattr(Environment, "_compile", lambda *_: pytest.fail("compiled again"))
    assert page(tmp_path) == "ONCE for Ruth"


def test_other_code_or_another_service_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A filter's answer to a constant was compiled in."""
    page(tmp_path)
    assert page(tmp_path, "Once", "identity") == "Once for Ruth"
    assert former(tmp_path) == []
    monkeypatch.setattr(kept, "_code", lambda: "the next release")
    assert page(tmp_path, "once!") == "once! for Ruth"
    assert len(former(tmp_path)) == 1


def test_a_page_is_shown_whether_or_not_it_can_be_kept(tmp_path: Path) -> None:
    nowhere = tmp_path / "a file"
    nowhere.write_text("")
    assert page(nowhere) == "ONCE for Ruth"
    cache = compiled_templates(tmp_path, "records")
    environment = Environment(loader=DictLoader(SOURCES), bytecode_cache=cache, autoescape=True)
    environment.filters["loudly"] = str.upper
    shutil.rmtree(tmp_path / "compiled")
    assert environment.get_template("page.html").render(name="Ruth") == "ONCE for Ruth"


def test_each_file_of_the_code_counts(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    for name in ("one.py", "deep/two.py", "deep/page.html"):
        (tmp_path / name).write_text("")
    found = dict(kept._modules(str(tmp_path)))
    assert {Path(path).name for path in found} == {"one.py", "two.py"}
    assert all(found.values())
