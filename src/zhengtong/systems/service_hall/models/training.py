"""Table of training: who has done which exercise; of the invented applications themselves nothing is kept."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class TrainingRun(Row):
    """练习记录：one official and one exercise in one post: how often he tried, which mistakes, when it was right.

    Personal data: name of the official and his mistakes, which only he sees; kept while he holds the post.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person_name"))

    person_id = models.UUIDField(_("练习人标识"))
    person_name = models.CharField(_("练习人"), max_length=60)
    post_id = models.UUIDField(_("岗位标识"))
    post_name = models.CharField(_("岗位"), max_length=120)
    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位"), max_length=120)
    exercise = models.CharField(_("练习"), max_length=40)
    tries = models.PositiveIntegerField(_("次数"), default=0)
    mistakes = models.JSONField(_("错误"), default=dict)
    finished_at = models.DateTimeField(_("完成时间"), null=True)
    first_try = models.BooleanField(_("一次做对"), default=False)

    class Meta:
        verbose_name = _("练习记录")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "person_id", "post_id", "exercise"], name="service_hall_training_once"
            ),
            models.CheckConstraint(
                condition=Q(first_try=False) | Q(finished_at__isnull=False), name="service_hall_training_first"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "org_id"], name="service_hall_training_of")]
