"""A task besides completing it: whose hands it is in, return, signers, reminders. One page for every system."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from zhengtong.capabilities.cases import api
from zhengtong.capabilities.cases.registry import matter_pages
from zhengtong.capabilities.cases.web import handling_forms as typed
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.policy import actor_of, requires

OFFICIALS = (Role.CLERK, Role.REVIEWER, Role.LEADER, Role.SUPERVISOR, Role.PROCESS_ADMIN)
_LONGEST_ANSWER = 2000


@dataclasses.dataclass(frozen=True)
class _Act:
    """One act of the page: its words, what is typed for it, and what it does."""

    label: str | Promise
    note: str | Promise
    form: type[typed.ActForm]
    do: Callable[[Actor, api.HandlingView, Mapping[str, Any], str], object]
    done: str | Promise
    leaves: bool = False


def _return(actor: Actor, view: api.HandlingView, data: Mapping[str, Any], key: str) -> None:
    target = next(one for one in view.targets if typed.target_key(one) == data["target"])
    if target.whole:
        api.return_step(
            actor=actor, work_item_id=view.task.id, node=target.node, reason=data["reason"], command_key=key
        )
        return
    api.return_branch(
        actor=actor,
        work_item_id=view.task.id,
        node=target.node,
        item=target.item or None,
        reason=data["reason"],
        command_key=key,
    )


_ACTS: dict[str, _Act] = {
    "claim": _Act(
        gettext_lazy("签收"),
        gettext_lazy("签收以后只由您办理，同事不会重复办。"),
        typed.BareForm,
        lambda actor, view, data, key: api.claim_step(actor=actor, work_item_id=view.task.id),
        gettext_lazy("已经签收，请在时限内办理。"),
    ),
    "answer": _Act(
        gettext_lazy("填写协办意见"),
        gettext_lazy("填写以后，事项回到请您协办的同事手里。"),
        typed.AnswerForm,
        lambda actor, view, data, key: api.answer_colleague(actor=actor, work_item_id=view.task.id, text=data["text"]),
        gettext_lazy("协办意见已经提交。"),
    ),
    "unask": _Act(
        gettext_lazy("收回协办"),
        gettext_lazy("不再等同事的协办意见。"),
        typed.BareForm,
        lambda actor, view, data, key: api.take_back_from_colleague(actor=actor, work_item_id=view.task.id),
        gettext_lazy("协办已经收回。"),
    ),
    "return": _Act(
        gettext_lazy("退回"),
        gettext_lazy("已经签署的意见都会保留，办理时限不停。"),
        typed.ReturnForm,
        _return,
        gettext_lazy("已经退回。"),
        leaves=True,
    ),
    "assign": _Act(
        gettext_lazy("指派"),
        gettext_lazy("指派给本单位能办理这一步的人员。"),
        typed.AssignForm,
        lambda actor, view, data, key: api.assign_step(
            actor=actor, work_item_id=view.task.id, person_id=uuid.UUID(data["person_id"]), reason=data["reason"]
        ),
        gettext_lazy("已经指派，对方会收到通知。"),
    ),
    "release": _Act(
        gettext_lazy("退回待签收"),
        gettext_lazy("交还给本单位，由其他同事签收。"),
        typed.ReleaseForm,
        lambda actor, view, data, key: api.release_step(actor=actor, work_item_id=view.task.id, reason=data["reason"]),
        gettext_lazy("已经退回待签收。"),
    ),
    "ask": _Act(
        gettext_lazy("请人协办"),
        gettext_lazy("同事填写意见以后，事项回到您手里办结。"),
        typed.AskForm,
        lambda actor, view, data, key: api.ask_colleague(
            actor=actor, work_item_id=view.task.id, person_id=uuid.UUID(data["person_id"]), reason=data["reason"]
        ),
        gettext_lazy("已经请同事协办，对方会收到通知。"),
    ),
    "transfer": _Act(
        gettext_lazy("转办其他单位"),
        gettext_lazy("办理时限不因转办重新计算。"),
        typed.TransferForm,
        lambda actor, view, data, key: api.transfer_step(
            actor=actor, work_item_id=view.task.id, org_code=data["org_code"], reason=data["reason"]
        ),
        gettext_lazy("已经转办。"),
        leaves=True,
    ),
    "add_signer": _Act(
        gettext_lazy("加签"),
        gettext_lazy("请其他单位也在这一步签署意见。"),
        typed.SignerForm,
        lambda actor, view, data, key: api.add_signer(
            actor=actor,
            work_item_id=view.task.id,
            org_code=data["org_code"],
            where=data["where"],
            reason=data["reason"],
            command_key=key,
        ),
        gettext_lazy("已经加签。"),
    ),
    "urge": _Act(
        gettext_lazy("催办"),
        gettext_lazy("提醒办理单位抓紧办理。"),
        typed.UrgeForm,
        lambda actor, view, data, key: api.urge_step(actor=actor, work_item_id=view.task.id, text=data["text"]),
        gettext_lazy("已经催办，办理人员会收到提醒。"),
    ),
    "supervise": _Act(
        gettext_lazy("督办"),
        gettext_lazy("要求办理单位在期限内书面答复。"),
        typed.SuperviseForm,
        lambda actor, view, data, key: api.supervise_step(
            actor=actor, work_item_id=view.task.id, text=data["text"], answer_by=data["answer_by"]
        ),
        gettext_lazy("督办已经发出。"),
    ),
    "recall": _Act(
        gettext_lazy("撤回重办"),
        gettext_lazy("后面的环节还没有人签收或办理时，可以撤回自己办结的这一步。"),
        typed.RecallForm,
        lambda actor, view, data, key: api.recall_step(
            actor=actor, work_item_id=view.task.id, reason=data["reason"], command_key=key
        ),
        gettext_lazy("已经撤回，请重新办理。"),
        leaves=True,
    ),
}


@requires(*OFFICIALS)
@require_GET
@never_cache
def task(request: HttpRequest, work_item_id: uuid.UUID) -> HttpResponse:
    """Whose hands a task is in and what the actor may do about it."""
    view = api.handling_of(actor=actor_of(request), work_item_id=work_item_id)
    return _page(request, view)


@requires(*OFFICIALS)
@require_POST
@never_cache
def act(request: HttpRequest, work_item_id: uuid.UUID, name: str) -> HttpResponse:
    """Do one act; a refusal brings the page back with everything typed."""
    actor = actor_of(request)
    view = api.handling_of(actor=actor, work_item_id=work_item_id)
    chosen = _ACTS.get(name)
    if chosen is None:
        raise NotFound(_("没有这种操作。"))
    if name not in view.acts:
        words = _("事项的状态已经变化，现在不能这样操作，请看下面的最新情况。")
        return _page(request, view, refusal=words, kept=_written(request, chosen), status=409)
    form = chosen.form(request.POST, view=view, auto_id=f"{name}-%s")
    if not form.is_valid():
        return _page(request, view, bound={name: form}, status=422)
    try:
        chosen.do(actor, view, form.cleaned_data, request.POST.get("command_key", "")[:64] or uuid.uuid4().hex)
    except Invalid as refusal:
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return _page(request, view, bound={name: form}, status=422)
    except (Conflict, NotPermitted) as refusal:
        form.add_error(None, refusal.message)
        return _page(request, view, bound={name: form}, status=409)
    messages.success(request, str(chosen.done))
    back = _back(request)
    if back:
        return redirect(back)
    return redirect((_matter_url(view) or "/") if chosen.leaves else reverse("tasks:task", args=[view.task.id]))


@requires(*OFFICIALS)
@require_POST
@never_cache
def remove_signer(request: HttpRequest, work_item_id: uuid.UUID, signer_id: uuid.UUID) -> HttpResponse:
    """Take a signer off who has not signed yet."""
    return _short(
        request,
        work_item_id,
        lambda actor: api.remove_signer(
            actor=actor,
            work_item_id=work_item_id,
            signer_item_id=signer_id,
            reason=request.POST.get("reason", "")[:500],
            command_key=request.POST.get("command_key", "")[:64] or uuid.uuid4().hex,
        ),
        _("已经减签。"),
    )


@requires(*OFFICIALS)
@require_POST
@never_cache
def answer_prompt(request: HttpRequest, work_item_id: uuid.UUID, prompt_id: uuid.UUID) -> HttpResponse:
    """Answer a 督办."""
    text = request.POST.get("text", "").replace("\r\n", "\n")  # as the browser counted

    def answer(actor: Actor) -> None:
        if len(text) > _LONGEST_ANSWER:
            raise Invalid(_("答复最多 %(n)d 个字，请精简后再提交。") % {"n": _LONGEST_ANSWER}, field="text")
        api.answer_prompt(actor=actor, prompt_id=prompt_id, text=text)

    return _short(request, work_item_id, answer, _("答复已经提交。"), answers={prompt_id: text})


def _short(
    request: HttpRequest,
    work_item_id: uuid.UUID,
    do: Callable[[Actor], None],
    said: str,
    *,
    answers: Mapping[uuid.UUID, str] | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    view = api.handling_of(actor=actor, work_item_id=work_item_id)
    try:
        do(actor)
    except (Invalid, Conflict, NotPermitted) as refusal:
        status = 422 if isinstance(refusal, Invalid) else 409
        return _page(request, view, refusal=refusal.message, answers=answers, status=status)
    messages.success(request, said)
    return redirect("tasks:task", view.task.id)


def _written(request: HttpRequest, chosen: _Act) -> list[str]:
    """The sentences somebody wrote for an act, for him to copy: not its choices."""
    fields = chosen.form.base_fields.items()
    texts = [request.POST.get(name, "") for name, field in fields if isinstance(field.widget, forms.Textarea)]
    return [text for text in texts if text.strip()]


def _page(
    request: HttpRequest,
    view: api.HandlingView,
    *,
    bound: Mapping[str, forms.Form] | None = None,
    refusal: str = "",
    answers: Mapping[uuid.UUID, str] | None = None,
    kept: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The page; ``answers`` by prompt were typed and refused, ``kept`` is what was typed for an act that is gone."""
    bound, answers = bound or {}, answers or {}
    acts = [
        {
            "name": name,
            "label": one.label,
            "note": one.note,
            "form": bound.get(name) or one.form(view=view, auto_id=f"{name}-%s"),
            "open": name in bound,
            "action": reverse("tasks:act", args=[view.task.id, name]),
        }
        for name, one in _ACTS.items()
        if name in view.acts
    ]
    context = {
        "view": view,
        "task": view.task,
        "acts": acts,
        "refusal": refusal,
        "prompts": [(prompt, answers.get(prompt.id, "")) for prompt in view.prompts],
        "kept": kept,
        "command_key": uuid.uuid4().hex,
        "back": _back(request),
        "matter_url": _matter_url(view),
        "due_on": _last_day(view.task.due_at),
        "desk_title": _("审批工作台"),
    }
    return render(request, "cases/handling.html", context, status=status)


def _back(request: HttpRequest) -> str:
    """The page of ours from which somebody came to this one and to which he returns; empty for any other address."""
    address = str(request.POST.get("back") or request.GET.get("back") or "")[:200]
    own = address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)
    return address if own else ""


def _last_day(due_at: dt.datetime | None) -> dt.date | None:
    """The day on which a limit ends; its instant is the midnight after it."""
    return None if due_at is None else local_date(due_at - dt.timedelta(microseconds=1))


def _matter_url(view: api.HandlingView) -> str:
    """Where the system that owns the matter shows it; empty when none does."""
    kind = view.task.subject.kind
    return matter_pages.get(kind)(view.task) if kind in matter_pages else ""
