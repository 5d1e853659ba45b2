"""Tables of the counter: an official types for the person who stands before him, and sees originals."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import CASE_FILE, of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import (
    Channel,
    ConsentKind,
    IdentityProof,
    RelationKind,
    RelationProof,
    SittingPurpose,
    SittingState,
)
from zhengtong.systems.service_hall.models.applications import Application, MaterialFile


class Sitting(Row):
    """One official typing for one person: open until handed in with the person's consent, or given up.

    While it is open, and for nobody else, the official may read and change the application. ``consent_digest`` binds
    the consent to what was shown: whatever is changed afterwards needs a new one.

    Personal data: names of the official and of who accompanied the person, the person's signature (a picture) or his
    masked number; kept with the application.
    """

    PERSONAL_DATA = personal(
        of_official("official_id", "official_name"),
        of_citizen("consent_file", "consent_phone", activity=CASE_FILE),
    )

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, related_name="sittings", verbose_name=_("申请")
    )
    purpose = models.CharField(_("代录事由"), max_length=10, choices=SittingPurpose)
    channel = models.CharField(_("受理渠道"), max_length=10, choices=Channel)
    official_id = models.UUIDField(_("代录人标识"))
    official_name = models.CharField(_("代录人"), max_length=60)
    org_id = models.UUIDField(_("代录单位标识"))
    org_name = models.CharField(_("代录单位"), max_length=120)
    proof = models.CharField(_("核对的身份证件"), max_length=12, choices=IdentityProof)
    state = models.CharField(_("状态"), max_length=8, choices=SittingState, default=SittingState.OPEN)
    consent_kind = models.CharField(_("同意方式"), max_length=8, choices=ConsentKind, blank=True, default="")
    consent_text = models.TextField(_("向本人宣读的内容"), blank=True, default="")
    consent_file = models.ForeignKey(
        "kernel.StoredFile", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("签名")
    )
    consent_phone = models.CharField(_("验证码发到的号码"), max_length=20, blank=True, default="", db_default="")
    consent_digest = models.CharField(_("同意时的内容摘要"), max_length=64, blank=True, default="")
    consent_at = models.DateTimeField(_("同意时间"), null=True)
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = _("窗口代录")
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(state="open"), name="service_hall_one_open_sitting"
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | Q(consent_at__isnull=False), name="service_hall_sitting_with_consent"
            ),
            models.CheckConstraint(
                condition=Q(consent_at__isnull=True, consent_file__isnull=True, consent_digest="")
                | (Q(consent_at__isnull=False, consent_file__isnull=False) & ~Q(consent_digest=""))
                | (
                    Q(consent_at__isnull=False, consent_file__isnull=True, consent_kind="code")
                    & ~Q(consent_digest="")
                    & ~Q(consent_phone="")
                ),
                name="service_hall_consent_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True) | Q(~Q(state="open"), closed_at__isnull=False),
                name="service_hall_sitting_closed",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "official_id", "-created_at"], name="service_hall_sittings_of")]


class OriginalSeen(Row):
    """核对原件: an official has held the original of a material beside the file that was given.

    Personal data: name of the official, kept with the application.
    """

    PERSONAL_DATA = personal(of_official("seen_by_id", "seen_by"))

    file = models.OneToOneField(
        MaterialFile, on_delete=models.PROTECT, related_name="original_seen", verbose_name=_("申请材料")
    )
    seen_by_id = models.UUIDField(_("核对人标识"))
    seen_by = models.CharField(_("核对人"), max_length=60)
    org_name = models.CharField(_("核对单位"), max_length=120)

    class Meta:
        verbose_name = _("核对原件")


class Representation(Row):
    """代办关系：who stands at the counter acts for a child or a company; the paper that proves it was seen and kept.

    Personal data: that two persons belong together, number and copy of the paper; kept with the application.
    """

    PERSONAL_DATA = personal(of_citizen("proof_number", "file", activity=CASE_FILE))

    sitting = models.OneToOneField(
        Sitting, on_delete=models.PROTECT, related_name="representation", verbose_name=_("窗口代录")
    )
    relation = models.CharField(_("关系"), max_length=14, choices=RelationKind)
    proof = models.CharField(_("证明材料"), max_length=20, choices=RelationProof)
    proof_number = models.CharField(_("材料编号"), max_length=60, blank=True, default="")
    signed_on = models.DateField(_("授权日期"), null=True)
    valid_until = models.DateField(_("授权截止日期"), null=True)
    file = models.ForeignKey(
        MaterialFile, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("证明材料文件")
    )

    class Meta:
        verbose_name = _("代办关系")
        constraints = [
            models.CheckConstraint(
                condition=~Q(relation="agent") | Q(signed_on__isnull=False, valid_until__isnull=False),
                name="service_hall_agent_has_letter",
            ),
            models.CheckConstraint(
                condition=Q(relation="representative") | Q(file__isnull=False), name="service_hall_relation_has_copy"
            ),
        ]
