"""Makes a page's form from the marshmallow schema of a command's input, and reads back what was posted.

A schema's fields say in their `metadata` how they look: `label`, `hint`, `widget`, `options` (a list of
`(value, label)` or `(value, label, hint)`, or a callable that takes the page's context), `width` (characters), `rows`,
`legend`, `noun` (how a message names it: "the date of birth"), `section` (a heading above it), `autocomplete`,
`inputmode`, `prefix`, `suffix`, `classes` (of a list of choices), `finder` (a `Finder`, for one of many). What is left
out is worked out from the field's type.
"""

from shared.web.forms.described import Choice, Described, describe
from shared.web.forms.finding import FIND, Finder
from shared.web.forms.messages import plain_errors
from shared.web.forms.posted import Hidden, PostedField, hidden_fields, posted_fields
from shared.web.forms.reading import load_form, read_form
from shared.web.forms.stale import StaleField, stale_fields
from shared.web.forms.viewing import Component, ErrorLink, FormView, form_view

__all__ = [
    "FIND",
    "Choice",
    "Component",
    "Described",
    "ErrorLink",
    "Finder",
    "FormView",
    "Hidden",
    "PostedField",
    "StaleField",
    "describe",
    "form_view",
    "hidden_fields",
    "load_form",
    "plain_errors",
    "posted_fields",
    "read_form",
    "stale_fields",
]
