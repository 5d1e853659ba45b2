"""Usual phrases of a unit and of an official."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import Row
from zhengtong.systems.service_hall.constants import PhraseUse


class Phrase(Row):
    """Words that are put into an opinion or a one-time notice: a unit's (no person), or an official's own.

    ``outcome`` narrows a phrase to a conclusion, ``item_code`` to an item, ``material`` to a material by its name;
    empty means any. ``uses`` counts how often the words went into what was handed in.

    Personal data: id and name of the official who keeps it; until it is taken out.
    """

    PERSONAL_DATA = personal(of_official("person_id", "kept_by"))

    org_id = models.UUIDField(_("单位标识"))
    person_id = models.UUIDField(_("人员标识"), null=True)
    use = models.CharField(_("用途"), max_length=8, choices=PhraseUse)
    outcome = models.CharField(_("结论"), max_length=24, blank=True, default="")
    item_code = models.CharField(_("事项编码"), max_length=50, blank=True, default="")
    material = models.CharField(_("材料名称"), max_length=200, blank=True, default="")
    text = models.CharField(_("内容"), max_length=300)
    uses = models.PositiveIntegerField(_("使用次数"), default=0)
    kept_by = models.CharField(_("保存人"), max_length=60)

    class Meta:
        verbose_name = _("常用语")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "org_id", "person_id", "use", "outcome", "item_code", "material", "text"],
                name="service_hall_phrase_once",
            ),
            models.UniqueConstraint(
                fields=["tenant", "org_id", "use", "outcome", "item_code", "material", "text"],
                condition=Q(person_id__isnull=True),
                name="service_hall_unit_phrase_once",
            ),
            models.CheckConstraint(condition=Q(use__in=PhraseUse.values), name="service_hall_phrase_use"),
            models.CheckConstraint(condition=~Q(text=""), name="service_hall_phrase_words"),
            models.CheckConstraint(
                condition=Q(use="notice", outcome="") | Q(use="opinion", material=""),
                name="service_hall_phrase_of_its_use",
            ),
        ]
