"""The hearing on the page of a case: told, entered from paper, announced, held with its minutes, or declined."""

import uuid
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, Invalid, NotFound
from zhengtong.kernel.policy import requires
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.web import desk, desk_case, desk_pages
from zhengtong.systems.service_hall.web.pages import actor_of

_SAID = {
    "tell": gettext_lazy("已经告知申请人听证权利，他可以在 5 个工作日内申请听证，期限届满以前不能作出决定。"),
    "request": gettext_lazy("已经登记听证申请，从今天起停止计时，请在 20 个工作日内组织听证。"),
    "announce": gettext_lazy("已经发出听证通知。"),
    "hold": gettext_lazy("已经登记听证笔录，恢复计时，可以作出决定。"),
    "decline": gettext_lazy("已经决定不组织听证，恢复计时，理由将告知申请人。"),
}


@requires(*desk_pages.HANDLERS)
@require_POST
@never_cache
def act(request: HttpRequest, case_id: uuid.UUID) -> HttpResponse:
    """What the pressed button names; a refusal brings the page back with everything typed."""
    actor, name = actor_of(request), request.POST.get("act", "")
    if name not in _SAID:
        raise Invalid(_("没有这种操作，请返回办件页重新选择。"))
    case = cases.case_view(actor=actor, case_id=case_id)
    if case.subject.kind != OBJECT_KIND:
        raise NotFound(_("这个办件不属于办事大厅。"))
    form = desk_case.hearing_forms(actor, case, request.POST).get(name)
    if form is not None and not form.is_valid():
        return desk.case_page(request, actor, case_id, hearing_form=(name, form), status=422)
    try:
        _ACTS[name](actor, case_id, form)
    except Invalid as refusal:
        if form is None:
            raise
        form.add_error(refusal.field if refusal.field in form.fields else None, refusal.message)
        return desk.case_page(request, actor, case_id, hearing_form=(name, form), status=422)
    except Conflict as refusal:
        if form is not None:  # its words come back below the sentence: the act may no longer have a form
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, str(_SAID[name]))
    return redirect(desk_pages.case_url(case_id))


def _tell(actor: Actor, case_id: uuid.UUID, form: Any) -> None:
    cases.tell_hearing_right(actor=actor, case_id=case_id)


def _request(actor: Actor, case_id: uuid.UUID, form: Any) -> None:
    cases.request_hearing(actor=actor, case_id=case_id, text=form.cleaned_data["text"])


def _announce(actor: Actor, case_id: uuid.UUID, form: Any) -> None:
    said = form.cleaned_data
    cases.announce_hearing(
        actor=actor,
        case_id=case_id,
        day=said["day"],
        place=said["place"],
        host_id=uuid.UUID(said["host"]),
        host=form.hosts[said["host"]],
    )


def _hold(actor: Actor, case_id: uuid.UUID, form: Any) -> None:
    cases.hold_hearing(actor=actor, case_id=case_id, minutes=form.cleaned_data["minutes"])


def _decline(actor: Actor, case_id: uuid.UUID, form: Any) -> None:
    cases.decline_hearing(actor=actor, case_id=case_id, reason=form.cleaned_data["reason"])


_ACTS: dict[str, Callable[[Actor, uuid.UUID, Any], None]] = {
    "tell": _tell,
    "request": _request,
    "announce": _announce,
    "hold": _hold,
    "decline": _decline,
}
