"""Lists of offices: received and judged, put right by hand, entered as drafts; nothing of a good line is lost."""

import dataclasses
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app as jobs

from zhengtong.capabilities.catalogue import engine
from zhengtong.capabilities.catalogue.constants import (
    LIST_KIND,
    LineOutcome,
    LineVerdict,
    ListState,
    MemoryKind,
    Origin,
)
from zhengtong.capabilities.catalogue.models import ItemList, ItemListLine, ListMemory
from zhengtong.capabilities.catalogue.permissions import importing_unit
from zhengtong.capabilities.catalogue.selectors.imports import (
    Choices,
    Planned,
    judge_file,
    plan,
    remembered,
    sender_key,
)
from zhengtong.capabilities.catalogue.services.drafting import draft_item
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound

ENTER_LIST = "catalogue.enter_list"
AT_ONCE = 60  # lines entered while somebody waits; longer lists are a job
_BATCH = 25
_RESCUE_SECONDS = 300  # by then a short list is entered, or who entered it is gone
_UNDER_WAY = (ListState.ENTERING, ListState.STOPPED)
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "xls": "application/vnd.ms-excel",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv",
}


@dataclasses.dataclass(frozen=True)
class Judged:
    """A list judged without entering anything: every line with its verdict, and what the accepted ones will do."""

    judgement: engine.Judgement
    planned: tuple[Planned, ...]

    def as_json(self) -> dict[str, Any]:
        """The report of the command: rows and summary, with what entering does to the county's list."""
        report = self.judgement.as_json()
        report["summary"]["items"] = _counts(self.planned)
        return report


def judge_list(*, actor: Actor, name: str, content: bytes, sender: str = "", choices: Choices | None = None) -> Judged:
    """试运行: judge a file by what is known of its sender; writes nothing. Raises Invalid, NotPermitted."""
    own_unit = importing_unit(actor)
    known = choices or remembered(actor.tenant, sender or actor.org_name)
    return _judged(actor.tenant, name, content, known, own_unit)


def receive_list(*, actor: Actor, name: str, content: bytes, sender: str = "") -> ItemList:
    """Take a file in and judge it by what is known of its sender.

    Raises Invalid (a sentence, field ``file``) for a file that cannot be read as a list, NotPermitted.
    """
    own_unit = importing_unit(actor)
    sender = (sender.strip() or actor.org_name or _("本县"))[:100]
    choices = remembered(actor.tenant, sender)
    judged = _judged(actor.tenant, name, content, choices, own_unit)
    with transaction.atomic():
        kind = _kind(content)
        stored = storage.store(tenant=actor.tenant, name=_file_name(name), content=content, content_type=_TYPES[kind])
        row = ItemList.objects.create(
            tenant=actor.tenant,
            file=stored,
            file_name=_file_name(name),
            sender=sender,
            org_code=own_unit,
            choices=choices.as_json(),
            person_id=actor.person_id,
            person_name=actor.name,
        )
        _keep(row, judged)
        payload = {"file": row.file_name, "sender": sender, "sha256": stored.digest, "verdicts": _verdicts(row)}
        ledger.append(actor=actor, act="catalogue.list_received", object_ref=_ref(row), payload=payload)
    return row


def correct_list(*, actor: Actor, list_id: uuid.UUID, choices: Choices) -> ItemList:
    """Put right how a list is read and judge it again; columns and departments are remembered for the sender.

    Raises Conflict once the list is being entered, Invalid, NotFound, NotPermitted.
    """
    found = _correctable(actor, list_id)
    _file, content = storage.read(tenant=found.tenant, file_id=found.file_id)
    judged = _judged(found.tenant, found.file_name, content, choices, found.org_code)
    with transaction.atomic():
        row = _correctable(actor, list_id, lock=True)
        _remember(row, choices)
        row.choices, row.state = choices.as_json(), ListState.OPEN
        _keep(row, judged)
        payload = {"file": row.file_name, "sender": row.sender, "choices": row.choices, "verdicts": _verdicts(row)}
        ledger.append(actor=actor, act="catalogue.list_corrected", object_ref=_ref(row), payload=payload)
    return row


def _correctable(actor: Actor, list_id: uuid.UUID, *, lock: bool = False) -> ItemList:
    row = _found(actor, list_id, lock=lock)
    if row.state not in (ListState.OPEN, ListState.ENTERED):
        raise Conflict(_("这张表正在导入，现在不能改动。请等导入结束。"))
    return row


