"""The time line of a consultation or a survey."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.opinions.constants import ActKind
from zhengtong.systems.opinions.models.polls import Poll
from zhengtong.systems.opinions.models.topics import Topic


class OpinionAct(Row):
    """Something done, by whom; never changed.

    Personal data: name of the official.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"))

    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="acts", null=True, verbose_name=_("意见征集")
    )
    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="acts", null=True, verbose_name=_("网上调查"))
    kind = models.CharField(_("做了什么"), max_length=10, choices=ActKind)
    text = models.CharField(_("内容"), max_length=1200, blank=True)
    person_id = models.UUIDField(_("操作人标识"), null=True)
    person_name = models.CharField(_("操作人"), max_length=60, blank=True)
    org_name = models.CharField(_("单位"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("征集办理记录")
        constraints = [
            models.CheckConstraint(
                condition=Q(topic__isnull=False, poll__isnull=True) | Q(topic__isnull=True, poll__isnull=False),
                name="opinions_act_of_one",
            )
        ]
        indexes = [
            models.Index(fields=["topic", "created_at"], name="opinions_act_topic"),
            models.Index(fields=["poll", "created_at"], name="opinions_act_poll"),
        ]
