"""What one person proposes and another decides, outages, doubts about cards, letters of supervision."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.supervision.constants import Cause, HeldState, ProposalState
from zhengtong.systems.supervision.models.cards import Card
from zhengtong.systems.supervision.models.rules import RuleVersion


class Proposed(Row):
    """Base of what needs two persons: who proposed, who decided, when and why."""

    PERSONAL_DATA = personal(
        of_official("proposed_by_id", "proposed_by", "proposed_for_id", "decided_by_id", "decided_by")
    )

    state = models.CharField(_("状态"), max_length=10, choices=ProposalState, default=ProposalState.PROPOSED)
    reason = models.TextField(_("理由"))
    proposed_by_id = models.UUIDField(_("提出人标识"))
    proposed_by = models.CharField(_("提出人"), max_length=60)
    proposed_for_id = models.UUIDField(_("所代的人标识"), null=True)
    proposed_post = models.CharField(_("提出人岗位"), max_length=80, blank=True)
    proposed_org = models.CharField(_("提出单位"), max_length=120, blank=True)
    decided_by_id = models.UUIDField(_("核准人标识"), null=True)
    decided_by = models.CharField(_("核准人"), max_length=60, blank=True)
    decided_post = models.CharField(_("核准人岗位"), max_length=80, blank=True)
    decided_at = models.DateTimeField(_("核准时间"), null=True)
    decision = models.TextField(_("核准意见"), blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("proposed_by_id")),
                name="%(app_label)s_%(class)s_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at__isnull=True)
                | (~Q(state="proposed") & Q(decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_decided",
            ),
        ]


class BulkCancel(Proposed):
    """批量撤销: cards of one cause are cancelled together; the list is fixed when it is proposed.

    ``chosen`` holds the choice as it was made, ``effect`` each unit's figures before and after, ``digest`` the
    SHA-256 of the sorted numbers of the cards.

    Personal data: names and posts of the two supervisors, kept with the cards.
    """

    number = models.CharField(_("批次号"), max_length=20)
    cause = models.CharField(_("原因类别"), max_length=12, choices=Cause)
    evidence = models.TextField(_("证据"))
    chosen = models.JSONField(_("选取条件"))
    effect = models.JSONField(_("对各单位的影响"))
    digest = models.CharField(_("清单摘要"), max_length=64)
    total = models.PositiveIntegerField(_("张数"))
    done = models.PositiveIntegerField(_("已处理张数"), default=0)
    cancelled = models.PositiveIntegerField(_("已撤销张数"), default=0)
    finished_at = models.DateTimeField(_("完成时间"), null=True)

    class Meta(Proposed.Meta):
        verbose_name = _("批量撤销")
        constraints = [
            *Proposed.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "number"], name="supervision_bulk_number_once"),
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="supervision_bulk_latest")]


class BulkCancelCard(Row):
    """A card on the list of a bulk cancellation; ``outcome`` says what became of it.

    Personal data: none.
    """

    batch = models.ForeignKey(BulkCancel, on_delete=models.PROTECT, related_name="cards", verbose_name=_("批量撤销"))
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="+", verbose_name=_("亮牌"))
    outcome = models.CharField(_("处理结果"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("批量撤销清单")
        constraints = [models.UniqueConstraint(fields=["batch", "card"], name="supervision_bulk_card_once")]
        indexes = [models.Index(fields=["card"], name="supervision_bulk_card")]


class Doubt(Row):
    """依据已变: what a card rested on changed after it was raised; it is proposed for cancellation.

    Personal data: none.
    """

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="doubts", verbose_name=_("亮牌"))
    cause = models.CharField(_("原因类别"), max_length=12, choices=Cause)
    text = models.TextField(_("说明"))
    settled_at = models.DateTimeField(_("处理时间"), null=True)

    class Meta:
        verbose_name = _("亮牌存疑")
        constraints = [
            models.UniqueConstraint(
                fields=["card", "cause"], condition=Q(settled_at__isnull=True), name="supervision_doubt_open_once"
            )
        ]


class Outage(Row):
    """系统故障时段: limits that pass within it raise no card but wait for a supervisor's word.

    ``areas`` names the supervised domains concerned; empty for all. ``ends_at`` is empty while it lasts.

    Personal data: names of the supervisors who declared and ended it.
    """

    PERSONAL_DATA = personal(of_official("declared_by_id", "declared_by", "ended_by"))

    areas = models.JSONField(_("影响的领域"), default=list)
    starts_at = models.DateTimeField(_("开始时间"))
    ends_at = models.DateTimeField(_("恢复时间"), null=True)
    reason = models.TextField(_("情况"))
    evidence = models.TextField(_("证据"))
    declared_by_id = models.UUIDField(_("登记人标识"))
    declared_by = models.CharField(_("登记人"), max_length=60)
    ended_by = models.CharField(_("登记恢复的人"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("系统故障时段")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="supervision_outage_period"
            )
        ]
        indexes = [models.Index(fields=["tenant", "-starts_at"], name="supervision_outage_latest")]


class HeldCard(Row):
    """A card that was not raised because an outage was declared; ``draft`` holds what it would have said.

    Personal data: the name of the supervisor who judged it.
    """

    PERSONAL_DATA = personal(of_official("judged_by"))

    outage = models.ForeignKey(Outage, on_delete=models.PROTECT, related_name="held", verbose_name=_("系统故障时段"))
    rule = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("监察规则"))
    event_id = models.UUIDField(_("触发事件标识"))
    org_name = models.CharField(_("责任单位"), max_length=120)
    at = models.DateTimeField(_("发生时间"))
    draft = models.JSONField(_("牌面内容"))
    state = models.CharField(_("状态"), max_length=8, choices=HeldState, default=HeldState.WAITING)
    judged_by = models.CharField(_("核定人"), max_length=60, blank=True)
    judged_at = models.DateTimeField(_("核定时间"), null=True)
    judged_reason = models.TextField(_("核定理由"), blank=True)

    class Meta:
        verbose_name = _("故障时段内暂不亮的牌")
        constraints = [
            models.UniqueConstraint(fields=["rule", "event_id"], name="supervision_held_once"),
            models.CheckConstraint(
                condition=Q(state="waiting", judged_at__isnull=True)
                | (~Q(state="waiting") & Q(judged_at__isnull=False) & ~Q(judged_reason="")),
                name="supervision_held_judged",
            ),
        ]
        indexes = [
            models.Index(fields=["outage", "at"], name="supervision_held_order"),
            models.Index(fields=["tenant", "event_id"], name="supervision_held_event"),
        ]


class Accountability(Proposed):
    """责任追究: what follows for the post that answers for a confirmed card; proposed by one, decided by another.

    Personal data: names of the two who proposed and decided; the person held to account is not named, only the post.
    """

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="measures", verbose_name=_("亮牌"))
    kind = models.CharField(_("方式"), max_length=40)
    post = models.CharField(_("责任岗位"), max_length=80)

    class Meta(Proposed.Meta):
        verbose_name = _("责任追究")
        constraints = [
            *Proposed.Meta.constraints,
            models.UniqueConstraint(
                fields=["card", "post"], condition=Q(state="proposed"), name="supervision_account_one_open"
            ),
        ]


class Letter(Row):
    """监察建议书: what supervision proposes to a unit because of a card, and what the unit replied.

    Personal data: names of the official who issued it and of the one who replied.
    """

    PERSONAL_DATA = personal(of_official("issued_by", "replied_by"))

    number = models.CharField(_("文号"), max_length=60)
    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="letters", verbose_name=_("亮牌"))
    findings = models.TextField(_("查明的情况"))
    advice = models.TextField(_("建议"))
    reply_by = models.DateField(_("回复截止日"))
    document_id = models.UUIDField(_("文书标识"), null=True)
    sealed = models.BooleanField(_("已加盖印章"), default=False)
    issued_by = models.CharField(_("签发人"), max_length=60)
    issued_org_id = models.UUIDField(_("签发单位标识"))
    issued_org = models.CharField(_("签发单位"), max_length=120)
    reply = models.TextField(_("回复内容"), blank=True)
    replied_by = models.CharField(_("回复人"), max_length=60, blank=True)
    replied_at = models.DateTimeField(_("回复时间"), null=True)

    class Meta:
        verbose_name = _("监察建议书")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="supervision_letter_number_once"),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True, reply="") | (Q(replied_at__isnull=False) & ~Q(reply="")),
                name="supervision_letter_replied",
            ),
        ]
