"""Requests of persons to have what is held about them corrected."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import CorrectionState
from zhengtong.systems.service_hall.constants.processing import CORRECTIONS


class CorrectionRequest(Row):
    """个人信息更正申请：本人指出哪一项信息有误、应当是什么，由保管单位在期限内更正或者说明理由（个人信息保护法第四十六条）。

    ``holding`` is the kind of data (``kernel.personal_data.Holding.key``) as it was called when he asked.

    Personal data: what is wrong and what is right, encrypted; kept three years after the answer.
    """

    PERSONAL_DATA = personal(
        of_citizen("person_id", "person_name", "wrong", "right", "answer", activity=CORRECTIONS),
        of_official("answered_by"),
    )

    person_id = models.UUIDField(_("申请人标识"))
    person_name = models.CharField(_("申请人"), max_length=60)
    holding = models.CharField(_("信息类别"), max_length=40)
    holding_label = models.CharField(_("信息名称"), max_length=120)
    wrong = EncryptedTextField(_("有误的内容"))
    right = EncryptedTextField(_("应当更正为"))
    org_id = models.UUIDField(_("保管单位标识"))
    org_name = models.CharField(_("保管单位"), max_length=200)
    due_on = models.DateField(_("答复期限"))
    state = models.CharField(_("状态"), max_length=9, choices=CorrectionState, default=CorrectionState.ASKED)
    answer = models.CharField(_("答复"), max_length=1000, blank=True)
    answered_by = models.CharField(_("答复人"), max_length=60, blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True)

    class Meta:
        verbose_name = _("个人信息更正申请")
        constraints = [
            models.CheckConstraint(
                condition=Q(state=CorrectionState.ASKED, answered_at__isnull=True)
                | (~Q(state=CorrectionState.ASKED) & Q(answered_at__isnull=False, answer__gt="")),
                name="service_hall_correction_answered",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "person_id", "-created_at"], name="service_hall_corrections_mine"),
            models.Index(fields=["tenant", "org_id", "state", "due_on"], name="service_hall_corrections_of"),
        ]
