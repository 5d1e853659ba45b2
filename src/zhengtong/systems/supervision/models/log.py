"""The log of supervision's own: every watched event once, as rules and facts read it. It can be built again."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.systems.supervision.constants import PSEUDONYM


class WatchedEvent(models.Model):
    """One event of a watched system, without personal data; ``position`` is its place in the order of recording.

    ``applicant`` and ``text_digest`` are keyed digests: equal ones meet, none can be read back. ``subject`` is the
    matter an event without a case is about; with its help such an event finds its case.

    Personal data: the pseudonym and post of the official who acted; kept as long as the case files of the county
    (30 years for permanent ones), without a name. Built again from the stored events.
    """

    PERSONAL_DATA = personal(of_official("person_id"), of_citizen("applicant", activity=PSEUDONYM))

    position = models.BigIntegerField(_("记录顺序"), primary_key=True)
    tenant = TenantField(db_index=False)
    event_id = models.UUIDField(_("事件标识"), unique=True)
    name = models.CharField(_("事件名称"), max_length=80)
    area = models.CharField(_("监察领域"), max_length=20, blank=True)
    occurred_at = models.DateTimeField(_("发生时间"))
    case_id = models.UUIDField(_("办件标识"), null=True)
    number = models.CharField(_("办件编号"), max_length=80, blank=True)
    subject = models.CharField(_("对象"), max_length=110, blank=True)
    step_id = models.UUIDField(_("环节标识"), null=True)
    org_id = models.UUIDField(_("单位标识"), null=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)
    step_org_id = models.UUIDField(_("办理单位标识"), null=True)
    step_org_name = models.CharField(_("办理单位"), max_length=120, blank=True)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True)
    post_name = models.CharField(_("岗位"), max_length=80, blank=True)
    person_id = models.UUIDField(_("经办人代号"), null=True)
    phase = models.CharField(_("阶段"), max_length=24, blank=True)
    node = models.CharField(_("图纸位置"), max_length=80, blank=True)
    outcome = models.CharField(_("结论"), max_length=24, blank=True)
    applicant = models.CharField(_("申请人代号"), max_length=64, blank=True)
    text_digest = models.CharField(_("意见摘要"), max_length=64, blank=True)
    device_id = models.UUIDField(_("设备标识"), null=True)
    fields = models.JSONField(_("事件内容"))

    class Meta:
        verbose_name = _("监察事件")
        indexes = [
            models.Index(
                fields=["case_id", "position"], name="supervision_log_case", condition=Q(case_id__isnull=False)
            ),
            models.Index(fields=["tenant", "name", "occurred_at"], name="supervision_log_name"),
            models.Index(fields=["tenant", "occurred_at"], name="supervision_log_time"),
            models.Index(fields=["org_id", "occurred_at"], name="supervision_log_unit"),
            models.Index(
                fields=["step_org_id", "post_name", "occurred_at"],
                name="supervision_log_post",
                condition=Q(step_org_id__isnull=False),
            ),
            models.Index(
                fields=["person_id", "occurred_at"], name="supervision_log_person", condition=Q(person_id__isnull=False)
            ),
            models.Index(fields=["item_code", "occurred_at"], name="supervision_log_item", condition=~Q(item_code="")),
            models.Index(
                fields=["applicant", "item_code", "occurred_at"],
                name="supervision_log_applicant",
                condition=~Q(applicant=""),
            ),
            models.Index(
                fields=["text_digest", "person_id", "occurred_at"],
                name="supervision_log_text",
                condition=~Q(text_digest=""),
            ),
            models.Index(
                fields=["device_id", "occurred_at"], name="supervision_log_device", condition=Q(device_id__isnull=False)
            ),
            models.Index(fields=["subject"], name="supervision_log_subject", condition=~Q(subject="")),
        ]
