"""What a schema's field is on a page: its name in the form, its widget and its words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from marshmallow import Schema, fields, validate

Widget = Literal[
    "text",
    "textarea",
    "lines",
    "radios",
    "checkboxes",
    "checkbox",
    "select",
    "find",
    "date",
    "datetime",
    "file",
    "password",
    "hidden",
    "email",
    "none",
]
DATE_PARTS = ("day", "month", "year")
RADIOS_UP_TO = 7  # more options than this read better in a select
NO_ARTICLE = {
    *("a", "an", "the", "your", "their", "his", "her", "its", "this", "any", "all", "other"),
    *("what", "who", "whom", "whose", "when", "where", "why", "which", "how", "whether"),
}
TEXTAREA_FROM = 200  # characters
# A label that begins or ends so is no name of a thing: "Held by", "On the list from", "Stands in for".
NO_NOUN = re.compile(r"(?:for|from|in|is|on|stands)\s|.*\s(?:at|by|for|from|on|to)$|verified$", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    value: str
    text: str
    hint: str = ""


@dataclass(frozen=True)
class Described:
    """One field as a page sees it. `name` is what the form and marshmallow's messages call it."""

    name: str
    field: fields.Field[Any]
    widget: Widget

    @property
    def metadata(self) -> Mapping[str, Any]:
        return self.field.metadata

    @property
    def label(self) -> str:
        return str(self.metadata.get("label") or self.name.replace("_", " ").capitalize())

    @property
    def noun(self) -> str:
        if said := self.metadata.get("noun"):
            return str(said)
        first = self.label.split(" ", 1)[0].lower()
        if self.is_a_statement or (NO_NOUN.match(self.label) and first not in NO_ARTICLE):
            return f"{'a date' if self.widget == 'date' else 'an answer'} for ‘{self.label.rstrip('?')}’"
        return with_article(lower_first(self.label))

    @property
    def subject(self) -> str:
        """What a message of it begins with: its noun where it has one of its own, for not every label is one."""
        said = str(self.metadata.get("noun") or self.label)
        return said[:1].upper() + said[1:]

    @property
    def is_a_statement(self) -> bool:
        """Yes or no to what the label says: "An interpreter is needed"."""
        return isinstance(self.field, fields.Boolean) and self.widget != "checkbox"

    @property
    def posted_names(self) -> tuple[str, ...]:
        """The names of its inputs in the form."""
        if self.widget == "date":
            return tuple(f"{self.name}-{part}" for part in DATE_PARTS)
        if self.widget == "datetime":
            return tuple(f"{self.name}-{part}" for part in (*DATE_PARTS, "time"))
        if self.widget == "find":
            return (self.name, f"{self.name}-find", f"{self.name}-for")
        return (self.name,)

    @property
    def max_length(self) -> int | None:
        return next(
            (rule.max for rule in self.field.validators if isinstance(rule, validate.Length) and rule.max),
            None,
        )

    def choices(self, context: object = None) -> list[Choice]:
        """Its options in order; `context` goes to the callable that a schema may give instead of a list."""
        given = options_of(self.field)
        return [choice(option) for option in (given(context) if callable(given) else given)]


def describe(schema: Schema | type[Schema]) -> list[Described]:
    """The fields a form may post, in the schema's order. Raises TypeError for a field that needs a `widget`."""
    instance = schema if isinstance(schema, Schema) else schema()
    return [
        Described(field.data_key or name, field, widget_of(name, field))
        for name, field in instance.load_fields.items()
    ]


def widget_of(name: str, field: fields.Field[Any]) -> Widget:
    named = field.metadata.get("widget")
    if named is None:
        if "finder" in field.metadata:
            return "find"
        return "hidden" if name == "version" else guessed(name, field)
    if named not in get_args(Widget):
        raise TypeError(f"field {name}: there is no widget {named!r}")
    widget: Widget = named
    return widget


def guessed(name: str, field: fields.Field[Any]) -> Widget:
    for kind, widget in BY_TYPE:
        if isinstance(field, kind):
            return widget(field)
    raise TypeError(f"field {name}: {type(field).__name__} needs a widget in its metadata")


def list_widget(field: fields.Field[Any]) -> Widget:
    return "checkboxes" if has_options(field) else "lines"


def one_of(field: fields.Field[Any]) -> Widget:
    if not has_options(field):
        limit = Described("", field, "text").max_length
        return "textarea" if limit and limit >= TEXTAREA_FROM else "text"
    given = options_of(field)
    return "select" if callable(given) or len(list(given)) > RADIOS_UP_TO else "radios"


BY_TYPE: list[tuple[type[fields.Field[Any]], Callable[[fields.Field[Any]], Widget]]] = [
    (fields.List, list_widget),
    (fields.Boolean, lambda _field: "checkbox"),
    (fields.Date, lambda _field: "date"),
    (fields.DateTime, lambda _field: "datetime"),
    (fields.Email, lambda _field: "email"),
    (fields.UUID, lambda field: "select" if has_options(field) else "hidden"),
    (fields.Enum, one_of),
    (fields.Number, one_of),
    (fields.String, one_of),
]


def has_options(field: fields.Field[Any]) -> bool:
    return bool(options_of(field))


def options_of(field: fields.Field[Any]) -> Any:
    """The options as given, or those that the field's own rules name: an enumeration, `OneOf`, yes and no."""
    if "options" in field.metadata:
        return field.metadata["options"]
    if isinstance(field, fields.List):
        return options_of(field.inner)
    if isinstance(field, fields.Boolean):
        return [("true", "Yes"), ("false", "No")]
    if isinstance(field, fields.Enum):
        return [
            (str(member.value if field.by_value else member.name), sentence(member.name))
            for member in field.enum
        ]
    return one_of_rule(field.validators)


def one_of_rule(validators: Iterable[object]) -> list[tuple[str, str]]:
    for rule in validators:
        if isinstance(rule, validate.OneOf):
            values, labels = [str(value) for value in rule.choices], list(rule.labels)
            labels += [sentence(value) for value in values[len(labels) :]]
            return list(zip(values, labels, strict=True))
    return []


def choice(option: Choice | tuple[Any, ...]) -> Choice:
    return option if isinstance(option, Choice) else Choice(*(str(part) for part in option))


def sentence(name: str) -> str:
    """A code as words: "VERY_HIGH" → "Very high"."""
    return name.replace("_", " ").capitalize()


def with_article(text: str) -> str:
    """Puts "the" where it belongs: "date of birth" → "the date of birth"; "your password" needs none."""
    return text if text.split(" ", 1)[0] in NO_ARTICLE else f"the {text}"


def lower_first(text: str) -> str:
    """Lowers the first letter, save of an acronym: "Date of birth" → "date of birth", "PNC number" stays."""
    first = text.split(" ", 1)[0]
    return text if first[1:] != first[1:].lower() else text[:1].lower() + text[1:]
