"""To whom a unit's tasks go, and who is away."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.cases.constants import Phase, RoutingMode
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row


class RoutingRule(Row):
    """A unit's leader decides which officer gets which tasks; empty ``item_code``, ``phase``, ``area`` mean any.

    ``officers`` are ``{id, name}`` in his order, all who can when empty; ``last_id`` is where the turn stands.

    Personal data: ids and names of officials, kept as long as the rule is in force; changes are in the ledger.
    """

    PERSONAL_DATA = personal(of_official("officers", "last_id", "set_by"))

    org_id = models.UUIDField(_("单位标识"))
    org_name = models.CharField(_("单位"), max_length=120)
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True, default="")
    item_name = models.CharField(_("事项"), max_length=200, blank=True, default="")
    phase = models.CharField(_("阶段"), max_length=12, choices=Phase, blank=True, default="")
    area = models.CharField(_("片区编码"), max_length=12, blank=True, default="")
    area_name = models.CharField(_("片区"), max_length=60, blank=True, default="")
    mode = models.CharField(_("派件方式"), max_length=10, choices=RoutingMode)
    officers = models.JSONField(_("承办人员"), default=list, blank=True)
    last_id = models.UUIDField(_("轮到的人员标识"), null=True)
    set_by = models.CharField(_("设定人"), max_length=60)

    class Meta:
        verbose_name = _("派件规则")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "org_id", "item_code", "phase", "area"], name="cases_routing_rule_once"
            ),
            models.CheckConstraint(condition=Q(mode__in=RoutingMode.values), name="cases_routing_words"),
            models.CheckConstraint(
                condition=~Q(mode="fixed") | ~Q(officers=[]), name="cases_routing_fixed_names_somebody"
            ),
        ]


class Absence(Row):
    """An officer is away from a day until a day (both inclusive); his substitute gets what would be his.

    Personal data: ids and names of officials, days of absence without its kind; kept one year.
    """

    PERSONAL_DATA = personal(of_official("person_id", "person", "substitute_id", "substitute", "noted_by"))

    org_id = models.UUIDField(_("单位标识"))
    person_id = models.UUIDField(_("人员标识"))
    person = models.CharField(_("人员"), max_length=60)
    from_day = models.DateField(_("起始日期"))
    until_day = models.DateField(_("截止日期"))
    substitute_id = models.UUIDField(_("代办人标识"), null=True)
    substitute = models.CharField(_("代办人"), max_length=60, blank=True, default="")
    noted_by = models.CharField(_("登记人"), max_length=60)
    ended_on = models.DateField(_("提前返岗日"), null=True)

    class Meta:
        verbose_name = _("人员离岗")
        constraints = [
            models.CheckConstraint(condition=Q(until_day__gte=F("from_day")), name="cases_absence_order"),
            models.CheckConstraint(
                condition=Q(substitute_id__isnull=True) | ~Q(substitute_id=F("person_id")),
                name="cases_absence_two_persons",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "org_id", "until_day"], name="cases_absence_unit")]
