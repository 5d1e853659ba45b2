"""A person's rights over what is held about him: a copy, and the correction of what is wrong."""

import io
import json
import uuid
import zipfile
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.identity.constants import Role
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.personal_data import holdings_of
from zhengtong.kernel.ui.formats import cn_datetime
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import (
    CORRECTION_KIND,
    CORRECTION_LIMIT,
    DATA_KEEPER,
    ApplicationStatus,
    CorrectionState,
)
from zhengtong.systems.service_hall.models import Application, CorrectionRequest
from zhengtong.systems.service_hall.permissions import own
from zhengtong.systems.service_hall.rules.copies import lines_of

_LONGEST = 1000
#: data that a unit holds for a matter; everything else is kept by the platform's own unit
_OF_A_MATTER = ("applications", "materials", "licences")


def copy_of_data(*, actor: Actor, with_files: bool = False) -> tuple[str, bytes]:
    """File name and content of a copy of what is held about the actor, in a zip, with his files if wanted.

    A page to read, and the same as JSON for programs that take it over (第四十五条: 可以转移).
    The handing out is entered in the ledger. Raises NotPermitted for an official in office.
    """
    require_person(actor)
    out = io.BytesIO()
    counts: dict[str, int] = {}
    chapters: list[dict[str, Any]] = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as bound:
        for one in holdings_of(actor):
            rows = list(one.rows())
            counts[one.key] = len(rows)
            about = {"名称": one.label, "用途": one.purpose, "保存": one.kept, "内容": rows}
            bound.writestr(f"{one.key}.json", json.dumps(about, ensure_ascii=False, indent=2, default=str))
            chapter: dict[str, Any] = {
                "about": one,
                "rows": [lines_of(row, moment=cn_datetime) for row in rows],
                "files": [],
            }
            for name, content in one.files() if with_files and one.files else ():
                bound.writestr(f"{one.key}/{name}", content)
                chapter["files"].append(name)
            chapters.append(chapter)
        told = {"name": actor.on_behalf_of or actor.name, "at": cn_datetime(now()), "chapters": chapters}
        bound.writestr(_("我的信息.html"), render_to_string("service_hall/my_data/copied.html", told))
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="service_hall.copy_data",
            object_ref=ObjectRef(kind="person", id=str(actor.person_id)),
            payload={"counts": counts, "with_files": with_files},
        )
    return _("本人信息副本-%(day)s.zip") % {"day": f"{local_date():%Y%m%d}"}, out.getvalue()


@transaction.atomic
def ask_correction(
    *, actor: Actor, holding: str, wrong: str, right: str, application_id: uuid.UUID | None = None
) -> CorrectionRequest:
    """更正申请: goes to the unit that answers for the data, which answers within the days the county set.

    ``application_id`` names the matter whose data are wrong; data of the person himself go to the keeper of
    identities. Raises Invalid, NotFound for another's application, NotPermitted for an official in office.
    """
    person_id = require_person(actor)
    held = {one.key: one.label for one in holdings_of(actor)}
    errors = {}
    if holding not in held:
        errors["holding"] = _("请选择是哪一类信息。")
    for name, text in (("wrong", wrong), ("right", right)):
        if not text.strip() or len(text.strip()) > _LONGEST:
            errors[name] = _("必须填写，最多 1000 个字。")
    if holding in _OF_A_MATTER and application_id is None:
        errors["application"] = _("请选择是哪个办件的信息。")
    if errors:
        raise Invalid(_("更正申请不完整。"), errors=errors)
    org = _keeper(actor, application_id if holding in _OF_A_MATTER else None)
    days = int(parameters.value(CORRECTION_LIMIT, tenant=actor.tenant))
    open_ones = CorrectionRequest.objects.filter(
        tenant=actor.tenant, person_id=person_id, holding=holding, org_id=org[0], state=CorrectionState.ASKED
    )
    for known in open_ones:
        if (known.wrong, known.right) == (wrong.strip(), right.strip()):
            return known  # a second press on the button
    row = CorrectionRequest.objects.create(
        tenant=actor.tenant,
        person_id=person_id,
        person_name=actor.name,
        holding=holding,
        holding_label=held[holding][:120],
        wrong=wrong.strip(),
        right=right.strip(),
        org_id=org[0],
        org_name=org[1],
        due_on=cases.calendar_of(actor.tenant).add_workdays(local_date(), days),
    )
    _record(actor, row, "service_hall.ask_correction")
    return row


