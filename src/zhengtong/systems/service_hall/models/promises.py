"""What applicants promise so that their matter goes on before all is proved, and promises that were broken."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import CASE_FILE, of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import PromiseKind, PromiseState
from zhengtong.systems.service_hall.constants.processing import CREDIT
from zhengtong.systems.service_hall.models.applications import Application


class Pledge(Row):
    """容缺受理承诺或告知承诺: what was promised, in which words, and what became of it.

    ``owed`` are materials ``{key, name, form, limit, due_on, given}``; of a commitment those it stands for.
    ``due_on`` is the last day of the next thing owed, or of the check afterwards; None while no time runs.

    Personal data: name of who promised and of officials, what a check found; kept with the application.
    """

    PERSONAL_DATA = personal(
        of_citizen("signed_by", "signed_by_id", "findings", activity=CASE_FILE),
        of_official("settled_by"),
    )

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="pledges", verbose_name=_("申请")
    )
    kind = models.CharField(_("类别"), max_length=10, choices=PromiseKind)
    state = models.CharField(_("状态"), max_length=10, choices=PromiseState, default=PromiseState.SIGNED)
    text = models.TextField(_("承诺内容"))
    owed = models.JSONField(_("承诺事项"), default=list)
    signed_by = models.CharField(_("承诺人"), max_length=60)
    signed_by_id = models.UUIDField(_("承诺人标识"))
    signed_at = models.DateTimeField(_("承诺时间"))
    due_on = models.DateField(_("期限"), null=True)
    warned_on = models.DateField(_("提醒日"), null=True)
    settled_at = models.DateTimeField(_("了结时间"), null=True)
    settled_by = models.CharField(_("了结人"), max_length=60, blank=True, default="")
    findings = models.TextField(_("核查情况"), blank=True, default="")

    class Meta:
        verbose_name = _("办事承诺")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"],
                condition=~Q(state="dropped"),
                name="service_hall_pledge_once",
            ),
            models.CheckConstraint(condition=Q(kind__in=PromiseKind.values), name="service_hall_pledge_kinds"),
            models.CheckConstraint(condition=Q(state__in=PromiseState.values), name="service_hall_pledge_states"),
            models.CheckConstraint(
                condition=~Q(state__in=["running", "late"]) | Q(due_on__isnull=False),
                name="service_hall_pledge_running_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["kept", "broken", "dropped"]) | Q(settled_at__isnull=False),
                name="service_hall_pledge_settled",
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], name="service_hall_pledge_due", condition=Q(state__in=["running", "late"])),
        ]


class BrokenPledge(Row):
    """失信承诺: who broke a promise may not promise again until the record is repaired.

    Personal data: key of the person or legal person and what was broken; kept until three years after the repair.
    """

    PERSONAL_DATA = personal(of_citizen("person_id", "reason", activity=CREDIT), of_official("noted_by", "repaired_by"))

    pledge = models.OneToOneField(Pledge, on_delete=models.PROTECT, related_name="broken", verbose_name=_("办事承诺"))
    person_id = models.UUIDField(_("人员标识"), null=True)
    legal_person_id = models.UUIDField(_("法人标识"), null=True)
    item_code = models.CharField(_("事项编码"), max_length=50)
    item_name = models.CharField(_("事项"), max_length=200)
    reason = models.TextField(_("情况"))
    noted_by = models.CharField(_("登记人"), max_length=60)
    repaired_on = models.DateField(_("信用修复日"), null=True)
    repaired_by = models.CharField(_("修复登记人"), max_length=60, blank=True, default="")
    repair_note = models.TextField(_("修复依据"), blank=True, default="")

    class Meta:
        verbose_name = _("失信承诺")
        constraints = [
            models.CheckConstraint(
                condition=Q(person_id__isnull=False, legal_person_id__isnull=True)
                | Q(person_id__isnull=True, legal_person_id__isnull=False),
                name="service_hall_broken_by_one",
            ),
            models.CheckConstraint(
                condition=Q(repaired_on__isnull=True, repair_note="")
                | (Q(repaired_on__isnull=False) & ~Q(repair_note="")),
                name="service_hall_broken_repaired",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "person_id"], name="service_hall_broken_person"),
            models.Index(fields=["tenant", "legal_person_id"], name="service_hall_broken_legal"),
        ]
