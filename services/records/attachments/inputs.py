"""Makes each folder's marshmallow schemas from the catalogue, once: what its forms and endpoints take and give."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from marshmallow import ValidationError, fields, validate

from services.records.attachments import choosing
from services.records.attachments.catalogue import Field, Folder, common
from services.records.attachments.rules import LONGEST_LINE, LONGEST_TEXT
from shared.files import JPEG, PDF, PNG, WORD
from shared.web.forms.upload import MEGABYTE, Upload
from shared.web.schemas import Answer, Input

FILE_KINDS = {"document": (PDF, WORD), "picture": (JPEG, PNG), "document_or_picture": (PDF, WORD, JPEG, PNG)}
MOST = 20 * MEGABYTE
Fields = dict[str, fields.Field[Any]]


@cache
def added(folder: Folder) -> type[Input]:
    """What adding an entry takes."""
    return _schema(f"Add{_name(folder)}", {**_own(folder, change=False), **_about_it(folder)})


@cache
def changed(folder: Folder) -> type[Input]:
    """What changing one takes: a file that is not sent stays, and `version` is that of the entry the person saw."""
    correction = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=1000),
        metadata={
            "label": "Why the entry is corrected",
            "hint": "Needed from a CPC who corrects an entry in the area (PF-4.16j). What it said before is kept.",
            "widget": "textarea",
            "rows": 2,
        },
    )
    version = fields.Integer(required=True, metadata={"widget": "none"})
    more: Fields = {"correction": correction, "version": version}
    return _schema(f"Change{_name(folder)}", {**_own(folder, change=True), **_about_it(folder), **more})


@cache
def answered(folder: Folder) -> type[Answer]:
    """An entry of this folder, as it is given back after a change."""
    values: Fields = {name: _ANSWERS[one.type](allow_none=True) for name, one in folder.fields.items()}
    inner = _schema(f"{_name(folder)}Values", values, Answer)
    whole: Fields = {
        "id": fields.UUID(),
        "nominal_id": fields.UUID(),
        "folder": fields.String(),
        "state": fields.String(),
        "version": fields.Integer(),
        "grading": fields.String(),
        "values": fields.Nested(inner, metadata={"description": "Masked fields are null"}),
    }
    return _schema(f"{_name(folder)}Entry", whole, Answer)


_ANSWERS: dict[str, Callable[..., fields.Field[Any]]] = {
    "text": fields.String,
    "choice": fields.String,
    "date": fields.Date,
    "bool": fields.Boolean,
    "number": fields.Integer,
    "reference": fields.String,
    "file": fields.UUID,
}


def _name(folder: Folder) -> str:
    return "".join(part.capitalize() for part in folder.key.split("_"))


def _schema(name: str, members: Fields, base: type = Input) -> type[Any]:
    return type(name, (base,), {**members, "__module__": __name__})


def _own(folder: Folder, *, change: bool) -> Fields:
    return {
        name: _MAKERS[one.type](one, folder, required=one.required and not (change and one.type == "file"))
        for name, one in folder.fields.items()
    }


def _given(one: Field, folder: Folder, *, required: bool, **looks: Any) -> dict[str, Any]:
    hint = " ".join(filter(None, (one.hint, _when(one, folder))))
    label = one.label if required else f"{one.label} (optional)"
    metadata = {"label": label, **({"hint": hint} if hint else {}), **looks}
    rest: dict[str, Any] = {"required": True} if required else {"load_default": None, "allow_none": True}
    return {**rest, "metadata": metadata}


def _when(one: Field, folder: Folder) -> str:
    """Without JavaScript a field that depends on another is always there, and says when it is needed."""
    if one.required_with:
        return f"Needed when {folder.fields[one.required_with].label} is given."
    parts = []
    for name, wanted in one.required_if.items():
        other = folder.fields[name]
        words = " or ".join("yes" if each is True else other.label_of(each) for each in wanted)
        parts.append(f"{other.label} is {words}")
    return f"Needed when {' and '.join(parts)}." if parts else ""


def _text(one: Field, folder: Folder, *, required: bool) -> fields.Field[Any]:
    long = one.lines > 1
    looks: dict[str, Any] = {"widget": "textarea", "rows": one.lines} if long else {"widget": "text"}
    rules: list[Callable[[str], Any]] = [
        validate.Length(1, LONGEST_TEXT if long else LONGEST_LINE),
        _not_blank,
    ]
    return fields.String(validate=rules, **_given(one, folder, required=required, **looks))


def _not_blank(text: str) -> None:
    if not text.strip():
        raise ValidationError("Enter something other than blanks")


def _choice(one: Field, folder: Folder, *, required: bool) -> fields.Field[Any]:
    options = [(each.code, each.label, each.hint or _where(each.jurisdictions)) for each in one.choices]
    rule = validate.OneOf([each.code for each in one.choices])
    return fields.String(validate=rule, **_given(one, folder, required=required, options=options))


def _where(jurisdictions: tuple[str, ...]) -> str:
    names = {"SCT": "Scotland", "NIR": "Northern Ireland", "ENG": "England", "WLS": "Wales"}
    return f"Only on records of {' or '.join(names[each] for each in jurisdictions)}" if jurisdictions else ""


def _yes_or_no(one: Field, folder: Folder, *, required: bool) -> fields.Field[Any]:
    return fields.Boolean(**_given(one, folder, required=required, widget="radios", small=True))


def _date(one: Field, folder: Folder, *, required: bool) -> fields.Field[Any]:
    return fields.Date(**_given(one, folder, required=required))


def _number(one: Field, folder: Folder, *, required: bool) -> fields.Field[Any]:
    rule = validate.Range(0 if one.least is None else one.least, 1_000_000 if one.most is None else one.most)
    looks = {"inputmode": "numeric", "width": 5}
    return fields.Integer(strict=False, validate=rule, **_given(one, folder, required=required, **looks))


def _file(one: Field, folder: Folder, *, required: bool) -> fields.Field[Any]:
    given = _given(one, folder, required=required)
    if hint := given["metadata"].get("hint"):
        labels = " or ".join(kind.label for kind in FILE_KINDS[one.kinds])
        given["metadata"]["hint"] = f"{hint} {labels}, up to {MOST // MEGABYTE}MB."
    return Upload(kinds=FILE_KINDS[one.kinds], most=MOST, **given)


def _reference(one: Field, folder: Folder, *, required: bool) -> fields.Field[Any]:
    if one.target == "nominal":
        looks: dict[str, Any] = {"widget": "text", "width": 10}
        return fields.String(
            validate=validate.Length(1, 20), **_given(one, folder, required=required, **looks)
        )
    looks = {"widget": "select", "options": choosing.OPTIONS[one.target]}
    return fields.String(validate=validate.Length(1, 60), **_given(one, folder, required=required, **looks))


_MAKERS: dict[str, Callable[..., fields.Field[Any]]] = {
    "text": _text,
    "choice": _choice,
    "date": _date,
    "bool": _yes_or_no,
    "number": _number,
    "file": _file,
    "reference": _reference,
}


def _about_it(folder: Folder) -> Fields:
    """Source and date are mandatory in every folder; grading and handling where the folder does not ask them itself."""
    shared = common()
    found: Fields = {
        "source": fields.String(
            required=True,
            validate=validate.OneOf(list(shared.sources), list(shared.sources.values())),
            metadata={
                "label": "Source of the information",
                "section": "About this entry",
                "widget": "select",
            },
        ),
        "source_detail": fields.String(
            load_default=None,
            allow_none=True,
            validate=validate.Length(1, LONGEST_LINE),
            metadata={"label": "More about the source (optional)", "widget": "text"},
        ),
        "source_date": fields.Date(required=True, metadata={"label": "Date of the information"}),
    }
    if "grading" not in folder.fields:
        found["grading"] = _grading(folder)
    if "handling_code" not in folder.fields:
        found |= _handling(folder)
    return found


def _grading(folder: Folder) -> fields.Field[Any]:
    shared = common().gradings
    options = [(name, shared[name].label, shared[name].hint) for name in shared[folder.grading].may_become]
    return fields.String(
        load_default=folder.grading,
        validate=validate.OneOf(list(shared)),
        metadata={
            "label": "Grading",
            "hint": "Higher than the folder’s own, where this entry needs it; never lower",
            "options": options,
            "widget": "radios",
        },
    )


def _handling(folder: Folder) -> Fields:
    codes = common().handling_codes
    needed = (
        "" if folder.grading == "intelligence-handled" else "Only where the grading is Intelligence handled"
    )
    return {
        "handling_code": fields.String(
            load_default=None,
            allow_none=True,
            validate=validate.OneOf(list(codes)),
            metadata={
                "label": "Handling code",
                "hint": needed,
                "widget": "radios",
                "options": [(one.code, one.label, one.hint) for one in codes.values()],
            },
        ),
        "handling_conditions": fields.String(
            load_default=None,
            allow_none=True,
            validate=validate.Length(1, LONGEST_TEXT),
            metadata={
                "label": "Handling conditions",
                "hint": "Needed when the handling code is C",
                "widget": "textarea",
                "rows": 2,
            },
        ),
    }
