"""Cards and what was done with them; neither is ever deleted."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.supervision.constants import OPEN_STATES, CardActKind, CardState, Level
from zhengtong.systems.supervision.models.rules import RuleVersion


class Card(Row):
    """A card raised by a rule for one fact, with its evidence and arithmetic; it is moved, never deleted.

    ``raised_at`` is when the fact happened, ``created_at`` when the card was written.

    Personal data: none (unit, step and case number; evidence is the event's fields without the person).
    """

    number = models.CharField(_("监察编号"), max_length=20)
    rule = models.ForeignKey(RuleVersion, on_delete=models.PROTECT, related_name="+", verbose_name=_("监察规则"))
    rule_key = models.CharField(_("规则编号"), max_length=40)
    level = models.CharField(_("等级"), max_length=8, choices=Level)
    warning = models.BooleanField(_("预警"), default=False)
    case_id = models.UUIDField(_("办件标识"), null=True)
    case_number = models.CharField(_("办件编号"), max_length=50, blank=True)
    case_title = models.CharField(_("事项"), max_length=200, blank=True)
    step_id = models.UUIDField(_("环节标识"), null=True)
    step = models.CharField(_("环节"), max_length=120, blank=True)
    org_id = models.UUIDField(_("责任单位标识"))
    org_name = models.CharField(_("责任单位"), max_length=120)
    raised_at = models.DateTimeField(_("亮牌时间"))
    event_id = models.UUIDField(_("触发事件标识"))
    deadline_id = models.UUIDField(_("时限标识"), null=True)
    deadline_kind = models.CharField(_("时限类别"), max_length=12, blank=True)
    evidence = models.JSONField(_("证据"))
    explanation = models.TextField(_("亮牌说明"))
    arithmetic = models.TextField(_("时限推算"), blank=True)
    explain_until = models.DateField(_("说明截止日"))
    state = models.CharField(_("状态"), max_length=10, choices=CardState, default=CardState.RAISED)
    state_at = models.DateTimeField(_("状态时间"))
    cancel_reason = models.TextField(_("撤销理由"), blank=True)

    class Meta:
        verbose_name = _("亮牌")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="supervision_card_number_once"),
            models.UniqueConstraint(fields=["tenant", "rule_key", "event_id"], name="supervision_card_event_once"),
            models.UniqueConstraint(
                fields=["tenant", "rule_key", "deadline_id", "level"],
                # a limit that moved and passed anew gives a new card where the old one was cancelled
                condition=Q(deadline_id__isnull=False) & ~Q(state=CardState.CANCELLED),
                name="supervision_card_deadline_stands",
            ),
            models.CheckConstraint(
                condition=(Q(state=CardState.CANCELLED) & ~Q(cancel_reason=""))
                | (~Q(state=CardState.CANCELLED) & Q(cancel_reason="")),
                name="supervision_card_cancelled_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "org_id", "level"],
                name="supervision_card_standing",
                condition=Q(state__in=OPEN_STATES),
            ),
            models.Index(fields=["tenant", "-raised_at"], name="supervision_card_latest"),
            models.Index(fields=["org_id", "-raised_at"], name="supervision_card_unit"),
            models.Index(fields=["case_id"], name="supervision_card_case"),
        ]


class CardAct(Row):
    """What somebody did with a card, in his own words; appended, never changed (a trigger refuses it).

    Personal data: name and post of the official who acted, kept with the card.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"))

    card = models.ForeignKey(Card, on_delete=models.PROTECT, related_name="acts", verbose_name=_("亮牌"))
    no = models.PositiveSmallIntegerField(_("序号"))
    kind = models.CharField(_("操作"), max_length=10, choices=CardActKind)
    text = models.TextField(_("内容"))
    state_after = models.CharField(_("操作后状态"), max_length=10, choices=CardState)
    person_id = models.UUIDField(_("操作人标识"), null=True)
    person_name = models.CharField(_("操作人"), max_length=60)
    post_name = models.CharField(_("岗位"), max_length=80, blank=True)
    org_id = models.UUIDField(_("单位标识"), null=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("亮牌处理记录")
        constraints = [
            models.UniqueConstraint(fields=["card", "no"], name="supervision_act_no_once"),
            models.CheckConstraint(condition=~Q(text=""), name="supervision_act_has_words"),
        ]


class CardFile(Row):
    """A paper that a unit hands in with its words about a card; appended, never changed (a trigger refuses it).

    Personal data: what the unit's paper shows, read by supervisors and the unit, kept with the card.
    """

    PERSONAL_DATA = personal(of_official("file_id", "name"))

    act = models.ForeignKey(CardAct, on_delete=models.PROTECT, related_name="files", verbose_name=_("亮牌处理记录"))
    no = models.PositiveSmallIntegerField(_("序号"))
    file_id = models.UUIDField(_("文件标识"))
    name = models.CharField(_("文件名称"), max_length=200)

    class Meta:
        verbose_name = _("亮牌附件")
        constraints = [models.UniqueConstraint(fields=["act", "no"], name="supervision_card_file_no_once")]
