"""整改: the notice to the unit, its acknowledgement, the unit's reports, reviews until all is right or referred."""

import dataclasses
import uuid
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.contracts.inspections import FindingReferred
from zhengtong.kernel import parameters, storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotPermitted
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.texts import whole_text
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.kernel.uploads import CheckedUpload, checked_upload
from zhengtong.systems.inspections.constants import (
    MOST_TURNS,
    PHOTOS_MAX,
    REASON_MAX,
    ActKind,
    Ending,
    FindingState,
    Verdict,
    VisitState,
)
from zhengtong.systems.inspections.models import Evidence, Finding, Measure, Rectification, RectificationReport, Visit
from zhengtong.systems.inspections.permissions import person_of
from zhengtong.systems.inspections.rules.going import verdict_of
from zhengtong.systems.inspections.services import limits
from zhengtong.systems.inspections.services.papers import notice_paper, seal_of
from zhengtong.systems.inspections.services.taking import said, take_visit
from zhengtong.systems.inspections.services.telling import (
    note_visit,
    tell_inspectors,
    tell_office,
    tell_unit,
    visit_fields,
    words_of,
)
from zhengtong.systems.inspections.services.visiting import close_visit


@dataclasses.dataclass(frozen=True, kw_only=True)
class MeasureWords:
    """What the unit has done about one finding; ``files`` are (name, content)."""

    text: str
    files: Sequence[tuple[str, bytes]] = ()


def issue_notice(*, actor: Actor, visit_id: uuid.UUID, demand: str) -> Rectification:
    """发出整改通知: numbered, sealed where the office can have a seal; the unit's limit begins."""
    with transaction.atomic():
        plan = take_visit(actor, visit_id, "notice").plan
    seal_id = seal_of(plan)
    with transaction.atomic():
        return _issue_notice(actor, visit_id, demand, seal_id)


def _issue_notice(actor: Actor, visit_id: uuid.UUID, demand: str, seal_id: uuid.UUID | None) -> Rectification:
    visit = take_visit(actor, visit_id, "notice")
    row = Rectification(
        tenant=visit.tenant, visit=visit, demand=said(demand, field="demand"), issued_at=now(), issued_by=actor.name
    )
    limits.begin(row, "rectify")
    paper = notice_paper(row, seal_id)
    row.number, row.document_id = paper.number, paper.id
    row.save(force_insert=True)
    _move(visit, VisitState.RECTIFY)
    note_visit(actor, visit, "inspections.issue_notice", ActKind.NOTICE, row.demand, paper=row.number, due=row.due_on)
    body = _("收到%(what)s的整改通知书（%(number)s），请签收，并在 %(due)s 前报送整改情况。") % {
        "what": words_of(visit),
        "number": row.number,
        "due": cn_date(row.due_on),
    }
    tell_unit(visit, title=_("督查整改通知"), body=body)
    return row


@transaction.atomic
def acknowledge(*, actor: Actor, visit_id: uuid.UUID) -> Rectification:
    """签收: the unit has read the notice."""
    visit = take_visit(actor, visit_id, "acknowledge")
    row = visit.rectification
    row.acknowledged_at, row.acknowledged_by = now(), actor.name
    row.save(update_fields=["acknowledged_at", "acknowledged_by"])
    note_visit(actor, visit, "inspections.acknowledge", ActKind.ACKNOWLEDGE, paper=row.number)
    tell_inspectors(visit, title=_("整改通知已签收"), body=_("%(what)s的整改通知已签收。") % {"what": words_of(visit)})
    return row


def report(
    *, actor: Actor, visit_id: uuid.UUID, text: str, measures: Mapping[int, MeasureWords]
) -> RectificationReport:
    """报送整改情况: what was done about each open finding, with proof; the inspectors' limit begins. Raises Invalid."""
    proofs, wrong = _proofs(measures)
    text = whole_text(text, REASON_MAX, label=_("整改情况"), field="text")
    with transaction.atomic():
        visit = take_visit(actor, visit_id, "report")
        findings = list(visit.findings.filter(state=FindingState.OPEN).order_by("no"))
        checked = _checked(findings, measures, wrong)
        row = visit.rectification
        in_time = limits.end(row)
        made = RectificationReport.objects.create(
            tenant=visit.tenant,
            rectification=row,
            turn=row.turn,
            text=text,
            by_id=person_of(actor),
            by_name=actor.name,
            in_time=in_time,
        )
        for finding in findings:
            _write_measure(made, finding, checked[finding.no], proofs.get(finding.no, ()))
        limits.begin(row, "review")
        row.save()
        _move(visit, VisitState.REVIEW)
        payload = {"turn": made.turn, "findings": [one.no for one in findings], "in_time": in_time}
        note_visit(actor, visit, "inspections.report", ActKind.REPORT, made.text, **payload)
        body = _("%(org)s已报送%(what)s的整改情况，请在 %(due)s 前复查。") % {
            "org": visit.org_name,
            "what": words_of(visit),
            "due": cn_date(row.due_on),
        }
        tell_inspectors(visit, title=_("督查整改待复查"), body=body)
    return made


