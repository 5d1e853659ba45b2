"""Guardianship: what the guardian declares, what the ward sees and contests, what the window verifies."""

import uuid
from typing import Any

from allauth.core.internal import ratelimit
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from zhengtong.capabilities.identity.constants import Assurance, GuardianshipEvidence, GuardianshipState
from zhengtong.capabilities.identity.models import Guardianship
from zhengtong.capabilities.identity.permissions import RELATION_ROLES
from zhengtong.capabilities.identity.rules import normal_number
from zhengtong.capabilities.identity.selectors import (
    contested_guardianships,
    find_guardianship,
    guardians_of,
    guardianships_by_number,
    same_person,
    state_of,
    wards_of,
)
from zhengtong.capabilities.identity.services import (
    contest_guardianship,
    declare_guardianship,
    end_guardianship,
    record_reading,
    refuse_guardianship,
    verify_guardianship,
)
from zhengtong.capabilities.identity.web.administration import desk_page
from zhengtong.capabilities.identity.web.forms import add_errors
from zhengtong.kernel.errors import DomainError, NotFound
from zhengtong.kernel.paging import page_of
from zhengtong.kernel.policy import actor_of, requires, signed_in
from zhengtong.kernel.ui.fields import DayField
from zhengtong.kernel.ui.formats import cn_date, cn_datetime, mask_id, mask_name

WINDOW = tuple(role.value for role in RELATION_ROLES)
_BOTH = require_http_methods(["GET", "HEAD", "POST"])
_ATTEMPTS = {"declare_ward": "20/h/user", "find_guardianship": "60/h/user"}
# while a relation stands so its guardian may still end it, and its ward contest it
_OPEN = (GuardianshipState.DECLARED, GuardianshipState.VERIFIED, GuardianshipState.CONTESTED)


