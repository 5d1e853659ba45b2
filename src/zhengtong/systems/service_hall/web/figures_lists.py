"""Lists of the desks as workbooks: what the page shows, as far as the same filters go, with the same masks.

Whoever takes out a list with persons in it is entered in the ledger.
"""

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from zhengtong.capabilities.cases import api as cases
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.paging import Page, every_row
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.ui import exports
from zhengtong.kernel.ui.formats import mask_name
from zhengtong.systems.service_hall import api, selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND, ApplicantKind
from zhengtong.systems.service_hall.models import Delivery, PassedBatch
from zhengtong.systems.service_hall.web import counter_pages, desk_clocks, desk_pages
from zhengtong.systems.service_hall.web.desk_queue import FIRST, DeskState

_CHUNK = 1000


def _taken_out(
    actor: Actor,
    name: str,
    title: str,
    columns: list[dict[str, Any]],
    rows: list[dict[str, Any]],
    narrowed: dict[str, str],
) -> HttpResponse:
    """The workbook, after the ledger has been told."""
    api.record_export(
        actor=actor, name=name, rows=len(rows), narrowed={key: each for key, each in narrowed.items() if each}
    )
    return exports.download(title, exports.sheet_of(title[:31], columns, rows))


@requires(*desk_pages.HANDLERS)
@require_safe
@never_cache
def queue(request: HttpRequest) -> HttpResponse:
    """A queue of the desk as it is narrowed and sorted in the address."""
    actor = actor_of(request)
    state = DeskState.of(request.GET.dict())
    done = state.queue == "done"

    def chunk(number: int) -> Page[cases.WorkItemView]:
        wanted = state.wanted
        return cases.desk(actor=actor, queue=state.queue, page=number, size=_CHUNK, first_phase=FIRST, wanted=wanted)

    items = list(every_row(chunk, exports.MOST_ROWS))
    ours = [uuid.UUID(item.subject.id) for item in items if item.subject.kind == OBJECT_KIND]
    names = {
        str(key): name for key, name in selectors.masked_applicants(tenant=actor.tenant, application_ids=ours).items()
    }
    calendar = cases.calendar_of(actor.tenant)
    columns = [
        {"key": "number", "label": _("编号")},
        {"key": "item", "label": _("事项")},
        {"key": "step", "label": _("环节")},
        {"key": "applicant", "label": _("申请人")},
        {"key": "came", "label": _("到达时间"), "kind": "datetime"},
        *(
            [{"key": "done", "label": _("办理时间"), "kind": "datetime"}, {"key": "result", "label": _("结论")}]
            if done
            else []
        ),
        {"key": "due", "label": _("时限"), "kind": "lamp"},
        {"key": "holder", "label": _("签收人")},
        {"key": "unit", "label": _("办理单位")},
        {"key": "owner", "label": _("主办单位")},
    ]
    rows = [
        {
            "number": item.number,
            "item": item.title,
            "step": item.step,
            "applicant": names.get(item.subject.id, ""),
            "came": item.opened_at,
            "done": item.done_at,
            "result": desk_pages.outcome_label(item),
            "due": desk_clocks.task_lamp(item, calendar),
            "holder": item.done_by if done else item.holder,
            "unit": item.org_name or _("申请人"),
            "owner": item.case_org_name,
        }
        for item in items
    ]
    return _taken_out(actor, "queue", str(cases.QUEUES[state.queue]), columns, rows, {"query": state.query()})


@requires(*desk_pages.HANDLERS)
@require_safe
@never_cache
def licences(request: HttpRequest) -> HttpResponse:
    """Licences of the unit; GET q as on the page."""
    actor = actor_of(request)
    sought = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    columns = [
        {"key": "number", "label": _("编号")},
        {"key": "title", "label": _("证照")},
        {"key": "holder", "label": _("持有人")},
        {"key": "from", "label": _("有效期起"), "kind": "date"},
        {"key": "until", "label": _("有效期止"), "kind": "date"},
        {"key": "state", "label": _("状态")},
    ]
    rows = [
        {
            "number": card.paper.number,
            "title": card.paper.title,
            "holder": mask_name(card.paper.holder_name) if card.view.holder_is_person else card.paper.holder_name,
            "from": card.paper.valid_from,
            "until": card.paper.valid_until,
            "state": card.words,
        }
        for card in every_row(
            lambda number: api.unit_licences(actor=actor, words=sought, page=number), exports.MOST_ROWS
        )
    ]
    # what was sought may be a person's name: the ledger keeps that something was sought, not whom
    return _taken_out(actor, "licences", _("本单位证照"), columns, rows, {"sought": _("有") if sought else ""})


@requires(*counter_pages.ROLES)
@require_safe
@never_cache
def deliveries(request: HttpRequest) -> HttpResponse:
    """What the counter has in hand; no address, no telephone."""
    actor = actor_of(request)
    columns = [
        {"key": "number", "label": _("编号")},
        {"key": "item", "label": _("事项")},
        {"key": "applicant", "label": _("申请人")},
        {"key": "way", "label": _("领取方式")},
        {"key": "place", "label": _("领取点")},
        {"key": "state", "label": _("状态")},
        {"key": "moved", "label": _("最近进展"), "kind": "datetime"},
    ]
    rows = [
        _delivery(row)
        for row in every_row(lambda number: api.deliveries_in_hand(actor=actor, page=number), exports.MOST_ROWS)
    ]
    return _taken_out(actor, "deliveries", _("证照送达"), columns, rows, {})


def _delivery(row: Delivery) -> dict[str, Any]:
    application = row.application
    person = application.applicant_kind == ApplicantKind.PERSON
    return {
        "number": application.number,
        "item": application.item_name,
        "applicant": mask_name(application.applicant_name) if person else application.applicant_name,
        "way": row.get_way_display(),
        "place": row.place_name,
        "state": row.get_state_display(),
        "moved": row.moved_at,
    }


@requires(*counter_pages.ROLES)
@require_safe
@never_cache
def passed_lists(request: HttpRequest) -> HttpResponse:
    """Lists of papers on their way here and lists that were sent; units and officials only, no applicant."""
    actor = actor_of(request)
    columns = [
        {"key": "number", "label": _("清单编号")},
        {"key": "from", "label": _("递交单位")},
        {"key": "to", "label": _("接收单位")},
        {"key": "sent", "label": _("递交时间"), "kind": "datetime"},
        {"key": "received", "label": _("签收时间"), "kind": "datetime"},
        {"key": "by", "label": _("签收人")},
    ]
    coming = [_passed(batch) for batch in api.lists_to_receive(actor=actor)]
    sent = [
        _passed(batch)
        for batch in every_row(lambda number: api.lists_sent(actor=actor, page=number), exports.MOST_ROWS)
    ]
    pages = [exports.sheet_of(title, columns, rows) for title, rows in ((_("等待签收"), coming), (_("已经递交"), sent))]
    return exports.download(_("纸质材料递交清单"), *pages)


def _passed(batch: PassedBatch) -> dict[str, Any]:
    return {
        "number": batch.number,
        "from": batch.from_org_name,
        "to": batch.to_org_name,
        "sent": batch.created_at,
        "received": batch.received_at,
        "by": batch.received_by,
    }