@transaction.atomic
def review(*, actor: Actor, visit_id: uuid.UUID, verdicts: Mapping[int, str], opinion: str) -> RectificationReport:
    """复查, finding by finding: put right, go on, or referred to supervision. Not by who reported.

    Raises Invalid, NotPermitted, Conflict (turns used up).
    """
    visit = take_visit(actor, visit_id, "review")
    row = visit.rectification
    made = row.reports.get(turn=row.turn)
    if made.by_id == person_of(actor):
        raise NotPermitted(_("报送整改情况的人不能复查。"))
    measures = list(made.measures.select_related("finding").order_by("finding__no"))
    wrong = [str(one.finding.no) for one in measures if verdicts.get(one.finding.no) not in Verdict.values]
    if wrong:
        raise Invalid(_("请给第 %(no)s 个问题选择复查结论。") % {"no": "、".join(wrong)}, field="verdict")
    most = int(parameters.value(MOST_TURNS, tenant=visit.tenant))
    try:
        found = Verdict(verdict_of((verdicts[one.finding.no] for one in measures), turn=row.turn, most=most))
    except ValueError:
        raise Conflict(_("已经整改 %(n)d 次，不能再退回，请移交电子监察。") % {"n": row.turn}) from None
    made.verdict, made.opinion, made.reviewed_at = found, said(opinion, field="opinion"), now()
    made.reviewed_by_id, made.reviewed_by = actor.person_id, actor.name
    made.save()
    for one in measures:
        _judge(visit, row, one, Verdict(verdicts[one.finding.no]))
    limits.end(row)
    words = _("%(verdict)s。%(opinion)s") % {"verdict": found.label, "opinion": made.opinion}
    note_visit(actor, visit, "inspections.review", ActKind.REVIEW, words, turn=made.turn, verdict=found.value)
    _after_review(actor, visit, row, found, made.opinion)
    return made


def _after_review(actor: Actor, visit: Visit, row: Rectification, found: Verdict, opinion: str) -> None:
    if found == Verdict.AGAIN:
        row.turn += 1
        limits.begin(row, "rectify")
        row.save()
        _move(visit, VisitState.RECTIFY)
        body = _("%(what)s的整改经复查还要继续，请在 %(due)s 前再次报送。%(opinion)s") % {
            "what": words_of(visit),
            "due": cn_date(row.due_on),
            "opinion": opinion,
        }
        tell_unit(visit, title=_("督查整改继续"), body=body)
        return
    row.save()
    referred = visit.findings.filter(state=FindingState.REFERRED).exists()
    close_visit(actor, visit, Ending.REFERRED if referred else Ending.PASSED, in_time=row.kept)
    body = _("%(what)s已办结：%(how)s。%(opinion)s") % {
        "what": words_of(visit),
        "how": visit.get_ending_display(),
        "opinion": opinion,
    }
    tell_unit(visit, title=_("督查整改复查结果"), body=body)
    if referred:
        tell_office(visit, title=_("督查发现移交监察"), body=body)


def _judge(visit: Visit, row: Rectification, measure: Measure, verdict: Verdict) -> None:
    measure.verdict = verdict
    measure.save(update_fields=["verdict"])
    if verdict == Verdict.AGAIN:
        return
    finding = measure.finding
    finding.state = FindingState(verdict.value)
    finding.save(update_fields=["state"])
    if verdict == Verdict.REFERRED:
        publish(
            FindingReferred(
                **visit_fields(visit),
                finding_id=finding.id,
                point=finding.title,
                serious=finding.serious,
                turn=row.turn,
            )
        )


def _proofs(measures: Mapping[int, MeasureWords]) -> tuple[dict[int, list[CheckedUpload]], dict[int, str]]:
    """The files that may come in by the number of their finding, and by it what is wrong with the others."""
    proofs: dict[int, list[CheckedUpload]] = {no: [] for no in measures}
    wrong: dict[int, str] = {}
    for no, words in measures.items():
        if len(words.files) > PHOTOS_MAX:
            wrong[no] = _("一个问题最多 %(n)d 份证明材料。") % {"n": PHOTOS_MAX}
            continue
        try:
            proofs[no].extend(checked_upload(name, content) for name, content in words.files)
        except Invalid as refusal:
            wrong[no] = refusal.message
    return proofs, wrong


def _checked(
    findings: Sequence[Finding], measures: Mapping[int, MeasureWords], wrong: Mapping[int, str]
) -> dict[int, MeasureWords]:
    errors, found = {}, {}
    for finding in findings:
        words = measures.get(finding.no, MeasureWords(text=""))
        field = f"measure_{finding.no}"
        try:
            found[finding.no] = dataclasses.replace(words, text=said(words.text, field=field))
        except Invalid as refusal:
            errors[field] = refusal.message
        if finding.no in wrong:
            errors.setdefault(field, wrong[finding.no])
    if errors:
        raise Invalid(_("还有 %(n)d 个问题的整改情况要补充。") % {"n": len(errors)}, errors=errors)
    return found


def _write_measure(
    made: RectificationReport, finding: Finding, words: MeasureWords, proofs: Sequence[CheckedUpload]
) -> None:
    row = Measure.objects.create(tenant=made.tenant, report=made, finding=finding, text=words.text)
    for proof in proofs:
        file = storage.store_upload(tenant=made.tenant, upload=proof)
        Evidence.objects.create(tenant=made.tenant, measure=row, file_id=file.id, name=file.name)


def _move(visit: Visit, state: VisitState) -> None:
    visit.state = state
    visit.save(update_fields=["state"])
