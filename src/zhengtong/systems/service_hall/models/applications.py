"""Tables of the hall: applications, their files, one-time notices."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import CASE_FILE, Category, of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import (
    ApplicantKind,
    ApplicationStatus,
    Channel,
    MaterialSource,
    MaterialState,
    Purpose,
)


class Application(Row):
    """A matter a person asks for, pinned to the item version it began with.

    ``purpose`` says whether it is a first licence or about one of his that ``licence_id`` names.

    ``pins`` records at submission by which versions and limits it is judged to the end (``services.pinning``).

    Personal data: applicant's name, e-mail (encrypted), answers in the form; kept with the case file, a draft
    for a year.
    """

    PERSONAL_DATA = personal(
        of_citizen(
            "person_id",
            "person_name",
            "applicant_name",
            "email",
            "ward_id",
            activity=CASE_FILE,
            category=Category.MINOR,
        ),
    )

    number = models.CharField(_("申请编号"), max_length=50, null=True)
    query_code = models.CharField(_("查询码"), max_length=16)
    item_code = models.CharField(_("事项编码"), max_length=50)
    item_name = models.CharField(_("事项名称"), max_length=200)
    item_version_id = models.UUIDField(_("事项版本标识"))
    org_id = models.UUIDField(_("主办单位标识"))
    org_name = models.CharField(_("主办单位"), max_length=120)
    person_id = models.UUIDField(_("申请人标识"))
    person_name = models.CharField(_("填报人"), max_length=60)
    applicant_kind = models.CharField(_("申请人类别"), max_length=8, choices=ApplicantKind)
    legal_person_id = models.UUIDField(_("法人标识"), null=True)
    ward_id = models.UUIDField(_("被监护人标识"), null=True)
    applicant_name = models.CharField(_("申请人"), max_length=120)
    email = EncryptedTextField(_("电子邮箱"), blank=True, default="")
    form_submission_id = models.UUIDField(_("填报内容标识"))
    channel = models.CharField(
        _("受理渠道"), max_length=10, choices=Channel, default=Channel.ONLINE, db_default=Channel.ONLINE.value
    )
    purpose = models.CharField(
        _("申请类型"), max_length=12, choices=Purpose, default=Purpose.NEW, db_default=Purpose.NEW.value
    )
    # the columns were named when a licence could only be renewed
    licence_id = models.UUIDField(_("所涉证照标识"), null=True, db_column="renews_id")
    licence_number = models.CharField(
        _("所涉证照编号"), max_length=120, blank=True, default="", db_default="", db_column="renews_number"
    )
    licence_until = models.DateField(_("所涉证照有效期止"), null=True, db_column="renews_until")
    status = models.CharField(_("状态"), max_length=12, choices=ApplicationStatus, default=ApplicationStatus.DRAFT)
    outcome_label = models.CharField(_("办理结果"), max_length=40, blank=True)
    pins = models.JSONField(_("所依据的版本"), default=dict, db_default={})
    case_id = models.UUIDField(_("办件标识"), null=True)
    submitted_at = models.DateTimeField(_("提交时间"), null=True)
    closed_at = models.DateTimeField(_("办结时间"), null=True)

    class Meta:
        verbose_name = _("申请")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="service_hall_number_once"),
            models.CheckConstraint(
                condition=Q(
                    status__in=["draft", "discarded"],
                    number__isnull=True,
                    case_id__isnull=True,
                    submitted_at__isnull=True,
                )
                | Q(
                    status__in=["submitted", "supplement", "closed"],
                    number__isnull=False,
                    case_id__isnull=False,
                    submitted_at__isnull=False,
                ),
                name="service_hall_submitted_has_case",
            ),
            models.CheckConstraint(
                condition=Q(applicant_kind="person", legal_person_id__isnull=True)
                | Q(applicant_kind="legal", legal_person_id__isnull=False),
                name="service_hall_applicant_kind",
            ),
            models.CheckConstraint(
                condition=Q(purpose=Purpose.NEW, licence_id__isnull=True, licence_until__isnull=True)
                | Q(purpose=Purpose.RENEWAL, licence_id__isnull=False, licence_until__isnull=False)
                | Q(purpose__in=[Purpose.CHANGE, Purpose.REPLACEMENT, Purpose.CANCELLATION], licence_id__isnull=False),
                name="service_hall_purpose_names_licence",
            ),
            # whatever it is for: a licence is the matter of one application at a time
            models.UniqueConstraint(
                fields=["licence_id"],
                condition=Q(status__in=["submitted", "supplement"]),
                name="service_hall_renewed_once_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "person_id", "-created_at"], name="service_hall_mine"),
            models.Index(fields=["case_id"], name="service_hall_case"),
            models.Index(fields=["tenant", "org_id", "item_code", "-submitted_at"], name="service_hall_of_item"),
            models.Index(fields=["tenant", "legal_person_id", "-created_at"], name="service_hall_of_legal"),
        ]

    @property
    def title(self) -> str:
        """The item, and what about a licence is asked for."""
        return self.item_name if self.purpose == Purpose.NEW else f"{self.item_name}（{self.get_purpose_display()}）"


class MaterialFile(Row):
    """A file given for one material of an application; a new one replaces, the old one is kept.

    What the applicant had on the platform already is used again: ``source_id`` is the licence or the earlier
    MaterialFile whose stored file this is, ``source_note`` says so in words.

    Personal data: the file may hold any; kept with the application.
    """

    PERSONAL_DATA = personal(of_citizen("file", "given_by", "source_note", activity=CASE_FILE, category=Category.MINOR))

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="files", verbose_name=_("申请"))
    material_key = models.CharField(_("材料"), max_length=60)
    material_name = models.CharField(_("材料名称"), max_length=200)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("文件"))
    state = models.CharField(_("状态"), max_length=10, choices=MaterialState, default=MaterialState.CURRENT)
    given_by = models.CharField(_("提交人"), max_length=60)
    source_kind = models.CharField(
        _("来源"),
        max_length=8,
        choices=MaterialSource,
        default=MaterialSource.GIVEN,
        db_default=MaterialSource.GIVEN.value,
    )
    source_id = models.UUIDField(_("来源标识"), null=True)
    source_note = models.CharField(_("来源说明"), max_length=300, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("申请材料")
        indexes = [models.Index(fields=["application", "material_key"], name="service_hall_file_of")]


class ScannedPage(Row):
    """扫描页：one page of a material that is photographed or scanned page by page, until they are put together.

    Each is kept as a PDF of one page, whatever it came as.

    Personal data: the page may hold any; deleted when the pages are put together or dropped.
    """

    PERSONAL_DATA = personal(of_citizen("file", activity=CASE_FILE, category=Category.MINOR))

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="scanned_pages", verbose_name=_("申请")
    )
    material_key = models.CharField(_("材料"), max_length=60)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("文件"))
    place = models.PositiveSmallIntegerField(_("页码"))

    class Meta:
        verbose_name = _("扫描页")
        indexes = [models.Index(fields=["application", "material_key", "place"], name="service_hall_scanned_pages")]


class SupplementNotice(Row):
    """What was missing, told at one time; a later notice may only repeat points that are still open.

    Personal data: name of the official, kept with the application.
    """

    PERSONAL_DATA = personal(of_official("told_by"))

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="notices", verbose_name=_("申请")
    )
    no = models.PositiveSmallIntegerField(_("次数"))
    points = models.JSONField(_("补正事项"))
    told_by = models.CharField(_("告知人"), max_length=60)
    due_at = models.DateTimeField(_("补正截止"), null=True)
    answered_at = models.DateTimeField(_("补正时间"), null=True)

    class Meta:
        verbose_name = _("一次性告知")
        constraints = [
            models.UniqueConstraint(fields=["application", "no"], name="service_hall_notice_once"),
            models.UniqueConstraint(
                fields=["application"], condition=Q(answered_at__isnull=True), name="service_hall_one_open_notice"
            ),
        ]


class DayCounter(models.Model):
    """The last application number drawn on a day.

    Personal data: none.
    """

    id = models.BigAutoField(primary_key=True)
    tenant = models.CharField(_("租户"), max_length=12)
    day = models.DateField(_("日期"))
    last = models.PositiveIntegerField(_("最后序号"))

    class Meta:
        verbose_name = _("编号计数")
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="service_hall_counter_once")]
