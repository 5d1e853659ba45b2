"""Drafts of processes: begin, save, submit, take back, send back, approve, discard."""

import re
import uuid

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import DraftState
from zhengtong.capabilities.cases.engine.parse import Malformed, read_xml
from zhengtong.capabilities.cases.models import ProcessDraft, ProcessTrial, ProcessVersion
from zhengtong.capabilities.cases.permissions import check_may_draw, check_may_release
from zhengtong.capabilities.cases.selectors.trials import submission_problems
from zhengtong.capabilities.cases.services.processes import Signer, checked_graph, freeze_version
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound

DRAFT_KIND = "process_draft"
REASON_LENGTH = 5
_KEY = re.compile(r"[a-z][a-z0-9_]{1,59}")
_BLANK = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zt="urn:zhengtong:bpmn" id="definitions_{key}" \
targetNamespace="urn:zhengtong:processes">
  <bpmn:process id="{key}" isExecutable="true">
    <bpmn:startEvent id="start" name="{start}"><bpmn:outgoing>flow_start</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="accept" name="{task}" zt:role="clerk" zt:unit="lead" zt:phase="accept" \
zt:outcomes="accept:{task}"><bpmn:incoming>flow_start</bpmn:incoming>\
<bpmn:outgoing>flow_end</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="end" name="{end}" zt:result="granted"><bpmn:incoming>flow_end</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="flow_start" sourceRef="start" targetRef="accept" />
    <bpmn:sequenceFlow id="flow_end" sourceRef="accept" targetRef="end" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram">
    <bpmndi:BPMNPlane id="plane" bpmnElement="{key}">
      <bpmndi:BPMNShape id="start_di" bpmnElement="start"><dc:Bounds x="160" y="142" width="36" height="36" />\
<bpmndi:BPMNLabel><dc:Bounds x="156" y="185" width="44" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="accept_di" bpmnElement="accept"><dc:Bounds x="260" y="120" width="100" height="80" />\
</bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="end_di" bpmnElement="end"><dc:Bounds x="430" y="142" width="36" height="36" />\
<bpmndi:BPMNLabel><dc:Bounds x="426" y="185" width="44" height="14" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="flow_start_di" bpmnElement="flow_start"><di:waypoint x="196" y="160" />\
<di:waypoint x="260" y="160" /></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="flow_end_di" bpmnElement="flow_end"><di:waypoint x="360" y="160" />\
<di:waypoint x="430" y="160" /></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def create_draft(
    *, actor: Actor, key: str, title: str, bpmn_xml: str = "", base_id: uuid.UUID | None = None
) -> uuid.UUID:
    """Begin a draft: blank, from an uploaded drawing, or as a copy of a version with its recorded trials.

    Raises Invalid for a key or title that will not do, Conflict while another draft of the process is open.
    """
    check_may_draw(actor)
    base = _version(actor, base_id) if base_id else None
    key, title = (base.key if base else key.strip()), title.strip() or (base.title if base else "")
    errors = {}
    if not _KEY.fullmatch(key):
        errors["key"] = _("流程代码用小写英文字母、数字和下划线，以字母开头，最多 60 个字符，例如 food_licence。")
    if not title or len(title) > 120:
        errors["title"] = _("请填写流程名称，最多 120 个字。")
    if errors:
        raise Invalid("".join(errors.values()), errors=errors)
    xml = bpmn_xml or (base.bpmn_xml if base else _blank(key))
    _check_readable(xml)
    try:
        with transaction.atomic():
            draft = ProcessDraft.objects.create(
                tenant=actor.tenant,
                key=key,
                title=title,
                bpmn_xml=xml,
                base=base or _active(actor, key),
                changed_by=actor.name,
                changed_by_id=_person(actor),
            )
            _copy_trials(actor, draft)
            _record(actor, draft, "cases.draft_process", {"base": str(base.id) if base else ""})
    except IntegrityError:
        raise Conflict(_("这个流程已经有一份没有批准的草稿，请在那份草稿上修改，或者先作废它。")) from None
    return draft.id


