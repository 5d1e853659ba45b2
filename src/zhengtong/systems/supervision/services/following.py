"""What follows from a card: raised by hand, raised again, letters of supervision, accountability."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.supervision import permissions
from zhengtong.systems.supervision.constants import (
    CARD_KIND,
    LETTER_KIND,
    CardActKind,
    CardState,
    LimitKind,
    ProposalState,
)
from zhengtong.systems.supervision.models import Accountability, Card, Letter, RuleVersion
from zhengtong.systems.supervision.services.acting import Done, write_acts
from zhengtong.systems.supervision.services.limits import Terms
from zhengtong.systems.supervision.services.moving import checked, locked_card, move_card
from zhengtong.systems.supervision.services.placing import manual_card, place_cards
from zhengtong.systems.supervision.services.telling import add_news

#: what a card raised by hand rests on
EVIDENCE_KINDS = {"case": "办件", "complaint": "投诉举报", "inspection": "检查发现", "other": "其他"}

MEASURES = parameters.declare(
    "supervision.measures",
    default=["提醒谈话", "责令书面检查", "通报批评", "诫勉谈话", "取消评优资格", "调离工作岗位", "移送有权机关处理"],
    label="责任追究的方式",
    unit="",
    source="地方行政效能问责办法",
    confirmed=False,
).key


def measures(tenant: str) -> list[str]:
    """The ways in which a post may be held to account, as the county sets them."""
    return [str(one) for one in parameters.value(MEASURES, tenant=tenant)]


@transaction.atomic
def raise_by_hand(
    *,
    actor: Actor,
    rule_id: uuid.UUID,
    org_id: uuid.UUID,
    evidence_kind: str,
    reference: str,
    text: str,
    case_number: str = "",
) -> Card:
    """人工亮牌: a supervisor raises a card by a rule in force, on evidence; the unit has its say as with any other.

    Raises NotPermitted, Invalid and NotFound.
    """
    permissions.check_supervisor(actor)
    words = checked(text, field="text")
    rule = RuleVersion.objects.filter(tenant=actor.tenant, pk=rule_id, active=True).first()
    if rule is None:
        raise Invalid(_("请选择一条现行的监察规则。"), field="rule")
    unit = next((one for one in identity.organisations(actor.tenant) if one.id == org_id), None)
    if unit is None:
        raise Invalid(_("请选择责任单位。"), field="unit")
    if unit.id == actor.org_id:
        raise NotPermitted(_("您所在的单位是责任单位，应当回避，请由其他监察员亮牌。"))
    if evidence_kind not in EVIDENCE_KINDS or not reference.strip():
        raise Invalid(_("请写明证据：哪一个办件、哪一件投诉或者哪一次检查。"), field="reference")
    evidence = {"event": "manual", "at": now().isoformat(), "kind_of_evidence": EVIDENCE_KINDS[evidence_kind]}
    evidence |= {"reference": reference.strip()[:200], "text": words}
    return _placed(actor, rule, (unit.id, unit.name), words, evidence=evidence, case_number=case_number.strip()[:50])


@transaction.atomic
def raise_again(*, actor: Actor, card_id: uuid.UUID, rule_id: uuid.UUID, reason: str) -> Card:
    """重新亮牌: a cancelled card is raised anew by a rule in force, with the same evidence; the old one stays."""
    old = locked_card(actor, card_id)
    permissions.check_judge(actor, old)
    words = checked(reason)
    if old.state != CardState.CANCELLED:
        raise Conflict(_("只有已经撤销的牌才能重新亮牌。"))
    rule = RuleVersion.objects.filter(tenant=actor.tenant, pk=rule_id, active=True).first()
    if rule is None:
        raise Invalid(_("请选择一条现行的监察规则。"), field="rule")
    evidence = {**old.evidence, "again": old.number}
    more = {name: getattr(old, name) for name in ("case_id", "case_title", "step_id", "step", "arithmetic")}
    return _placed(
        actor, rule, (old.org_id, old.org_name), words, evidence=evidence, case_number=old.case_number, **more
    )


def _placed(actor: Actor, rule: RuleVersion, org: tuple[uuid.UUID, str], words: str, **said: object) -> Card:
    draft = manual_card(rule, level=rule.level, org=org, event_id=new_id(), explanation=words, **said)
    (card,) = place_cards(actor.tenant, [draft], actor=actor)
    write_acts(actor, [Done(card, CardActKind.RAISE, words, card.state)])
    return card


# --- 监察建议书 ------------------------------------------------------------------------------------------


def issue_letter(*, actor: Actor, card_id: uuid.UUID, findings: str, advice: str) -> Letter:
    """发出监察建议书: numbered, sealed where the supervisor's unit can have one; the unit has to reply in time."""
    findings, advice = checked(findings, field="findings"), checked(advice, field="advice")
    with transaction.atomic():
        permissions.check_judge(actor, locked_card(actor, card_id))
    if actor.org_id is None:
        raise NotPermitted(_("监察建议书由监察员所在的单位签发。"))
    seal = trust.seal_if_possible(
        actor=system(actor.tenant), org_id=actor.org_id, org_name=actor.org_name, kind="official"
    )
    with transaction.atomic():
        return _issue_letter(actor, actor.org_id, card_id, findings, advice, seal.id if seal else None)