def enter_list(
    *,
    actor: Actor,
    list_id: uuid.UUID,
    wait: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> ItemList:
    """Enter the accepted lines as drafts: at once for a short list or with ``wait``, as a job for a long one.

    Lines that say nothing new change nothing, so a list can be entered again. A short one has a job behind it too:
    it goes on where a process was killed meanwhile. Raises Conflict, NotFound, NotPermitted.
    """
    wait = wait or actor.person_id is None
    with transaction.atomic():
        row = _found(actor, list_id, lock=True)
        if row.state == ListState.ENTERING:
            raise Conflict(_("这张表正在导入。请稍候刷新页面查看进度。"))
        if not ItemListLine.objects.filter(item_list=row, verdict=LineVerdict.ACCEPTED).exists():
            raise Invalid(_("这张表没有可以导入的行。请先按原因改好，再重新上传。"))
        row.total = ItemListLine.objects.filter(item_list=row, verdict=LineVerdict.ACCEPTED).count()
        row.state, row.done = ListState.ENTERING, 0
        row.save(update_fields=["total", "state", "done"])
        if not wait:
            later = {"seconds": 0 if row.total > AT_ONCE else _RESCUE_SECONDS}
            jobs.configure_task(ENTER_LIST, schedule_in=later).defer(
                tenant=row.tenant, list_id=str(row.id), person_id=str(actor.person_id), post_id=str(actor.post_id or "")
            )
    if row.total <= AT_ONCE or wait:
        run_entering(actor=actor, list_id=row.id, progress=progress)
        row.refresh_from_db()
    return row


def run_entering(*, actor: Actor, list_id: uuid.UUID, progress: Callable[[int, int], None] | None = None) -> None:
    """The work of ``enter_list``, in transactions of a few lines each; what was entered stays when one fails.

    Goes on where another run ended, does nothing once the list is entered, and stops where another run goes on.
    """
    row = ItemList.objects.get(tenant=actor.tenant, pk=list_id)
    if row.state not in _UNDER_WAY:
        return
    try:
        planned = _judged_again(row).planned
        pairs = _paired(row, planned)
        for begin in range(row.done, len(pairs), _BATCH):
            batch = pairs[begin : begin + _BATCH]
            with transaction.atomic():
                if _under_way(row, done=begin) is None:
                    return
                for line, each in batch:
                    _enter(actor, line, each)
                ItemList.objects.filter(pk=row.pk).update(done=begin + len(batch))
            if progress is not None:
                progress(begin + len(batch), len(pairs))
    except BaseException:
        ItemList.objects.filter(pk=row.pk).update(state=ListState.STOPPED)
        raise
    _finish(actor, row, done=len(pairs))


def _under_way(row: ItemList, *, done: int) -> ItemList | None:
    """The list, locked, as far as this run has brought it; None where another run has it."""
    return ItemList.objects.select_for_update().filter(pk=row.pk, done=done, state__in=_UNDER_WAY).first()


def _paired(row: ItemList, planned: Sequence[Planned]) -> list[tuple[ItemListLine, Planned | None]]:
    """The accepted lines with what they do now; None where the units or items have changed since the judgement."""
    now_accepted = {(each.line.sheet[:100], each.line.row): each for each in planned}
    lines = ItemListLine.objects.filter(item_list=row, verdict=LineVerdict.ACCEPTED).select_related("item_list")
    return [(line, now_accepted.get((line.sheet, line.row))) for line in lines.order_by("place")]


def _finish(actor: Actor, row: ItemList, *, done: int) -> None:
    with transaction.atomic():
        if _under_way(row, done=done) is None:
            return
        outcomes = {outcome: 0 for outcome in LineOutcome.values if outcome}
        for outcome in ItemListLine.objects.filter(item_list=row).exclude(outcome="").values_list("outcome", flat=True):
            outcomes[outcome] += 1
        row.refresh_from_db()
        row.summary = {**row.summary, "items": outcomes}
        row.state, row.entered_at = ListState.ENTERED, now()
        row.save(update_fields=["summary", "state", "entered_at"])
        payload = {"file": row.file_name, "sender": row.sender, "outcomes": outcomes}
        ledger.append(actor=actor, act="catalogue.list_entered", object_ref=_ref(row), payload=payload)


def _enter(actor: Actor, line: ItemListLine, planned: Planned | None) -> None:
    outcome, note = planned.outcome if planned else LineOutcome.REFUSED, ""
    if planned is None:
        note = _("核对以后机构名录或别的行有变化，这一行现在不能导入。请重新核对。")
    elif outcome == LineOutcome.REFUSED:
        note = _("事项正在审核，不能改动。请等审核结束后再导入。")
    elif outcome in (LineOutcome.ADDED, LineOutcome.UPDATED):
        reason = _("导入事项表“%(file)s”第 %(row)s 行") % {"file": line.item_list.file_name, "row": line.row}
        try:
            with transaction.atomic():
                draft_item(
                    actor=actor,
                    draft=planned.draft,
                    source=Origin.SHEET,
                    remarks=planned.remarks,
                    reason=reason[:500],
                    item_id=planned.item_id,
                )
        except DomainError as refusal:
            outcome, note = LineOutcome.REFUSED, refusal.message
    ItemListLine.objects.filter(pk=line.pk).update(outcome=outcome, outcome_note=note[:500])


def _judged(tenant: str, name: str, content: bytes, choices: Choices, own_unit: str) -> Judged:
    try:
        judgement, directory = judge_file(tenant=tenant, content=content, name=name, choices=choices, own_unit=own_unit)
    except engine.Unreadable as problem:
        raise Invalid(str(problem), field="file") from problem
    return Judged(judgement, tuple(plan(tenant, judgement, directory)))


def _judged_again(row: ItemList) -> Judged:
    _file, content = storage.read(tenant=row.tenant, file_id=row.file_id)
    return _judged(row.tenant, row.file_name, content, Choices.of(row.choices), row.org_code)


def _keep(row: ItemList, judged: Judged) -> None:
    """Replace the lines of a list by those of a new judgement."""
    ItemListLine.objects.filter(item_list=row).delete()
    will = {id(planned.line): planned.outcome for planned in judged.planned}
    ItemListLine.objects.bulk_create(
        [_line_row(row, place, line, will) for place, line in enumerate(judged.judgement.lines)], batch_size=500
    )
    headings = {sheet.name: sheet.headings[0][1] for sheet in judged.judgement.sheets if sheet.headings}
    row.summary = {**judged.as_json()["summary"], "headings": headings}
    row.total = row.done = 0
    row.save()


def _line_row(row: ItemList, place: int, line: engine.Line, will: Mapping[int, LineOutcome]) -> ItemListLine:
    content = line.content
    written = content.match.written if content.match else ""
    limits = [limit.text if limit else "" for limit in (content.statutory, content.promised)]
    planned = will.get(id(line))
    return ItemListLine(
        tenant=row.tenant,
        item_list=row,
        place=place,
        sheet=line.sheet[:100],
        row=line.row,
        verdict=line.verdict,
        name=line.name[:300],
        department=line.department[:200],
        written_department=" ".join(written.split())[:200],
        statutory_limit=limits[0],
        promised_limit=limits[1],
        problems=[
            {"code": p.code, "field": p.field, "severity": p.severity, "message": p.message} for p in line.problems
        ],
        planned=planned or "",
    )


def _remember(row: ItemList, choices: Choices) -> None:
    sender = sender_key(row.sender)
    for kind, entries in ((MemoryKind.COLUMN, choices.columns), (MemoryKind.DEPARTMENT, choices.departments)):
        for written, meaning in entries.items():
            ListMemory.objects.update_or_create(
                tenant=row.tenant, sender=sender, kind=kind, written=written[:200], defaults={"meaning": meaning[:40]}
            )


def _found(actor: Actor, list_id: uuid.UUID, *, lock: bool) -> ItemList:
    own_unit = importing_unit(actor)
    rows = ItemList.objects.filter(tenant=actor.tenant, pk=list_id)
    rows = rows.filter(org_code=own_unit) if own_unit else rows
    row = (rows.select_for_update() if lock else rows).first()
    if row is None:
        raise NotFound(_("没有这张事项表，或者它不是您单位导入的。"))
    return row


def _counts(planned: tuple[Planned, ...]) -> dict[str, int]:
    found = {str(outcome): 0 for outcome in LineOutcome.values if outcome}
    for each in planned:
        found[str(each.outcome)] += 1
    return found


def _verdicts(row: ItemList) -> dict[str, int]:
    return {verdict: row.summary[verdict] for verdict in LineVerdict.values}


def _kind(content: bytes) -> str:
    if content.startswith(b"PK"):
        return "xlsx"
    return "xls" if content.startswith(b"\xd0\xcf\x11\xe0") else "csv"


def _file_name(name: str) -> str:
    return (name.replace("\\", "/").rpartition("/")[2].strip() or _("事项表"))[-200:]


def _ref(row: ItemList) -> ObjectRef:
    return ObjectRef(kind=LIST_KIND, id=str(row.id))
