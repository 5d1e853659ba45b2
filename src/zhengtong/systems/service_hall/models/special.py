"""Steps besides the review: on-site inspection, expert review, public notice; each tied to its stop of the clock."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import CASE_FILE, of_citizen, of_official, of_third, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import SpecialKind, SpecialResult, SpecialState
from zhengtong.systems.service_hall.constants.processing import OBJECTIONS
from zhengtong.systems.service_hall.models.applications import Application


class SpecialStep(Row):
    """现场勘验、专家评审或公示: who does it, when and where, what was found, and the stop of the clock it caused.

    ``people`` are ``{id, name, title}``: inspectors (two at least) or experts. ``plan`` is what the applicant or the
    public is told. A decision waits until it is closed.

    Personal data: names of officials and experts, kept with the application.
    """

    PERSONAL_DATA = personal(
        of_official("people", "opened_by", "closed_by"),
        of_citizen("applicant_said", activity=CASE_FILE),
    )

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="special_steps", verbose_name=_("申请")
    )
    kind = models.CharField(_("类别"), max_length=16, choices=SpecialKind)
    state = models.CharField(_("状态"), max_length=10, choices=SpecialState, default=SpecialState.OPEN)
    people = models.JSONField(_("参加人员"), default=list)
    plan = models.TextField(_("告知内容"))
    from_day = models.DateField(_("开始日"))
    until_day = models.DateField(_("截止日"))
    place = models.CharField(_("地点"), max_length=200, blank=True, default="")
    pause_id = models.UUIDField(_("停止计时标识"), null=True)
    opened_by = models.CharField(_("安排人"), max_length=60)
    findings = models.TextField(_("记录"), blank=True, default="")
    result = models.CharField(_("结论"), max_length=12, choices=SpecialResult, blank=True, default="")
    applicant_said = models.TextField(_("申请人意见"), blank=True, default="")
    closed_by = models.CharField(_("记录人"), max_length=60, blank=True, default="")
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("特别环节")
        constraints = [
            models.UniqueConstraint(
                fields=["application", "kind"], condition=Q(state="open"), name="service_hall_special_one_open"
            ),
            models.CheckConstraint(condition=Q(until_day__gte=F("from_day")), name="service_hall_special_order"),
            models.CheckConstraint(condition=Q(kind__in=SpecialKind.values), name="service_hall_special_kinds"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True, result="")
                | Q(state="dropped", closed_at__isnull=False)
                | (Q(state="closed", closed_at__isnull=False) & ~Q(result="") & ~Q(findings="")),
                name="service_hall_special_closed_with_result",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "kind", "until_day"], name="service_hall_special_days")]


class SpecialPhoto(Row):
    """A photograph of an inspection.

    Personal data: may show people and premises; kept with the application.
    """

    PERSONAL_DATA = personal(of_third("file", activity=CASE_FILE), of_official("taken_by"))

    step = models.ForeignKey(SpecialStep, on_delete=models.PROTECT, related_name="photos", verbose_name=_("特别环节"))
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("文件"))
    note = models.CharField(_("说明"), max_length=200, blank=True, default="")
    taken_by = models.CharField(_("拍摄人"), max_length=60)

    class Meta:
        verbose_name = _("勘验照片")


class PublicObjection(Row):
    """公示异议: what somebody said against it under his own name, and the answer.

    Personal data: name, telephone and words of who objected; kept with the application, seen by the unit only.
    """

    PERSONAL_DATA = personal(
        of_third("person_id", "name", "phone", "text", activity=OBJECTIONS),
        of_official("answered_by"),
    )

    step = models.ForeignKey(
        SpecialStep, on_delete=models.PROTECT, related_name="objections", verbose_name=_("特别环节")
    )
    person_id = models.UUIDField(_("人员标识"))
    name = EncryptedTextField(_("姓名"))
    phone = EncryptedTextField(_("联系电话"))
    text = models.TextField(_("异议内容"))
    answer = models.TextField(_("答复"), blank=True, default="")
    answered_by = models.CharField(_("答复人"), max_length=60, blank=True, default="")
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("公示异议")
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="service_hall_objection_answered",
            ),
            models.UniqueConstraint(fields=["step", "person_id"], name="service_hall_objection_once"),
        ]
