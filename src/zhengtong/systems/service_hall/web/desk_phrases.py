"""Usual phrases of the unit and of the official: listed, kept and taken out."""

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import DomainError, Invalid, NotFound
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.constants import PhraseUse
from zhengtong.systems.service_hall.permissions import may_keep_unit_phrases
from zhengtong.systems.service_hall.rules import Words
from zhengtong.systems.service_hall.web import desk_pages
from zhengtong.systems.service_hall.web.pages import actor_of


class PhraseForm(forms.Form):
    """A phrase and where it is offered."""

    text = forms.CharField(
        label=gettext_lazy("内容"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": gettext_lazy("请写出常用语的内容。")},
    )
    use = forms.ChoiceField(label=gettext_lazy("用在哪里"), choices=PhraseUse.choices)
    outcome = forms.ChoiceField(label=gettext_lazy("结论（用在意见时）"), required=False)
    item_code = forms.ChoiceField(label=gettext_lazy("事项"), required=False)
    material = forms.ChoiceField(label=gettext_lazy("材料（用在补正原因时）"), required=False)
    of_unit = forms.BooleanField(label=gettext_lazy("收入本单位常用语，全单位可用"), required=False)

    def __init__(self, *args: Any, item: catalogue.ItemVersionView | None, unit: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = [(code, str(label)) for code, label in desk_pages.OUTCOMES.items() if code not in ("submit", "done")]
        self._choices("outcome", [("", _("任何结论")), *outcomes])
        self._choices("item_code", [("", _("任何事项")), *([(item.code, item.name)] if item else [])])
        names = [material["name"] for material in item.materials] if item else []
        self._choices("material", [("", _("任何材料")), *((name, name) for name in names)])
        if not unit:
            del self.fields["of_unit"]

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field

    def words(self) -> Words:
        """What was typed."""
        data = self.cleaned_data
        return Words(data["text"], data["use"], data["outcome"], data["item_code"], data["material"])


@requires(*desk_pages.HANDLERS)
@require_http_methods(["GET", "POST"])
@never_cache
def phrases(request: HttpRequest) -> HttpResponse:
    """The phrases, and a form for one more; ``item`` in the address lets it be narrowed to an item."""
    actor = actor_of(request)
    item = _item(actor, request.POST.get("item", "") or request.GET.get("item", ""))
    unit = may_keep_unit_phrases(actor)
    if request.method != "POST":
        given = {"outcome": request.GET.get("outcome", ""), "item_code": item.code if item else "", "of_unit": unit}
        return _page(request, actor, PhraseForm(initial=given, item=item, unit=unit), item)
    form = PhraseForm(request.POST, item=item, unit=unit)
    if not form.is_valid():
        return _page(request, actor, form, item, status=422)
    try:
        api.keep_phrase(actor=actor, words=form.words(), of_unit=form.cleaned_data.get("of_unit", False))
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, actor, form, item, status=422)
    messages.success(request, _("已经存为常用语，办件页上可以直接选用。"))
    return redirect(request.get_full_path())


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def drop(request: HttpRequest, phrase_id: uuid.UUID) -> HttpResponse:
    """Take a phrase out."""
    try:
        api.drop_phrase(actor=actor_of(request), phrase_id=phrase_id)
    except NotFound as gone:
        messages.info(request, gone.message)
    else:
        messages.success(request, _("常用语已经删除；以前用它写的意见不受影响。"))
    return redirect("service_hall:desk-phrases")


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def adopt(request: HttpRequest) -> HttpResponse:
    """Make the platform's phrases the unit's own."""
    try:
        count = api.adopt_defaults(actor=actor_of(request))
    except Invalid as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("系统自带的 %(count)d 条已经收入本单位常用语，可以增删。") % {"count": count})
    return redirect("service_hall:desk-phrases")


def _item(actor: Actor, code: str) -> catalogue.ItemVersionView | None:
    if not code:
        return None
    try:
        return catalogue.find_item(actor.tenant, code[:50])
    except DomainError:
        return None


def _page(
    request: HttpRequest,
    actor: Actor,
    form: PhraseForm,
    item: catalogue.ItemVersionView | None,
    *,
    status: int = 200,
) -> HttpResponse:
    views = selectors.phrase_views(actor)
    labels = {code: str(label) for code, label in desk_pages.OUTCOMES.items()}
    items = catalogue.known_items(actor.tenant, {view.words.item_code for view in views} - {""})
    rows = [
        (
            view,
            labels.get(view.words.outcome, ""),
            items[code].name if (code := view.words.item_code) in items else code,
        )
        for view in views
    ]
    context = desk_pages.frame(request, actor, queue="phrases") | {
        "form": form,
        "item": item,
        "own": [row for row in rows if row[0].words.own],
        "unit": [row for row in rows if not row[0].words.own],
        "may_keep_unit": may_keep_unit_phrases(actor),
    }
    return render(request, "service_hall/desk/phrases.html", context, status=status)
