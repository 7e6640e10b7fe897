"""The base classes of what goes in and what comes out."""

from __future__ import annotations

from marshmallow import EXCLUDE, RAISE, Schema


class Input(Schema):
    """What a command or query takes. An unknown field is refused, so that a typing error cannot pass as "no change"."""

    class Meta:
        unknown = RAISE


class Nothing(Input):
    """Takes nothing."""


class Answer(Schema):
    """What a command or query gives back; read by people and programs that may know fewer fields."""

    class Meta:
        unknown = EXCLUDE


class Done(Answer):
    """Says nothing but that it was done."""
