"""Tables of the towns: paper originals that were taken in for a county unit and are passed up to it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import PassedState
from zhengtong.systems.service_hall.models.applications import Application


class PassedBatch(Row):
    """递交清单：papers of several applications that go from one counter to one county unit together.

    Personal data: names of the officials who handed over and received; kept with the applications.
    """

    PERSONAL_DATA = personal(of_official("sent_by_id", "sent_by", "received_by", "signature"))

    number = models.CharField(_("清单编号"), max_length=40)
    from_org_id = models.UUIDField(_("递交单位标识"))
    from_org_name = models.CharField(_("递交单位"), max_length=120)
    to_org_id = models.UUIDField(_("接收单位标识"))
    to_org_name = models.CharField(_("接收单位"), max_length=120)
    sent_by_id = models.UUIDField(_("递交人标识"))
    sent_by = models.CharField(_("递交人"), max_length=60)
    received_by = models.CharField(_("签收人"), max_length=60, blank=True, default="")
    received_at = models.DateTimeField(_("签收时间"), null=True)
    signature = models.ForeignKey(
        "kernel.StoredFile", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("签收人签名")
    )

    class Meta:
        verbose_name = _("递交清单")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="service_hall_batch_number_once"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True, received_by="")
                | (Q(received_at__isnull=False) & ~Q(received_by="")),
                name="service_hall_batch_received_whole",
            ),
            models.CheckConstraint(
                condition=~Q(from_org_id=models.F("to_org_id")), name="service_hall_batch_two_units"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "to_org_id", "-created_at"], name="service_hall_batches_to"),
            models.Index(fields=["tenant", "from_org_id", "-created_at"], name="service_hall_batches_from"),
        ]


class PassedPapers(Row):
    """递交清单行：the paper originals of one application on a list; the electronic file has long been there.

    Personal data: none beyond the application it names.
    """

    batch = models.ForeignKey(PassedBatch, on_delete=models.PROTECT, related_name="lines", verbose_name=_("递交清单"))
    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="passed_papers", verbose_name=_("申请")
    )
    pieces = models.PositiveSmallIntegerField(_("份数"))
    state = models.CharField(_("状态"), max_length=10, choices=PassedState, default=PassedState.SENT)
    reason = models.CharField(_("说明"), max_length=200, blank=True, default="")
    decided_at = models.DateTimeField(_("核对时间"), null=True)

    class Meta:
        verbose_name = _("递交材料")
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(state__in=["sent", "received"]),
                name="service_hall_papers_one_place",
            ),
            models.CheckConstraint(condition=Q(pieces__gte=1), name="service_hall_papers_some"),
            models.CheckConstraint(
                condition=Q(state="sent", decided_at__isnull=True) | Q(~Q(state="sent"), decided_at__isnull=False),
                name="service_hall_papers_decided",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["missing", "returned"]) | ~Q(reason=""), name="service_hall_papers_why"
            ),
        ]
        indexes = [models.Index(fields=["application", "-created_at"], name="service_hall_papers_of")]