def _issue_letter(
    actor: Actor, org_id: uuid.UUID, card_id: uuid.UUID, findings: str, advice: str, seal_id: uuid.UUID | None
) -> Letter:
    card = move_card(actor, card_id, "propose", advice, permissions.check_judge)
    letter = Letter(
        tenant=card.tenant,
        card=card,
        findings=findings,
        advice=advice,
        reply_by=Terms(card.tenant).last_day(LimitKind.REPLY, local_date()),
        issued_by=actor.name,
        issued_org_id=org_id,
        issued_org=actor.org_name,
    )
    paper = _paper(letter, card, seal_id)
    letter.number, letter.document_id, letter.sealed = paper.number, paper.id, paper.sealed
    letter.save(force_insert=True)
    add_news([card], "propose", text=_("请于%(day)s前书面回复。") % {"day": cn_date(letter.reply_by)})
    return letter


def _paper(letter: Letter, card: Card, seal_id: uuid.UUID | None) -> documents.IssuedDocument:
    kind = documents.DocumentKind.SUPERVISION_LETTER
    rows = [
        (_("监察编号"), card.number),
        (_("等级"), card.get_level_display()),
        (_("情形"), card.rule.name),
        (_("办件编号"), card.case_number),
        (_("依据"), card.rule.basis or card.rule.source),
    ]
    return documents.issue_document(
        actor=system(letter.tenant),
        paper=documents.Paper(
            kind=kind,
            template="record",
            title=str(kind.label),
            holder=documents.Holder(name=card.org_name, is_person=False),
            object_ref=ObjectRef(kind=LETTER_KIND, id=str(letter.id)),
            fields={
                "item": card.rule.name,
                "case_number": card.number,
                "opening": (_("电子监察中发现你单位存在下列情形，经核定属实："),),
                "rows": [{"label": label, "value": value} for label, value in rows if value],
                "text": (
                    _("查明：%(words)s") % {"words": letter.findings},
                    _("建议：%(words)s") % {"words": letter.advice},
                ),
                "notes": (_("请于%(day)s前将办理情况书面回复本单位。") % {"day": cn_date(letter.reply_by)},),
            },
            issuing_org_id=letter.issued_org_id,
            issuing_org_name=letter.issued_org,
            seal_id=seal_id,
        ),
    )


@transaction.atomic
def reply_letter(*, actor: Actor, card_id: uuid.UUID, text: str) -> Letter:
    """回复监察建议书: the unit says what it has done about it."""
    card = move_card(actor, card_id, "reply", text, permissions.check_unit)
    letter = Letter.objects.select_for_update().get(card=card, replied_at__isnull=True)
    letter.reply, letter.replied_by, letter.replied_at = checked(text), actor.name, now()
    letter.save(update_fields=["reply", "replied_by", "replied_at"])
    return letter


# --- 责任追究 ------------------------------------------------------------------------------------------


@transaction.atomic
def propose_account(*, actor: Actor, card_id: uuid.UUID, kind: str, post: str, reason: str) -> Accountability:
    """提出责任追究: for the post that answers for a confirmed card; the leader of supervision decides."""
    card = locked_card(actor, card_id)
    permissions.check_judge(actor, card)
    words = checked(reason)
    if card.state not in (CardState.CONFIRMED, CardState.RECTIFIED, CardState.CLOSED) or not _was_confirmed(card):
        raise Conflict(_("认定以后才能提出责任追究。"))
    if kind not in measures(card.tenant):
        raise Invalid(_("请选择责任追究的方式。"), field="kind")
    if not post.strip():
        raise Invalid(_("请填写责任岗位。只写岗位，不写姓名。"), field="post")
    if Accountability.objects.filter(card=card, post=post.strip()[:80], state=ProposalState.PROPOSED).exists():
        raise Conflict(_("这个岗位已经有一项待决定的责任追究。"))
    row = Accountability.objects.create(
        tenant=card.tenant,
        card=card,
        kind=kind,
        post=post.strip()[:80],
        reason=words,
        proposed_by_id=permissions.person_of(actor),
        proposed_by=actor.name,
        proposed_for_id=actor.delegator_id,
        proposed_post=actor.post_name,
        proposed_org=actor.org_name,
    )
    _record(actor, card, "supervision.propose_account", row, words)
    return row


@transaction.atomic
def decide_account(*, actor: Actor, measure_id: uuid.UUID, agreed: bool, reason: str) -> Accountability:
    """决定责任追究: the leader of supervision, and not who proposed it. Raises NotPermitted, Conflict, NotFound."""
    found = Accountability.objects.filter(tenant=actor.tenant, pk=measure_id).values_list("card_id", flat=True).first()
    if found is None:
        raise NotFound(_("没有找到这项责任追究。"))
    card = locked_card(actor, found)
    permissions.check_judge(actor, card)
    row = Accountability.objects.select_for_update().get(pk=measure_id)
    words = checked(reason)
    if row.state != ProposalState.PROPOSED:
        raise Conflict(_("这项责任追究已经由%(who)s决定。") % {"who": row.decided_by})
    permissions.check_second(actor, row.proposed_by_id, row.proposed_for_id, leader=True)
    row.state = ProposalState.APPROVED if agreed else ProposalState.REFUSED
    row.decided_by_id, row.decided_by, row.decided_post = actor.person_id, actor.name, actor.post_name
    row.decided_at, row.decision = now(), words
    row.save()
    if agreed:
        text = _("%(post)s：%(kind)s。") % {"post": row.post, "kind": row.kind}
        write_acts(actor, [Done(card, CardActKind.ACCOUNT, text + words, card.state)])
        add_news([card], "account", text=text)
    else:
        _record(actor, card, "supervision.refuse_account", row, words)
    return row


def _was_confirmed(card: Card) -> bool:
    return card.acts.filter(kind=CardActKind.CONFIRM).exists()


def _record(actor: Actor, card: Card, act: str, row: Accountability, words: str) -> None:
    ledger.append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=CARD_KIND, id=str(card.id)),
        payload={"number": card.number, "kind": row.kind, "post": row.post, "text": words},
        basis=card.rule.basis or card.rule.source,
    )
