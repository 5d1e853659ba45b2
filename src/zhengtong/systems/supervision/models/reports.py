"""电子监察月报: the figures of a month as they were frozen, published by a second person."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.systems.supervision.constants import ScoreState
from zhengtong.systems.supervision.models.judging import Proposed


class SupervisionReport(Proposed):
    """电子监察月报: frozen when it is drawn up, published by another supervisor, corrected by a further issue.

    ``figures`` holds all that page, workbook and paper show; ``digest`` is over them. ``reason`` says why there is a
    further issue. A trigger refuses any change of what was frozen.

    Personal data: names and posts of the two supervisors, kept with the report.
    """

    state = models.CharField(_("状态"), max_length=10, choices=ScoreState, default=ScoreState.PROPOSED)
    reason = models.TextField(_("更正理由"), blank=True)
    month = models.DateField(_("月份"))
    version = models.PositiveSmallIntegerField(_("版本"))
    figures = models.JSONField(_("指标"))
    sentences = models.JSONField(_("文字说明"))
    digest = models.CharField(_("数据摘要"), max_length=64)
    document_id = models.UUIDField(_("文书标识"), null=True)

    class Meta(Proposed.Meta):
        verbose_name = _("电子监察月报")
        constraints = [
            *Proposed.Meta.constraints,
            models.UniqueConstraint(fields=["tenant", "month", "version"], name="supervision_report_version_once"),
            models.UniqueConstraint(
                fields=["tenant", "month"], condition=Q(state="published"), name="supervision_report_one_published"
            ),
            models.UniqueConstraint(
                fields=["tenant", "month"], condition=Q(state="proposed"), name="supervision_report_one_proposed"
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1, month__day=1) & ~Q(state="computed"), name="supervision_report_month"
            ),
            models.CheckConstraint(condition=Q(version=1) | ~Q(reason=""), name="supervision_report_why_again"),
        ]
