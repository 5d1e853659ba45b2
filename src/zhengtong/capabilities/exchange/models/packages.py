"""Packages, the rows in them, and what the upper platform answered."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.exchange.constants import REPORTING, Operation, PackageState, ReceiptKind, Verdict
from zhengtong.kernel.inventory import Category, of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class ReportPackage(Row):
    """上报包：rows of one data set, signed; its content never changes, however often it is sent.

    ``manifest`` is the signed text byte for byte, ``digest`` its SM3, ``previous`` the digest of the one before.
    ``taken_until``: a worker is at it. Rows lie in the file.

    Personal data: the file holds what the data set declares; kept as long as the upper platform may ask (three years,
    网络数据安全管理条例 第十二条).
    """

    PERSONAL_DATA = personal(
        of_citizen("file", activity=REPORTING, category=Category.SENSITIVE),
        of_official("signed_by"),
    )

    dataset = models.CharField(_("数据集"), max_length=40)
    version = models.CharField(_("数据集版本"), max_length=20)
    sequence = models.PositiveIntegerField(_("序号"))
    previous = models.CharField(_("上一包摘要"), max_length=64)
    digest = models.CharField(_("清单摘要"), max_length=64)
    manifest = models.TextField(_("清单"))
    signature = models.BinaryField(_("签名"))
    certificate = models.TextField(_("签名证书"))
    signed_by = models.CharField(_("签名单位"), max_length=200)
    serial = models.CharField(_("证书序列号"), max_length=40)
    file = models.ForeignKey("kernel.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name=_("内容"))
    rows = models.PositiveIntegerField(_("行数"))
    state = models.CharField(_("状态"), max_length=10, choices=PackageState, default=PackageState.BUILT)
    attempts = models.PositiveIntegerField(_("发送次数"), default=0)
    taken_until = models.DateTimeField(_("占用到"), null=True)
    ask_at = models.DateTimeField(_("下次索取回执时间"), null=True)
    sent_at = models.DateTimeField(_("首次发送时间"), null=True)
    received_at = models.DateTimeField(_("上级收到时间"), null=True)
    settled_at = models.DateTimeField(_("核验时间"), null=True)
    accepted = models.PositiveIntegerField(_("采纳行数"), default=0)
    refused = models.PositiveIntegerField(_("退回行数"), default=0)
    reason_code = models.CharField(_("退回原因代码"), max_length=20, blank=True)
    reason = models.CharField(_("退回说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("上报包")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "dataset", "sequence"], name="exchange_package_sequence_once"),
            models.CheckConstraint(condition=Q(sequence__gt=0, rows__gt=0), name="exchange_package_not_empty"),
            models.CheckConstraint(condition=Q(state__in=PackageState.values), name="exchange_package_state"),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False, accepted=models.F("rows") - models.F("refused"))
                | (~Q(state="settled") & Q(settled_at__isnull=True, accepted=0, refused=0)),
                name="exchange_package_settled_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["received", "settled"]) | Q(received_at__isnull=False),
                name="exchange_package_received_at",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "dataset", "sequence"],
                name="exchange_package_open",
                condition=~Q(state="settled"),
            ),
            models.Index(fields=["tenant", "-created_at"], name="exchange_package_newest"),
        ]


class ReportedRow(Row):
    """上报记录：one row in one package, and what became of it; ``latest``: no later package holds the same row.

    Personal data: none (the values are in the package's file; the title names the matter, not the person).
    """

    package = models.ForeignKey(
        ReportPackage, on_delete=models.PROTECT, related_name="lines", db_index=False, verbose_name=_("上报包")
    )
    number = models.PositiveIntegerField(_("行号"))
    dataset = models.CharField(_("数据集"), max_length=40)
    row_key = models.CharField(_("记录标识"), max_length=80)
    digest = models.CharField(_("摘要"), max_length=64)
    operation = models.CharField(_("操作"), max_length=1, choices=Operation)
    latest = models.BooleanField(_("最新"), default=True)
    verdict = models.CharField(_("回执结论"), max_length=10, choices=Verdict, default=Verdict.WAITING)
    reason_code = models.CharField(_("退回原因代码"), max_length=20, blank=True)
    reason = models.CharField(_("退回说明"), max_length=300, blank=True)
    title = models.CharField(_("记录名称"), max_length=200)
    org_id = models.UUIDField(_("责任单位标识"), null=True)
    org_name = models.CharField(_("责任单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("上报记录")
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="exchange_row_line_once"),
            models.UniqueConstraint(fields=["package", "row_key"], name="exchange_row_in_package_once"),
            models.UniqueConstraint(
                fields=["tenant", "dataset", "row_key"], condition=Q(latest=True), name="exchange_row_latest_once"
            ),
            models.CheckConstraint(
                condition=(Q(verdict="refused") & ~Q(reason_code="")) | (~Q(verdict="refused") & Q(reason_code="")),
                name="exchange_row_refused_with_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "dataset", "row_key", "-created_at"], name="exchange_row_of_key"),
            models.Index(
                fields=["tenant", "org_id"],
                name="exchange_row_refused",
                condition=Q(latest=True, verdict="refused"),
            ),
        ]


class ReportReceipt(Row):
    """上报回执：an answer of the upper platform about a package, with its signature; never changed.

    Personal data: none (keys of rows and reasons).
    """

    package = models.ForeignKey(
        ReportPackage, on_delete=models.PROTECT, related_name="receipts", verbose_name=_("上报包")
    )
    kind = models.CharField(_("回执种类"), max_length=10, choices=ReceiptKind)
    content = models.TextField(_("回执内容"))
    signature = models.BinaryField(_("签名"))
    certificate = models.TextField(_("签名证书"))

    class Meta:
        verbose_name = _("上报回执")
        indexes = [models.Index(fields=["package", "created_at"], name="exchange_receipt_of")]
