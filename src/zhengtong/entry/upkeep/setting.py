"""Setting a parameter for a county: read as its rule reads it before it counts, kept with its basis, entered."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid, NotFound, NotPermitted
from zhengtong.kernel.models import ParameterValue

_LONGEST_SOURCE = 200


def set_parameter(
    *, actor: Actor, key: str, value: Any, source: str, valid_from: dt.date | None = None
) -> ParameterValue:
    """A value in force from a day on (today); one that was to begin on that day is replaced.

    For the platform's operator. Raises NotFound for an unknown key, Invalid for a value its rule cannot read, without
    a basis, and for a past day: what was decided by the former value stays as it was decided.
    """
    if actor.kind != "system":
        raise NotPermitted(_("参数由运维人员在服务器上设定。"))
    if key not in parameters.declared:
        raise NotFound(_("没有“%(key)s”这个参数。用 zhengtong parameter list 查看全部参数。") % {"key": key})
    day = valid_from or local_date()
    parameter = parameters.declared.get(key)
    refusal = parameters.why_unreadable(parameter, value) or _why_no_limit(parameter, value)
    if refusal:
        raise Invalid(refusal, field="value")
    if not 2 <= len(source.strip()) <= _LONGEST_SOURCE:
        raise Invalid(_("请写明依据，例如文件名称和文号，最多 %(n)d 个字。") % {"n": _LONGEST_SOURCE}, field="source")
    if day < local_date():
        raise Invalid(_("生效日期不能早于今天。"), field="valid_from")
    with transaction.atomic():
        before = parameters.value(key, tenant=actor.tenant, on=day)
        row, _created = ParameterValue.objects.update_or_create(
            tenant=actor.tenant,
            key=key,
            valid_from=day,
            defaults={"value": value, "source": source.strip(), "valid_until": None},
        )
        ledger.append(
            actor=actor,
            act="operations.parameter_set",
            object_ref=ObjectRef(kind="parameter", id=key),
            payload={"before": before, "after": value, "valid_from": day},
            basis=source.strip(),
        )
    return row


def _why_no_limit(parameter: parameters.Parameter, given: object) -> str:
    """A limit such as ``5 WD`` stays one."""
    if not _is_limit(parameter.default) or _is_limit(given):
        return ""
    return _("“%(label)s”应当写成期限，例如 %(example)s（WD 工作日，D 日）。") % {
        "label": parameter.label,
        "example": parameter.default,
    }


def _is_limit(given: object) -> bool:
    try:
        return isinstance(given, str) and cases.Limit.parse(given) is not None
    except ValueError:
        return False