def save_draft(
    *, actor: Actor, draft_id: uuid.UUID, rev: int, bpmn_xml: str = "", title: str = "", force: bool = False
) -> int:
    """Keep what has been drawn; returns the new revision. A working paper: submitting it is what the ledger records.

    Raises Conflict when somebody saved after revision ``rev`` was read, unless ``force`` says that his drawing was
    seen and shall be replaced, and Invalid for what is no drawing at all.
    """
    check_may_draw(actor)
    if bpmn_xml:
        _check_readable(bpmn_xml)
    with transaction.atomic():
        draft = _locked(actor, draft_id)
        _check_editing(draft)
        if draft.rev != rev and not force:
            raise Conflict(
                _("%(name)s已经在您打开之后保存过这份草稿，您的图纸还在页面上，没有丢失，也没有覆盖对方的。")
                % {"name": draft.changed_by}
            )
        if len(title.strip()) > 120:
            raise Invalid(_("流程名称最多 120 个字。"), field="title")
        draft.bpmn_xml = bpmn_xml or draft.bpmn_xml
        draft.title = title.strip() or draft.title
        draft.rev += 1
        draft.changed_at, draft.changed_by, draft.changed_by_id = now(), actor.name, _person(actor)
        draft.save(update_fields=["bpmn_xml", "title", "rev", "changed_at", "changed_by", "changed_by_id"])
    return draft.rev


def submit_draft(*, actor: Actor, draft_id: uuid.UUID, rev: int) -> None:
    """Ask a second person to put the drawing in force: it compiles, and every recorded trial runs to its end.

    Raises Invalid with all reasons why not yet, Conflict when the drawing was changed meanwhile.
    """
    check_may_draw(actor)
    with transaction.atomic():
        draft = _locked(actor, draft_id)
        _check_editing(draft)
        if draft.rev != rev:
            raise Conflict(_("图纸刚刚又有改动，请看过最新的图纸以后再报批。"))
        checked_graph(actor.tenant, draft.bpmn_xml)
        problems = submission_problems(draft)
        if problems:
            raise Invalid(_("还不能报批：%(reasons)s") % {"reasons": "".join(problems)})
        draft.state = DraftState.SUBMITTED
        draft.submitted_at, draft.submitted_by, draft.submitted_by_id = now(), actor.name, _person(actor)
        draft.submitted_for_id, draft.submitted_org_id = actor.delegator_id, actor.org_id
        draft.decided_at, draft.decided_by, draft.decided_by_id, draft.note = None, "", None, ""
        draft.save()
        _record(actor, draft, "cases.submit_process", {"rev": draft.rev})


def recall_draft(*, actor: Actor, draft_id: uuid.UUID) -> None:
    """Take a submitted drawing back to go on drawing, before anybody has decided."""
    check_may_draw(actor)
    with transaction.atomic():
        draft = _locked(actor, draft_id)
        _check_submitted(draft)
        draft.state = DraftState.EDITING
        draft.save(update_fields=["state"])
        _record(actor, draft, "cases.recall_process", {})


def reject_draft(*, actor: Actor, draft_id: uuid.UUID, rev: int, reason: str) -> None:
    """The second person sends the drawing back with a reason."""
    with transaction.atomic():
        draft = _locked(actor, draft_id)
        _check_deciding(actor, draft, rev)
        if len(reason.strip()) < REASON_LENGTH:
            raise Invalid(_("请写明退回的理由，至少 %(n)d 个字。") % {"n": REASON_LENGTH}, field="reason")
        _decide(actor, draft, DraftState.EDITING, reason)
        _record(actor, draft, "cases.reject_process", {"reason": reason.strip()})


def approve_draft(*, actor: Actor, draft_id: uuid.UUID, rev: int, note: str = "") -> uuid.UUID:
    """The second person puts the drawing in force as the next version; open cases stay on theirs.

    All gates are passed again: what compiled at submission must compile with today's program.
    """
    with transaction.atomic():
        draft = _locked(actor, draft_id)
        _check_deciding(actor, draft, rev)
        problems = submission_problems(draft)
        if problems:
            raise Invalid(_("不能启用：%(reasons)s") % {"reasons": "".join(problems)})
        version = freeze_version(
            actor=actor,
            drawer=Signer(draft.submitted_by_id, draft.submitted_by),
            approver=Signer.of(actor),
            key=draft.key,
            title=draft.title,
            bpmn_xml=draft.bpmn_xml,
        )
        draft.version = version
        _decide(actor, draft, DraftState.APPROVED, note)
    return version.id


