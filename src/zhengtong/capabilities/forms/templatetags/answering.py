"""``{% load answering %}``: the questions of a section, and what the page's script needs to know."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.html import json_script
from django.utils.safestring import SafeString

from zhengtong.capabilities.forms import api
from zhengtong.capabilities.forms.templatetags.controls import Surroundings, controls_of

register = template.Library()


@register.inclusion_tag("forms/fields.html", takes_context=True)
def answer_fields(
    context: Context,
    definition: api.Definition,
    section: api.Section,
    answers: Mapping[str, Any],
    *,
    errors: Mapping[str, str] | None = None,
    known: Mapping[str, str] | None = None,
    typed: Mapping[str, Sequence[str]] | None = None,
    file_url: str = "",
) -> dict[str, Any]:
    """The questions of a section with the answers so far and one sentence per wrong one, by path.

    ``known`` are the facts that fill in answers beforehand, ``typed`` what was searched for, ``file_url`` an address
    with ``FILE`` in the place of a file's key. What is not asked now is written and hidden when an answer on the same
    page can bring it up, and left out otherwise.
    """
    padded = with_rows(section, answers)
    around = Surroundings(
        answers=padded,
        errors=errors or {},
        asked=frozenset(api.asked(definition, padded)),
        known=known or {},
        computed=api.computed(definition, padded),
        typed=typed or {},
        file_url=lambda file: file_url.replace("FILE", file),
        tenant=getattr(context.get("actor"), "tenant", ""),
    )
    fields = [field for field in section.fields if around.is_asked(field.key) or may_come_up(section, field)]
    return {"controls": controls_of(fields, padded, around), "shown": " ".join(field.key for field in fields)}


@register.simple_tag
def form_data(
    declaration: Mapping[str, Any], number: int, answers: Mapping[str, Any], element_id: str = "form-data"
) -> SafeString:
    """The declaration and the answers of all pages, for ``fill.js``; ``number`` of the section from 1."""
    found = {"definition": declaration, "section": number - 1, "answers": answers, "messages": api.messages()}
    return json_script(found, element_id)


def with_rows(section: api.Section, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers with as many empty rows as the page shows to begin with."""
    padded = dict(answers)
    for field in section.fields:
        if field.kind in ("group", "table"):
            rows = padded.get(field.key)
            kept = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
            padded[field.key] = kept + [{}] * (max(field.min_rows, int(field.required)) - len(kept))
    return padded


def may_come_up(section: api.Section, field: api.Field) -> bool:
    """True when an answer on the same page can bring the question up."""
    here = {one.key for one in section.fields}
    return field.when is not None and any(name.partition(".")[0] in here for name in field.when.fields())
