"""Installing rules: data that is checked before it may judge anybody."""

import dataclasses
import datetime as dt
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.calendar import start_of_day
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Invalid, NotPermitted
from zhengtong.systems.supervision.constants import RULE_KIND, Level, Scope
from zhengtong.systems.supervision.models import RuleVersion
from zhengtong.systems.supervision.registry import event_sources
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
)
_NEEDED = ("key", "name", "event", "condition", "level", "scope", "source", "explanation")


@dataclasses.dataclass(frozen=True)
class InstallReport:
    """How many rules were added, replaced by a new version, left as they were, and switched off."""

    added: int = 0
    replaced: int = 0
    unchanged: int = 0
    retired: int = 0


def install_rules(*, actor: Actor, rows: Iterable[Mapping[str, Any]]) -> InstallReport:
    """Put rules in force; a row that says the same as the version in force changes nothing.

    A row with ``"active": false`` switches its rule off. All rows are checked first; Invalid names every problem.
    """
    if actor.kind != "system":
        raise NotPermitted(_("监察规则由系统管理命令装入，不能在页面上修改。"))
    given = [dict(row) for row in rows]
    problems = {f"{number}. {row.get('key', '')}": text for number, row in enumerate(given, 1) if (text := _wrong(row))}
    if problems:
        first = next(iter(problems.items()))
        raise Invalid(_("监察规则没有装入：%(row)s %(why)s") % {"row": first[0], "why": first[1]}, errors=problems)
    done = {"added": 0, "replaced": 0, "unchanged": 0, "retired": 0}
    with transaction.atomic():
        for row in given:
            done[_install(actor, row)] += 1
        touch(actor.tenant)
    return InstallReport(**done)


def _wrong(row: Mapping[str, Any]) -> str:
    missing = [name for name in _NEEDED if row.get(name) in (None, "")]
    if missing:
        return _("缺少：%(names)s。") % {"names": "、".join(missing)}
    if row["event"] not in event_sources:
        return _("没有监察“%(event)s”这类事件。") % {"event": row["event"]}
    if row["level"] not in Level.values or row["scope"] not in Scope.values:
        return _("等级或责任对象不在规定的范围内。")
    known = event_sources.get(row["event"]).fields
    found = problems_of(row["condition"], known)
    words = unknown_words(str(row["explanation"]), known | EXTRA_WORDS)
    if words:
        found.append(_("说明文字中的%(words)s没有来源。") % {"words": "、".join(words)})
    try:
        if Decimal(str(row.get("points", 0))) < 0:
            found.append(_("扣分不能为负。"))
        _first_day(row)
    except (InvalidOperation, ValueError):
        found.append(_("扣分或生效日期写法不对。"))
    return "".join(found)


def _first_day(row: Mapping[str, Any]) -> dt.datetime | None:
    return start_of_day(dt.date.fromisoformat(row["valid_from"])) if row.get("valid_from") else None


def _install(actor: Actor, row: Mapping[str, Any]) -> str:
    history = RuleVersion.objects.select_for_update().filter(tenant=actor.tenant, key=row["key"])
    newest = history.order_by("-version").first()
    current = newest if newest and newest.active else None
    if not row.get("active", True):
        return _retire(actor, current)
    content = _content(row)
    if current is not None and all(getattr(current, name) == value for name, value in content.items()):
        return "unchanged"
    begins = (_first_day(row) if newest is None else None) or now()
    if current is not None:
        _end(current, begins)
    rule = RuleVersion.objects.create(
        tenant=actor.tenant,
        key=row["key"],
        version=newest.version + 1 if newest else 1,
        valid_from=begins,
        **content,
    )
    _record(actor, rule, "active")
    return "replaced" if newest else "added"


def _content(row: Mapping[str, Any]) -> dict[str, Any]:
    defaults = {"clears": False, "basis": "", "confirmed": False, "points": 0}
    content = {name: row.get(name, defaults.get(name)) for name in _CONTENT}
    return content | {"points": Decimal(str(content["points"])).quantize(Decimal("0.1"))}


def _retire(actor: Actor, current: RuleVersion | None) -> str:
    if current is None:
        return "unchanged"
    _end(current, now())
    _record(actor, current, "retired")
    return "retired"


def _end(rule: RuleVersion, instant: dt.datetime) -> None:
    rule.active, rule.valid_until = False, max(instant, rule.valid_from + dt.timedelta(microseconds=1))
    rule.save(update_fields=["active", "valid_until"])


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