def discard_draft(*, actor: Actor, draft_id: uuid.UUID, reason: str) -> None:
    """Give a draft up; it stays readable."""
    check_may_draw(actor)
    with transaction.atomic():
        draft = _locked(actor, draft_id)
        _check_editing(draft)
        if len(reason.strip()) < REASON_LENGTH:
            raise Invalid(_("请写明作废的理由，至少 %(n)d 个字。") % {"n": REASON_LENGTH}, field="reason")
        draft.state = DraftState.DISCARDED
        draft.save(update_fields=["state"])
        _record(actor, draft, "cases.discard_process", {"reason": reason.strip()})


def _blank(key: str) -> str:
    return _BLANK.format(key=key, start=_("提出申请"), task=_("受理"), end=_("办结"))


def _check_readable(xml: str) -> None:
    try:
        read_xml(xml)
    except Malformed as error:
        raise Invalid(str(error), field="file") from None


def _copy_trials(actor: Actor, draft: ProcessDraft) -> None:
    """What was tried on the version a draft starts from is tried on the draft as well."""
    source = (
        ProcessDraft.objects.filter(tenant=actor.tenant, version_id=draft.base_id).first() if draft.base_id else None
    )
    if source is not None:
        ProcessTrial.objects.bulk_create(
            ProcessTrial(
                tenant=draft.tenant,
                draft=draft,
                title=trial.title,
                moves=trial.moves,
                ending=trial.ending,
                recorded_by=trial.recorded_by,
                recorded_by_id=trial.recorded_by_id,
            )
            for trial in source.trials.order_by("created_at")
        )


def _version(actor: Actor, version_id: uuid.UUID) -> ProcessVersion:
    version = ProcessVersion.objects.filter(tenant=actor.tenant, pk=version_id).first()
    if version is None:
        raise NotFound(_("没有找到这个流程版本。"))
    return version


def _active(actor: Actor, key: str) -> ProcessVersion | None:
    return ProcessVersion.objects.filter(tenant=actor.tenant, key=key, active=True).first()


def _locked(actor: Actor, draft_id: uuid.UUID) -> ProcessDraft:
    draft = ProcessDraft.objects.select_for_update().filter(tenant=actor.tenant, pk=draft_id).first()
    if draft is None:
        raise NotFound(_("没有找到这份流程草稿。"))
    return draft


def _check_editing(draft: ProcessDraft) -> None:
    if draft.state != DraftState.EDITING:
        raise Conflict(_("这份草稿%(state)s，不能再修改。") % {"state": draft.get_state_display()})


def _check_submitted(draft: ProcessDraft) -> None:
    if draft.state != DraftState.SUBMITTED:
        raise Conflict(_("这份流程现在%(state)s，请刷新后查看。") % {"state": draft.get_state_display()})


def _check_deciding(actor: Actor, draft: ProcessDraft, rev: int) -> None:
    check_may_release(actor, draft)
    _check_submitted(draft)
    if draft.rev != rev:
        raise Conflict(_("图纸在您打开之后有改动，请看过最新的图纸再批复。"))


def _decide(actor: Actor, draft: ProcessDraft, state: DraftState, note: str) -> None:
    draft.state = state
    draft.decided_at, draft.decided_by, draft.decided_by_id, draft.note = (
        now(),
        actor.name,
        actor.person_id,
        note.strip(),
    )
    draft.save(update_fields=["state", "decided_at", "decided_by", "decided_by_id", "note", "version"])


def _person(actor: Actor) -> uuid.UUID:
    if actor.person_id is None:
        raise NotFound(_("没有找到您的账户。"))
    return actor.person_id


def _record(actor: Actor, draft: ProcessDraft, act: str, payload: dict[str, object]) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=DRAFT_KIND, id=str(draft.id)),
        payload={"key": draft.key, "title": draft.title, **payload},
    )
