"""Requests to erase what is held about a person, what was decided, and what became of it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.fields import EncryptedTextField
from zhengtong.kernel.inventory import of_citizen, of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants.processing import ERASURES, ErasureState


class ErasureRequest(Row):
    """个人信息删除申请: asked by the person, decided by the administrator, carried out by a job.

    ``findings`` is what was found when it was decided: kind, how many, what becomes of it and why it stays; no
    content. ``erased`` says of which kind how many went.

    Personal data: name of who asked and his reason (encrypted), both emptied when it was carried out; name of the
    official; kept three years after the decision.
    """

    PERSONAL_DATA = personal(
        of_citizen("person_id", "person_name", "reason", activity=ERASURES),
        of_official("decided_by", "decided_by_id"),
    )

    person_id = models.UUIDField(_("申请人标识"))
    person_name = EncryptedTextField(_("申请人"), blank=True, default="")
    reason = EncryptedTextField(_("申请理由"), blank=True, default="")
    state = models.CharField(_("状态"), max_length=10, choices=ErasureState, default=ErasureState.ASKED)
    due_on = models.DateField(_("答复期限"))
    findings = models.JSONField(_("决定时的清单"), default=list)
    answer = models.CharField(_("答复"), max_length=1000, blank=True, default="")
    decided_by_id = models.UUIDField(_("决定人标识"), null=True)
    decided_by = models.CharField(_("决定人"), max_length=60, blank=True, default="")
    decided_at = models.DateTimeField(_("决定时间"), null=True)
    erased = models.JSONField(_("删除的种类和数量"), default=dict)
    done_at = models.DateTimeField(_("删除时间"), null=True)

    class Meta:
        verbose_name = _("个人信息删除申请")
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["asked", "withdrawn"], decided_at__isnull=True)
                | (Q(state__in=["granted", "done", "refused"], decided_at__isnull=False) & ~Q(answer="")),
                name="service_hall_erasure_decided",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False) | (~Q(state="done") & Q(done_at__isnull=True)),
                name="service_hall_erasure_done",
            ),
            models.CheckConstraint(
                condition=Q(decided_by_id__isnull=True) | ~Q(decided_by_id=F("person_id")),
                name="service_hall_erasure_by_another",
            ),
            models.UniqueConstraint(
                fields=["tenant", "person_id"],
                condition=Q(state__in=["asked", "granted"]),
                name="service_hall_erasure_one_open",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "state", "due_on"], name="service_hall_erasures")]
