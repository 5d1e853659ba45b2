"""Cards that supervision referred to inspection."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.systems.inspections.constants import CardLevel, ReferralState
from zhengtong.systems.inspections.models.limits import Limited
from zhengtong.systems.inspections.models.plans import Act, Plan
from zhengtong.systems.inspections.models.visits import Visit


class Referral(Limited):
    """A card of supervision that inspection is to look into; one per card, and the limit to take it up.

    ``plan`` is the plan it was taken into, ``visit`` the visit that looks into it once the plan is drawn;
    ``outcome`` is what was told back, empty before.

    Personal data: names of the officials who set it aside and looked a second time; the supervisor's words may name
    people; kept like the plan.
    """

    PERSONAL_DATA = personal(of_official("aside_by_id", "aside_by", "aside_for_id", "second_by_id", "second_by"))

    card_id = models.UUIDField(_("亮牌标识"))
    card_number = models.CharField(_("监察编号"), max_length=20)
    rule_key = models.CharField(_("规则编号"), max_length=40)
    rule_name = models.CharField(_("监察规则"), max_length=120)
    card_level = models.CharField(_("等级"), max_length=8, choices=CardLevel)
    case_number = models.CharField(_("办件编号"), max_length=80, blank=True)
    org_id = models.UUIDField(_("责任单位标识"))
    org_name = models.CharField(_("责任单位"), max_length=120)
    reason = models.TextField(_("要督查的事项"))
    referred_at = models.DateTimeField(_("转来时间"))
    state = models.CharField(_("状态"), max_length=8, choices=ReferralState, default=ReferralState.WAITING)
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, related_name="referrals", null=True, verbose_name=_("督查计划")
    )
    visit = models.ForeignKey(
        Visit, on_delete=models.PROTECT, related_name="referrals", null=True, verbose_name=_("督查检查")
    )
    aside_reason = models.TextField(_("不列入的理由"), blank=True, default="")
    aside_by_id = models.UUIDField(_("提出人标识"), null=True)
    aside_by = models.CharField(_("提出人"), max_length=60, blank=True, default="")
    aside_for_id = models.UUIDField(_("所代的人标识"), null=True)
    second_by_id = models.UUIDField(_("复核人标识"), null=True)
    second_by = models.CharField(_("复核人"), max_length=60, blank=True, default="")
    outcome = models.TextField(_("督查结果"), blank=True, default="")

    class Meta:
        verbose_name = _("督查线索")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "card_id"], name="inspections_referral_once"),
            models.CheckConstraint(
                condition=Q(second_by_id__isnull=True) | ~Q(second_by_id=F("aside_by_id")),
                name="inspections_referral_second_person",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("taken", "done"), plan__isnull=False)
                | Q(state__in=("waiting", "aside", "dropped"), plan__isnull=True, visit__isnull=True),
                name="inspections_referral_in_plan",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting")
                | Q(state="aside", aside_by_id__isnull=False)
                | Q(state="dropped", aside_by_id__isnull=False, second_by_id__isnull=False)
                | Q(state__in=("taken", "done")),
                name="inspections_referral_set_aside",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "due_at"], name="inspections_referral_queue"),
            models.Index(fields=["next_at"], name="inspections_referral_next", condition=Q(running=True)),
        ]


class ReferralAct(Act):
    """One line of the time line of a referral; appended, never changed (a trigger refuses it).

    Personal data: name of the official; kept with the referral.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"))

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="acts", verbose_name=_("督查线索"))

    class Meta:
        verbose_name = _("督查线索办理记录")
