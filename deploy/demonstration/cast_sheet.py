"""Prints who can sign in to a demonstration, and how."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from deploy import assembly
from deploy.demonstration.cast import cast
from services.identity.demonstration import password
from shared.settings import Settings


def print_sheet(settings: Settings) -> None:
    """Nothing for a database that is no demonstration: it has no such password."""
    runtime = assembly.open_runtime("identity", settings)
    try:
        known = password(runtime) if runtime.demonstration else None
    finally:
        runtime.close()
    if known is None:
        return
    table = Table(title="Who can sign in (invented people)", title_justify="left")
    for heading in ("User name", "Unit", "Part in the story"):
        table.add_column(heading)
    for member in cast():
        table.add_row(member.username, member.unit, member.part)
    console = Console()
    console.print(table)
    console.print(f"Password of everybody: [bold]{known}[/bold]")
    console.print("The sign-in page shows each one's code, and lets you choose the terminal you sit at.")
