"""Words of electronic supervision: levels, states and acts of a card."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """How grave a card is, from light to grave."""

    HINT = "hint", _("提示")
    YELLOW = "yellow", _("黄牌")
    RED = "red", _("红牌")
    BREACH = "breach", _("严重红牌")


class CardState(models.TextChoices):
    """Where a card stands."""

    RAISED = "raised", _("待说明")
    EXPLAINED = "explained", _("待核定")
    CONFIRMED = "confirmed", _("已认定，待整改")
    CANCELLED = "cancelled", _("已撤销")
    CLOSED = "closed", _("已销号")


class CardActKind(models.TextChoices):
    """What was done with a card."""

    EXPLAIN = "explain", _("说明")
    APPEAL = "appeal", _("申诉")
    RECTIFY = "rectify", _("整改报告")
    CONFIRM = "confirm", _("认定")
    CANCEL = "cancel", _("撤销")
    CLOSE = "close", _("销号")
    CLEAR = "clear", _("自动销号")


class Scope(models.TextChoices):
    """Whom a rule holds answerable: the unit of the step, or the unit of the whole case."""

    STEP = "step", _("环节")
    CASE = "case", _("办件")


CARD_KIND = "supervision_card"
RULE_KIND = "supervision_rule"
SUPERVISOR = "supervisor"
#: roles of a unit's people who answer for its cards
UNIT_ROLES = ("clerk", "reviewer", "leader")
#: states in which a card still asks something of somebody
OPEN_STATES = ("raised", "explained", "confirmed")
#: key by which the outbox remembers that supervision has seen an event
SUBSCRIBER = "supervision.watch"

#: level of a card → lamp of the page
LAMPS = {"hint": "none", "yellow": "yellow", "red": "red", "breach": "deep_red", "": "green"}

ACT_LABELS = {
    "supervision.raise_card": "亮牌",
    "supervision.explain": "就亮牌作出说明",
    "supervision.appeal": "就亮牌提出申诉",
    "supervision.rectify": "报告整改情况",
    "supervision.confirm": "认定亮牌",
    "supervision.cancel": "撤销亮牌",
    "supervision.close": "亮牌销号",
    "supervision.clear": "亮牌自动销号",
    "supervision.install_rule": "启用监察规则版本",
    "supervision.rebuild": "重建监察数据",
}
OBJECT_LABELS = {CARD_KIND: "亮牌", RULE_KIND: "监察规则", "supervision": "监察数据"}
