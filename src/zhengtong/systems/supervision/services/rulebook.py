"""Installing rules: data that is checked before it may judge anybody."""

import dataclasses
import datetime as dt
import json
from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid, NotPermitted
from zhengtong.systems.supervision.constants import RULE_KIND, Level, Scope
from zhengtong.systems.supervision.models import RuleVersion
from zhengtong.systems.supervision.registry import event_sources, facts
from zhengtong.systems.supervision.rules import problems_of, unknown_words
from zhengtong.systems.supervision.services.board import touch
from zhengtong.systems.supervision.services.raising import EXTRA_WORDS

_CONTENT = (
    "name",
    "event",
    "condition",
    "level",
    "scope",
    "clears",
    "basis",
    "source",
    "confirmed",
    "explanation",
    "points",
    "window_days",
    "once_per_case",
    "owner",
    "expected_precision",
    "expires_on",
)
_DEFAULTS: dict[str, Any] = {
    "clears": False,
    "basis": "",
    "confirmed": False,
    "points": 0,
    "window_days": None,
    "once_per_case": False,
    "owner": "",
    "expected_precision": None,
    "expires_on": None,
}
LONGEST_WINDOW = 366
MOST_POINTS = 1000
_NEEDED = {
    "key": gettext_lazy("缺少规则编号（key）。"),
    "name": gettext_lazy("请填写规则名称。"),
    "event": gettext_lazy("请选择触发事件。"),
    "condition": gettext_lazy("请添加触发条件。"),
    "level": gettext_lazy("请选择等级。"),
    "scope": gettext_lazy("请选择责任对象。"),
    "source": gettext_lazy("请填写规则来源：按哪份文件、哪一条监察。没有依据的规则不能用来亮牌。"),
    "explanation": gettext_lazy("请填写亮牌说明，责任单位靠它知道为什么亮牌。"),
}


@dataclasses.dataclass(frozen=True)
class InstallReport:
    """How many rules were added, replaced by a new version, left as they were, and switched off."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    retired: int = 0


def install_rules(*, actor: Actor, rows: Iterable[Mapping[str, Any]]) -> InstallReport:
    """Put rules in force; a row that says the same as the version in force changes nothing.

    A row with ``"active": false`` switches its rule off. A rule that was put in force or out of force at a desk stays
    as it was left there. All rows are checked first; Invalid names every problem.
    """
    if actor.kind != "system":
        raise NotPermitted(_("监察规则由系统管理命令装入，不能在页面上修改。"))
    given = [dict(row) for row in rows]
    problems = {
        f"{number}. {row.get('key', '')}": text for number, row in enumerate(given, 1) if (text := what_is_wrong(row))
    }
    if problems:
        first = next(iter(problems.items()))
        raise Invalid(_("监察规则没有装入：%(row)s %(why)s") % {"row": first[0], "why": first[1]}, errors=problems)
    done = {"added": 0, "replaced": 0, "unchanged": 0, "retired": 0}
    with transaction.atomic():
        for row in given:
            done[_install(actor, row)] += 1
        touch(actor.tenant)
    return InstallReport(**done)


def what_is_wrong(row: Mapping[str, Any]) -> str:
    """Why a row cannot judge anybody, in Chinese sentences; empty when it can."""
    return "".join(wrong_fields(row).values())


def wrong_fields(row: Mapping[str, Any]) -> dict[str, str]:
    """The same by the field that must be mended."""
    found = {name: str(text) for name, text in _NEEDED.items() if row.get(name) in (None, "")}
    if "event" not in found and row["event"] not in event_sources:
        found["event"] = _("没有监察“%(event)s”这类事件。") % {"event": row["event"]}
    for name, known, text in (
        ("level", Level.values, _("等级不在规定的范围内。")),
        ("scope", Scope.values, _("责任对象不在规定的范围内。")),
    ):
        if name not in found and row[name] not in known:
            found[name] = text
    if "event" not in found:
        found |= _wrong_words(row, fields_for(row["event"]), found)
    return found | _wrong_figures(row)


def _wrong_words(row: Mapping[str, Any], known: frozenset[str], missing: Collection[str]) -> dict[str, str]:
    """What is wrong with condition and text, where they are there, for an event with ``known`` fields."""
    found = {}
    if "condition" not in missing and (problems := problems_of(row["condition"], known)):
        found["condition"] = "".join(problems)
    if "explanation" not in missing and (words := unknown_words(str(row["explanation"]), known | EXTRA_WORDS)):
        found["explanation"] = _("说明文字中的%(words)s没有来源。") % {"words": "、".join(words)}
    return found


def fields_for(event_name: str) -> frozenset[str]:
    """What a rule about a kind of event may name: the event's own fields and the facts that fit it."""
    return event_sources.get(event_name).fields | {key for key, fact in facts.items() if fact.fits(event_name)}


