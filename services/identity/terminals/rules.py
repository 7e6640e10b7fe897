"""Who may do what with a terminal, and when (PF-6.4, PF-6.5, PF-5.10.3, PSI-5.3.8.2). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

# Why a terminal is withdrawn, in words. Whoever withdraws chooses one of the first four.
WITHDRAWN: Mapping[str, str] = MappingProxyType(
    {
        "unsafe": "Its place is no longer secure",
        "lost": "Lost or stolen",
        "retired": "Taken out of use for good",
        "other": "Something else",
        "moved": "Moved to another place",
        "not_assured": "The yearly assurance found a requirement that is not met",
        "key_copied": "Its device key was seen twice",
        "unit_closed": "Its unit was closed",
    }
)
CHOSEN = ("unsafe", "lost", "retired", "other")
# The machine itself is not trusted any more: whoever has its key has nothing.
KEY_GOES = frozenset({"lost", "retired", "key_copied", "unit_closed"})


@dataclass(frozen=True)
class Standing:
    """How somebody stands to a terminal: `cpc` of its group, area or force; `lead` of the prison; `lpc` of the unit."""

    cpc: bool = False
    lead: bool = False
    lpc: bool = False

    @property
    def looks_after(self) -> bool:
        """Registers, assesses, moves and withdraws (PF-6.5.1: the lead on behalf of the CPC)."""
        return self.cpc or self.lead

    @property
    def vouches(self) -> bool:
        """Assures the CPC on the spot (PF-7/ViSOR Lead.4); outside prisons the unit's LPC."""
        return self.lead or self.lpc


@dataclass(frozen=True)
class Refused:
    code: str
    fills: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Assessed:
    """An assessment that waits for the CPC. `own` says that whoever asks did it; `moved` that the terminal moved."""

    not_met: Sequence[str] = ()
    own: bool = False
    vouched_by_another: bool = False
    moved: bool = False
    it_signed: bool = False


def why_not_look_after(standing: Standing) -> Refused | None:
    """PF-6.5.1; requirements 4.2 "assess terminal (prison)"."""
    return None if standing.looks_after else Refused("R11", {"token": "CPC (or to be the ViSOR lead)"})


def why_not_vouch(standing: Standing) -> Refused | None:
    return None if standing.vouches else Refused("R32", {"role": "the ViSOR lead of this place"})


def why_not_decide(standing: Standing) -> Refused | None:
    """PF-6.5.2: the CPC alone; a deputy, Central Support and an administrator are refused like anybody else."""
    return None if standing.cpc else Refused("R24")


def why_not_approve(standing: Standing, assessed: Assessed | None) -> Refused | None:
    """Token first, then the state of the terminal, then oneself: the order of refusals.

    A CPC who did the assessment needs the lead's word beside it (PF-5.10.3 "with the support of the ViSOR lead").
    """
    refused = why_not_decide(standing)
    if refused is not None:
        return refused
    if assessed is None:
        return _not_approvable("its risk assessment has not been done (PF-6.4.2)")
    if assessed.not_met:
        return _not_approvable("not met: " + "; ".join(assessed.not_met))
    if assessed.moved and not assessed.it_signed:
        return _not_approvable("it was moved, and the local IT manager has not signed for the new place")
    if assessed.own and not assessed.vouched_by_another:
        return Refused(
            "R23", {"subject": "terminal assessment: the ViSOR lead’s assurance must stand beside it"}
        )
    return None


def _not_approvable(why: str) -> Refused:
    return Refused("R39", {"why": why})


def why_not_assess(status: str, reason: str | None, waiting: bool) -> str | None:
    """In words; None where an assessment may be done now."""
    if waiting:
        return "An assessment of this terminal waits for the CPC already."
    if status == "approved":
        return "This terminal is approved. Give the yearly assurance instead."
    if reason == "retired":
        return "This terminal was taken out of use for good."
    return None