@transaction.atomic
def read_correction(*, actor: Actor, request_id: uuid.UUID) -> CorrectionRequest:
    """A request in the clear for an official of the unit it went to; the reading is entered."""
    row = selectors.unit_correction(actor=actor, request_id=request_id)
    _record(actor, row, "service_hall.read_correction", purpose=_("办理个人信息更正"))
    return row


@transaction.atomic
def answer_correction(*, actor: Actor, request_id: uuid.UUID, state: str, answer: str) -> CorrectionRequest:
    """Say that it was corrected, or why not; the person is told. Raises NotFound, Conflict, Invalid."""
    selectors.unit_correction(actor=actor, request_id=request_id)
    row = CorrectionRequest.objects.select_for_update().get(pk=request_id)
    if row.state != CorrectionState.ASKED:
        raise Conflict(_("这份更正申请已经答复。"))
    if state not in (CorrectionState.CORRECTED, CorrectionState.REFUSED):
        raise Invalid(_("请选择已更正或者没有更正。"), field="state")
    if not answer.strip() or len(answer.strip()) > _LONGEST:
        raise Invalid(_("请写明怎样更正的，或者为什么不能更正，最多 1000 个字。"), field="answer")
    row.state, row.answer = state, answer.strip()
    row.answered_by, row.answered_at = actor.name, now()
    row.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    _record(actor, row, "service_hall.answer_correction")
    notify.send_message(
        tenant=row.tenant,
        person_id=row.person_id,
        title=_("个人信息更正：%(state)s") % {"state": row.get_state_display()},
        body=_("您申请更正“%(what)s”，%(org)s答复：%(answer)s")
        % {"what": row.holding_label, "org": row.org_name, "answer": row.answer},
        object_ref=ObjectRef(kind=CORRECTION_KIND, id=str(row.id)),
        link=reverse("service_hall:my-data"),
    )
    return row


def correctable_applications(*, actor: Actor) -> list[Application]:
    """The actor's own applications that were handed in, newest first, to choose from."""
    rows = Application.objects.filter(own(actor), number__isnull=False).exclude(status=ApplicationStatus.DRAFT)
    return list(rows.order_by("-created_at")[:100])


def _keeper(actor: Actor, application_id: uuid.UUID | None) -> tuple[uuid.UUID, str]:
    if application_id is not None:
        row = selectors.own_application(actor=actor, application_id=application_id)
        return row.org_id, row.org_name
    code = str(parameters.value(DATA_KEEPER, tenant=actor.tenant))
    units = [identity.organisation(actor.tenant, code)] if code else []
    units = units or identity.units_with_role(actor.tenant, Role.COUNTER)
    if not units:
        raise NotFound(_("本县还没有指定负责实名信息的单位，请到便民服务中心窗口办理更正。"))
    return units[0].id, units[0].name


def require_person(actor: Actor) -> uuid.UUID:
    """The person who asks for himself; NotPermitted for an official in office and for a stranger."""
    if actor.person_id is None or actor.kind == "official":
        raise NotPermitted(_("这里是您个人的信息。请先切换为个人身份。"))
    return actor.person_id


def _record(actor: Actor, row: CorrectionRequest, act: str, *, purpose: str = "") -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=CORRECTION_KIND, id=str(row.id)),
        payload={"holding": row.holding, "state": row.state},
        purpose=purpose,
    )
