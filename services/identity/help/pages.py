"""Pages of text."""

from __future__ import annotations

from flask import Blueprint, render_template

from shared.reference.glossary import terms

pages = Blueprint("help", __name__)


@pages.get("/help")
def show_help() -> str:
    """Whom to ask, and what the words mean (PSI-7.4, PSI-7.5, PF-0.6.2)."""
    return render_template("help/help.html")


@pages.get("/help/glossary")
def glossary() -> str:
    """Every term of the Framework's section 7 (PF-0.6.1, PF-0.6.2)."""
    return render_template("help/glossary.html", terms=terms())


@pages.get("/accessibility")
def accessibility() -> str:
    """What we have checked, what we know to be wrong, and how to tell us (PF-0.3.2)."""
    return render_template("help/accessibility.html")