def _wrong_figures(row: Mapping[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        if not 0 <= Decimal(str(row.get("points") or 0)) <= MOST_POINTS:
            found["points"] = _("扣分应在 0 到 %(n)d 之间。") % {"n": MOST_POINTS}
        if not 0 <= Decimal(str(row.get("expected_precision") or 0)) <= 100:
            found["expected_precision"] = _("预期准确率应在 0 到 100 之间。")
        if not 0 <= int(row.get("window_days") or 0) <= LONGEST_WINDOW:
            found["window_days"] = _("统计天数应在 1 到 %(n)d 之间。") % {"n": LONGEST_WINDOW}
        _first_day(row)
        _last_day(row)
    except (InvalidOperation, ValueError):
        found["points"] = _("扣分、预期准确率、统计天数、生效日期或者有效期写法不对。")
    return found


def _last_day(row: Mapping[str, Any]) -> dt.date | None:
    given = row.get("expires_on")
    return dt.date.fromisoformat(given) if isinstance(given, str) and given else given or None


def _first_day(row: Mapping[str, Any]) -> dt.datetime | None:
    return start_of_day(dt.date.fromisoformat(row["valid_from"])) if row.get("valid_from") else None


def _install(actor: Actor, row: Mapping[str, Any]) -> str:
    newest, current = newest_versions(actor.tenant, row["key"])
    if newest is not None and (newest.enabled_by or newest.retired_by):
        return "unchanged"
    if not row.get("active", True):
        return _retire(actor, current)
    content = content_of(row)
    if current is not None and all(getattr(current, name) == value for name, value in content.items()):
        return "unchanged"
    put_in_force(actor, row, newest, current)
    return "replaced" if newest else "added"


def newest_versions(tenant: str, key: str) -> tuple[RuleVersion | None, RuleVersion | None]:
    """The newest version of a rule, and the one in force; locked."""
    newest = RuleVersion.objects.select_for_update().filter(tenant=tenant, key=key).order_by("-version").first()
    return newest, newest if newest and newest.active else None


def put_in_force(
    actor: Actor, row: Mapping[str, Any], newest: RuleVersion | None, current: RuleVersion | None, *, by: str = ""
) -> RuleVersion:
    """Write the next version of a rule, the one before it ends at that instant; ``by`` is who decided at a desk."""
    begins = (_first_day(row) if newest is None else None) or now()
    if current is not None:
        end_version(current, begins)
    rule = RuleVersion.objects.create(
        tenant=actor.tenant,
        key=row["key"],
        version=newest.version + 1 if newest else 1,
        valid_from=begins,
        enabled_by=by,
        **content_of(row),
    )
    _record(actor, rule, "active")
    return rule


def content_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a version says, from a row that was checked."""
    content = {name: row.get(name, _DEFAULTS.get(name)) for name in _CONTENT}
    expected = content["expected_precision"]
    return content | {
        "points": Decimal(str(content["points"] or 0)).quantize(Decimal("0.1")),
        "expected_precision": None if expected in (None, "") else Decimal(str(expected)).quantize(Decimal("0.1")),
        "window_days": int(content["window_days"]) if content["window_days"] else None,
        "expires_on": _last_day(row),
    }


def _retire(actor: Actor, current: RuleVersion | None) -> str:
    if current is None:
        return "unchanged"
    end_version(current, now())
    _record(actor, current, "retired")
    return "retired"


def end_version(rule: RuleVersion, instant: dt.datetime, *, by: str = "", why: str = "") -> None:
    """The version judges nothing that happens from that instant on."""
    rule.active, rule.valid_until = False, max(instant, rule.valid_from + dt.timedelta(microseconds=1))
    rule.retired_by, rule.retired_why = by, why
    rule.save(update_fields=["active", "valid_until", "retired_by", "retired_why"])


def _record(actor: Actor, rule: RuleVersion, state: str) -> None:
    ledger.append(
        actor=actor,
        act="supervision.install_rule",
        object_ref=ObjectRef(kind=RULE_KIND, id=str(rule.id)),
        payload={
            "key": rule.key,
            "version": rule.version,
            "state": state,
            "name": rule.name,
            "event": rule.event,
            "level": rule.level,
            "condition": json.dumps(rule.condition, ensure_ascii=False, sort_keys=True),
            "confirmed": rule.confirmed,
        },
        basis=rule.basis or rule.source,
    )
