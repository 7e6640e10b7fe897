"""Pages that everybody may read: help, and how accessible the suite is."""

from __future__ import annotations

from flask import Blueprint, render_template

pages = Blueprint("help", __name__, template_folder="help_templates")


@pages.get("/help")
def show_help() -> str:
    return render_template("help/help.html")


@pages.get("/accessibility")
def accessibility() -> str:
    return render_template("help/accessibility.html")