class WardForm(forms.Form):
    """Whose guardian I am, and what proves it."""

    ward_name = forms.CharField(label=gettext_lazy("被监护人姓名"), max_length=50)
    ward_citizen_number = forms.CharField(
        label=gettext_lazy("被监护人公民身份号码"),
        max_length=30,
        help_text=gettext_lazy("未成年人的号码见户口簿。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    evidence = forms.ChoiceField(
        label=gettext_lazy("证明材料"), choices=GuardianshipEvidence.choices, widget=forms.RadioSelect
    )
    evidence_number = forms.CharField(label=gettext_lazy("材料编号"), max_length=60, required=False)
    valid_until = DayField(
        label=gettext_lazy("截止日期"),
        required=False,
        help_text=gettext_lazy("未成年人不填，到十八周岁生日前一天为止；成年人按证明材料填写。"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )


class ContestForm(forms.Form):
    """Why somebody is not my guardian."""

    reason = forms.CharField(
        label=gettext_lazy("异议理由"),
        max_length=300,
        help_text=gettext_lazy("例如“我不认识这个人”。只有窗口工作人员能看到。"),
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("请写明为什么有异议。")},
    )


class NumberForm(forms.Form):
    """Whose relations are looked for: the number on the card that lies on the counter."""

    citizen_number = forms.CharField(
        label=gettext_lazy("监护人或被监护人的公民身份号码"),
        max_length=30,
        help_text=gettext_lazy("按当事人出示的身份证或户口簿填写完整号码。"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": gettext_lazy("请填写公民身份号码。")},
    )


class VerdictForm(forms.Form):
    """What the window says about a relation."""

    decision = forms.ChoiceField(
        label=gettext_lazy("核验结果"),
        choices=[("verify", gettext_lazy("材料属实，通过核验")), ("refuse", gettext_lazy("不通过"))],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("请选择核验结果。")},
    )
    words = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("不通过的必须写明理由，登记人会看到；本人有异议的，写明核实的情况。"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class EndForm(forms.Form):
    """Why a verified relation holds no longer."""

    words = forms.CharField(
        label=gettext_lazy("终止理由"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如“变更监护人，见人民法院判决书”。当事人会看到。"),
        error_messages={"required": gettext_lazy("请写明终止的理由。")},
    )


@signed_in
@never_cache
@sensitive_post_parameters("ward_citizen_number")
@_BOTH
def wards(request: HttpRequest) -> HttpResponse:
    """Whose guardian I am, who says to be mine, and how each stands; declare another one."""
    form = WardForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        if not ratelimit.consume(request, app="identity", action="declare_ward", config=_ATTEMPTS, user=request.user):
            form.add_error(None, _("登记的次数太多。请一小时后再试，或者到政务服务大厅办理。"))
        else:
            try:
                declare_guardianship(actor=actor_of(request), **form.cleaned_data)
            except DomainError as error:
                add_errors(form, error)
        if not form.errors:
            messages.success(request, _("已登记。请带证明材料到政务服务大厅窗口核验，核验通过以后才能为他办事。"))
            return HttpResponseRedirect(reverse("account_wards"))
    account: Any = request.user
    page = {
        "form": form,
        "wards": [_shown(row) for row in wards_of(account.person)],
        "guardians": [_shown(row) for row in guardians_of(account.person)],
        "breadcrumbs": _crumbs(_("监护")),
    }
    return render(request, "identity/wards.html", page, status=422 if form.errors else 200)


@signed_in
@require_POST
def end_ward(request: HttpRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """End a guardianship I have; an official who ends one of others does so at the window, with his reason."""
    actor = actor_of(request)
    row = find_guardianship(actor.tenant, guardianship_id)
    if actor.person_id is None or row.guardian_id not in same_person(actor.tenant, actor.person_id):
        raise NotFound(_("没有这个监护关系，或者它已经终止。"))
    end_guardianship(actor=actor, guardianship_id=guardianship_id, reason=_("监护人终止"))
    messages.success(request, _("监护关系已终止。"))
    return HttpResponseRedirect(reverse("account_wards"))


@signed_in
@never_cache
@_BOTH
def contest(request: HttpRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """Say that somebody is not my guardian; from then on he can do nothing in my name."""
    actor = actor_of(request)
    row = find_guardianship(actor.tenant, guardianship_id)
    if actor.person_id is None or row.ward_id not in same_person(actor.tenant, actor.person_id):
        raise NotFound(_("没有这个监护关系，或者它已经终止。"))
    form = ContestForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            contest_guardianship(actor=actor, guardianship_id=guardianship_id, reason=form.cleaned_data["reason"])
        except DomainError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("已收到您的异议，对方从现在起不能以您的名义办事。窗口工作人员会核实。"))
            return HttpResponseRedirect(reverse("account_wards"))
    crumbs = _crumbs(_("监护"), (_("提出异议"), ""))
    page = {"form": form, "row": row, "breadcrumbs": crumbs}
    return render(request, "identity/ward_contest.html", page, status=422 if form.errors else 200)


@requires(*WINDOW)
@never_cache
@sensitive_post_parameters("citizen_number")
@_BOTH
def guardianships(request: HttpRequest) -> HttpResponse:
    """Find the relations of a person who has come to the window; those contested wait below.

    Nobody leafs through the county's families: without the whole number only contested relations are shown, masked.
    The number is posted, so that it stands in no address and no log.
    """
    actor = actor_of(request)
    form = NumberForm(request.POST if request.method == "POST" else None)
    found: list[Guardianship] | None = None
    if request.method == "POST" and form.is_valid():
        if ratelimit.consume(request, app="identity", action="find_guardianship", config=_ATTEMPTS, user=request.user):
            found = guardianships_by_number(actor.tenant, normal_number(form.cleaned_data["citizen_number"]))
            record_reading(actor=actor, rows=found)
        else:
            form.add_error(None, _("查找的次数太多。请一小时后再试。"))
    contested = page_of(contested_guardianships(actor.tenant), request.GET.get("page"), size=30)
    context = {
        "form": form,
        "columns": [
            {"key": "guardian", "label": _("监护人")},
            {"key": "ward", "label": _("被监护人")},
            {"key": "evidence", "label": _("证明材料")},
            {"key": "at", "label": _("登记时间"), "kind": "datetime"},
            {"key": "state", "label": _("状态")},
        ],
        "found": None if found is None else [_line(row, masked=False) for row in found],
        "contested": [_line(row, masked=True) for row in contested.rows],
        "page": contested,
        "none_found": {
            "title": _("没有找到"),
            "why": _("请核对号码。当事人还没有登记的，请他登录后在“我的账户—监护”里登记。"),
        },
        "none_contested": {"title": _("没有待核实的异议"), "why": _("被监护人本人提出异议后，会列在这里。")},
    }
    status = 422 if form.errors else 200
    return desk_page(request, "identity/guardianships.html", _("监护核验"), [], status=status, **context)


@requires(*WINDOW)
@never_cache
@_BOTH
def guardianship(request: HttpRequest, guardianship_id: uuid.UUID) -> HttpResponse:
    """One relation with what is claimed, and the window's decision."""
    actor = actor_of(request)
    row = find_guardianship(actor.tenant, guardianship_id)
    state = state_of(row)
    kind = EndForm if state == GuardianshipState.VERIFIED else VerdictForm
    form = kind(request.POST if request.method == "POST" else None)
    back = reverse("account_guardianships")
    if request.method == "POST" and form.is_valid():
        given: dict[str, Any] = {"actor": actor, "guardianship_id": guardianship_id}
        words = form.cleaned_data["words"]
        try:
            if kind is EndForm:
                end_guardianship(**given, reason=words)
            elif form.cleaned_data["decision"] == "verify":
                verify_guardianship(**given, words=words)
            else:
                refuse_guardianship(**given, reason=words)
        except DomainError as error:
            form.add_error("words" if error.field else None, error.message)
        else:
            messages.success(request, _("已办理，当事人可以在“我的账户—监护”里看到结果。"))
            return HttpResponseRedirect(reverse("account_guardianship", args=[guardianship_id]))
    record_reading(actor=actor, rows=[row])
    context = {
        "facts": _facts(row, state),
        "form": form if state in _OPEN else None,
        "submit": _("终止监护关系") if kind is EndForm else _("提交核验结果"),
        "contested": row.contested_reason if state == GuardianshipState.CONTESTED else "",
    }
    crumbs = [(_("监护核验"), back)]
    status = 422 if form.errors else 200
    return desk_page(request, "identity/guardianship.html", _("核验监护关系"), crumbs, status=status, **context)


def _shown(row: Guardianship) -> dict[str, Any]:
    """A relation as the two persons it concerns see it."""
    state = state_of(row)
    # who claimed something of a stranger in vain does not learn how he is really called
    hidden = row.refused and row.assurance == Assurance.DECLARED and hasattr(row.ward, "account")
    return {
        "row": row,
        "ward": _("（姓名不显示）") if hidden else row.ward.name,
        "state": state.label,
        "open": state in _OPEN,
        "contested": state == GuardianshipState.CONTESTED,
        "declared": state == GuardianshipState.DECLARED,
        "why": row.ended_reason if state in (GuardianshipState.REFUSED, GuardianshipState.ENDED) else "",
    }


def _line(row: Guardianship, *, masked: bool) -> dict[str, Any]:
    """A relation in a list at the window; names in full only for who has named the number."""
    name = mask_name if masked else str
    return {
        "url": reverse("account_guardianship", args=[row.id]),
        "guardian": name(row.guardian.name),
        "ward": name(row.ward.name),
        "evidence": row.get_evidence_display(),
        "at": row.created_at,
        "state": state_of(row).label,
    }


def _facts(row: Guardianship, state: GuardianshipState) -> list[dict[str, Any]]:
    """What is compared with the papers; of the numbers the beginning and the end are enough for that."""
    rows: list[dict[str, Any]] = [
        {"label": _("监护人"), "value": row.guardian.name, "note": mask_id(row.guardian.citizen_number)},
        {"label": _("被监护人"), "value": row.ward.name, "note": mask_id(row.ward.citizen_number)},
        {"label": _("证明材料"), "value": row.get_evidence_display()},
        {"label": _("材料编号"), "value": row.evidence_number or _("没有填写")},
        {"label": _("期限"), "value": f"{cn_date(row.valid_from)} — {cn_date(row.valid_until)}"},
        {"label": _("登记时间"), "value": cn_datetime(row.created_at)},
        {"label": _("状态"), "value": state.label},
    ]
    if row.decided_by is not None and row.decided_at is not None:
        rows.append({"label": _("核验人"), "value": row.decided_by.name, "note": cn_datetime(row.decided_at)})
    if row.ended_reason:
        rows.append({"label": _("理由"), "value": row.ended_reason})
    return rows


def _crumbs(label: str, *further: tuple[str, str]) -> list[dict[str, str]]:
    return [
        {"label": _("首页"), "url": "/"},
        {"label": _("我的账户"), "url": reverse("account_home")},
        {"label": label, "url": reverse("account_wards") if further else ""},
        *({"label": text, "url": url} for text, url in further),
    ]
