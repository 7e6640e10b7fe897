"""Lays a form out as the GOV.UK macros and their parameters, with what was typed and what was wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from marshmallow import Schema, missing
from werkzeug.datastructures import MultiDict

from shared.web.forms.dates import wrong_parts
from shared.web.forms.described import DATE_PARTS, RADIOS_UP_TO, Choice, Described, describe
from shared.web.forms.finding import MOST_FOUND, Shown, finder_of, shown
from shared.web.forms.reading import read_form
from shared.web.forms.typed import as_posted

WIDTHS = (2, 3, 4, 5, 10, 20, 30)  # characters for which GOV.UK has a class
ROWS = 5
_CHOOSES = ("govukCheckboxes", "govukRadios")


@dataclass(frozen=True)
class Component:
    """One macro call: `macro` is its GOV.UK name (or "section", or "find"), `params` its argument."""

    macro: str
    params: dict[str, Any]


@dataclass(frozen=True)
class ErrorLink:
    """A line of the error summary; without `href` it belongs to the form as a whole."""

    text: str
    href: str | None = None


@dataclass(frozen=True)
class FormView:
    components: list[Component] = field(default_factory=list)
    errors: list[ErrorLink] = field(default_factory=list)
    hidden: dict[str, str] = field(default_factory=dict)
    multipart: bool = False
    set_otherwise: int = 0  # fields that say something else than in a form that nobody has touched

    @property
    def finds(self) -> bool:
        """Some field has a button of its own."""
        return any(each.macro == "find" for each in self.components)


def form_view(
    schema: Schema | type[Schema],
    values: Mapping[str, Any] | MultiDict[str, str] | None = None,
    errors: Mapping[str, Sequence[str]] | None = None,
    context: object = None,
) -> FormView:
    """The form for a page. `values` is a posted form as it came, or the record's own values by field name.

    `errors` is what `plain_errors` or Invalid gave. `context` goes to option lists that are callables.
    """
    described = [item for item in describe(schema) if item.widget != "none"]
    posted = values if isinstance(values, MultiDict) else as_posted(described, values or {})
    wrong = {name: list(messages) for name, messages in (errors or {}).items() if messages}
    visible = [item for item in described if item.widget != "hidden"]
    raw = read_form(schema, posted) if wrong else {}
    components = laid_out(visible, posted, wrong, raw, context)
    return FormView(
        components=components,
        errors=error_links(visible, wrong, raw, {str(each.params.get("name")): each for each in components}),
        hidden={
            item.name: posted[item.name]
            for item in described
            if item.widget == "hidden" and item.name in posted
        },
        multipart=any(item.widget == "file" for item in visible),
        set_otherwise=_set_otherwise(visible, posted),
    )


def _set_otherwise(visible: Sequence[Described], posted: MultiDict[str, str]) -> int:
    given = [(item.name, item.field.load_default) for item in visible]
    defaults = {name: each() if callable(each) else each for name, each in given if each is not missing}
    untouched = as_posted(visible, defaults)
    return sum(_said(item, posted) != _said(item, untouched) for item in visible)


def _said(item: Described, posted: MultiDict[str, str]) -> list[str]:
    """An unticked box and an empty one say nothing."""
    nothing = {"", "false"} if item.widget == "checkbox" else {""}
    return [text for name in item.posted_names for text in posted.getlist(name) if text not in nothing]


def laid_out(
    visible: list[Described],
    posted: MultiDict[str, str],
    wrong: Mapping[str, list[str]],
    raw: Mapping[str, Any],
    context: object,
) -> list[Component]:
    """One for each field, under the headings of their sections; none where there is nothing to tick or to choose."""
    components = []
    section = None
    for item in visible:
        if item.metadata.get("section") not in {None, section}:
            section = item.metadata["section"]
            components.append(Component("section", {"text": section}))
        made = component(item, posted, wrong.get(item.name, []), raw.get(item.name), context)
        if made.params.get("items") or made.macro not in _CHOOSES or item.name in wrong:
            components.append(made)
    return components


def component(
    item: Described, posted: MultiDict[str, str], messages: list[str], raw: object, context: object
) -> Component:
    """The macro call of one field; `raw` is the date as it was joined, to mark the boxes that are wrong."""
    params: dict[str, Any] = {"id": item.name, "name": item.name}
    if item.metadata.get("hint"):
        params["hint"] = {"text": item.metadata["hint"]}
    if messages:
        params["errorMessage"] = {"text": ". ".join(messages)}
    if item.widget in {"date", "datetime"}:
        return Component("govukDateInput", params | date_params(item, posted, bool(messages), raw))
    if item.widget in {"radios", "checkboxes"}:
        macro = "govukRadios" if item.widget == "radios" else "govukCheckboxes"
        return Component(macro, params | choice_params(item, posted, context))
    if item.widget == "checkbox":
        return Component("govukCheckboxes", params | checkbox_params(item, posted))
    if item.widget == "find":
        return find_component(item, params, posted)
    return text_component(item, params | {"label": label(item)}, posted.get(item.name, ""), context)


def text_component(item: Described, params: dict[str, Any], value: str, context: object) -> Component:
    if item.widget == "select":
        return Component("govukSelect", params | {"value": value, "items": select_items(item, context)})
    if item.widget == "file":
        return Component("govukFileUpload", params)
    if item.widget == "password":
        autocomplete = item.metadata.get("autocomplete", "current-password")
        return Component(
            "govukPasswordInput", params | {"autocomplete": autocomplete, "classes": width(item, 20)}
        )
    if item.widget in {"textarea", "lines"}:
        return textarea(item, params | {"value": value, "rows": item.metadata.get("rows", ROWS)})
    return Component("govukInput", params | {"value": value} | input_params(item))


def find_component(item: Described, params: dict[str, Any], posted: MultiDict[str, str]) -> Component:
    """A list where there are few; else what was typed, what it found, and the box to type in."""
    finder = finder_of(item)
    few = finder.few()
    if few is not None:
        return listed(item, params, posted.get(item.name, ""), few)
    now = shown(item, posted)
    return Component(
        "find", params | {"typed": now.typed, "by": finder.by, **legend(item), **found(item, now)}
    )


def found(item: Described, now: Shown) -> dict[str, Any]:
    """What was found, as radios; where it may be left out, "none of these" too."""
    items = option_items(now.found, [now.chosen])
    if items and not item.field.required:
        items.append({"value": "", "text": "None of these"})
    said = ""
    if now.more:
        said = f"More than {MOST_FOUND} were found. These fit best; type more of the name to find others."
    elif now.typed and now.found:
        said = "1 was found." if len(now.found) == 1 else f"{len(now.found)} were found. Choose one."
    elif now.typed:
        said = f"Nothing was found for ‘{now.typed}’."
    return {"items": items, "said": said}


def listed(item: Described, params: dict[str, Any], value: str, few: Sequence[Choice]) -> Component:
    if len(few) <= RADIOS_UP_TO and item.field.required:
        items = option_items(few, [value])
        return Component(
            "govukRadios", params | {"idPrefix": item.name, "fieldset": legend(item), "items": items}
        )
    coded = finder_of(item).coded
    items = [{"value": each.value, "text": in_one_line(each, coded=coded)} for each in few]
    first = {"value": "", "text": item.metadata.get("empty", "Choose")}
    return Component("govukSelect", params | {"label": label(item), "value": value, "items": [first, *items]})


def in_one_line(one: Choice, *, coded: bool) -> str:
    return f"{one.text} ({one.value})" if coded else ", ".join(filter(None, (one.text, one.hint)))


def textarea(item: Described, params: dict[str, Any]) -> Component:
    limit = item.max_length
    if limit and item.widget == "textarea":
        return Component("govukCharacterCount", params | {"maxlength": limit})
    return Component("govukTextarea", params)


def input_params(item: Described) -> dict[str, Any]:
    """A single line. What is typed is about other people, so the browser is not to fill it in or check its spelling."""
    data = item.metadata
    params: dict[str, Any] = {
        "classes": width(item),
        "spellcheck": False,
        "autocomplete": data.get("autocomplete", "email" if item.widget == "email" else "off"),
        "inputmode": data.get("inputmode"),
    }
    if item.widget == "email":
        params["type"] = "email"
    return params | {name: {"text": data[name]} for name in ("prefix", "suffix") if data.get(name)}


def width(item: Described, default: int | None = None) -> str:
    wanted = item.metadata.get("width", default)
    if not wanted:
        return ""
    return f"govuk-input--width-{next((each for each in WIDTHS if each >= wanted), WIDTHS[-1])}"


def label(item: Described) -> dict[str, str]:
    return {"text": item.label, "classes": "govuk-label--s"}


def legend(item: Described) -> dict[str, Any]:
    text = item.metadata.get("legend") or item.label
    return {"legend": {"text": text, "classes": "govuk-fieldset__legend--s"}}


def choice_params(item: Described, posted: MultiDict[str, str], context: object) -> dict[str, Any]:
    chosen = posted.getlist(item.name)
    items = option_items(item.choices(context), chosen)
    classes = item.metadata.get("classes") or ("govuk-radios--small" if item.metadata.get("small") else "")
    return {"idPrefix": item.name, "fieldset": legend(item), "items": items, "classes": classes}


def option_items(choices: Sequence[Choice], chosen: Sequence[str]) -> list[dict[str, Any]]:
    return [
        {"value": each.value, "text": each.text, "checked": each.value in chosen}
        | ({"hint": {"text": each.hint}} if each.hint else {})
        for each in choices
    ]


def checkbox_params(item: Described, posted: MultiDict[str, str]) -> dict[str, Any]:
    ticked = posted.get(item.name, "") not in {"", "false"}
    params: dict[str, Any] = {
        "idPrefix": item.name,
        "items": [{"value": "true", "text": item.label, "checked": ticked}],
    }
    return params | ({"fieldset": legend(item)} if item.metadata.get("legend") else {})


def select_items(item: Described, context: object) -> list[dict[str, str]]:
    first = {"value": "", "text": item.metadata.get("empty", "Choose")}
    return [first, *({"value": each.value, "text": each.text} for each in item.choices(context))]


def date_params(item: Described, posted: MultiDict[str, str], wrong: bool, raw: object) -> dict[str, Any]:
    parts = [name.rsplit("-", 1)[1] for name in item.posted_names]
    marked = bad_parts(parts, raw) if wrong else ()
    items = [
        {
            "name": part,
            "value": posted.get(f"{item.name}-{part}", ""),
            "classes": date_classes(part, marked),
            "inputmode": "text" if part == "time" else "numeric",
        }
        for part in parts
    ]
    return {
        "namePrefix": item.name,
        "fieldset": legend(item),
        "hint": {"text": item.metadata.get("hint") or date_hint(item)},
        "items": items,
    }


def date_hint(item: Described) -> str:
    return "For example, 17 11 2026 at 9:15am" if item.widget == "datetime" else "For example, 17 11 2026"


def date_classes(part: str, marked: Sequence[str]) -> str:
    size = {"year": 4, "time": 5}.get(part, 2)
    return f"govuk-input--width-{size}" + (" govuk-input--error" if part in marked else "")


def bad_parts(parts: Sequence[str], raw: object) -> Sequence[str]:
    """The boxes to mark: all of them where the date is whole and something else is wrong with it."""
    return wrong_parts(raw) if isinstance(raw, str) and raw else parts


def error_links(
    visible: list[Described],
    wrong: Mapping[str, list[str]],
    raw: Mapping[str, Any],
    components: Mapping[str, Component],
) -> list[ErrorLink]:
    """In the order of the page; what belongs to no field on it comes last, without a link."""
    names = [item.name for item in visible]
    links = [
        ErrorLink(text, f"#{target(item, raw, components[item.name])}")
        for item in visible
        for text in wrong.get(item.name, [])
    ]
    return links + [ErrorLink(text) for name in wrong if name not in names for text in wrong[name]]


def target(item: Described, raw: Mapping[str, Any], component: Component) -> str:
    """A date has no element that takes the focus, so the link goes to its first box in error, as a rule the day.

    Of what is found by name it goes to the first match, or to the box where there is none.
    """
    if component.macro == "find":
        return item.name if component.params["items"] else f"{item.name}-find"
    if item.widget not in {"date", "datetime"}:
        return item.name
    return f"{item.name}-{bad_parts(DATE_PARTS, raw.get(item.name))[0]}"
