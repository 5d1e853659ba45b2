"""Which way an application takes: the process with its picture, and what each unit gets."""

import dataclasses

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.kernel.errors import DomainError


@dataclasses.dataclass(frozen=True)
class Route:
    """The process an item takes: its title, its picture, and a sentence for each unit."""

    key: str
    title: str
    chosen: bool
    picture: SafeString
    shares: tuple[tuple[str, str], ...]


def route(tenant: str, draft: ItemDraft) -> Route:
    """The way of a draft as it stands."""
    key = rules.with_route(draft).process_key
    titles = dict(cases.process_choices(tenant))
    return Route(
        key=key,
        title=titles.get(key, _("还没有启用的流程“%(key)s”") % {"key": key}) if key else "",
        chosen=bool(draft.process_key),
        picture=picture(tenant, key),
        shares=_shares(draft) if key else (),
    )


def picture(tenant: str, key: str) -> SafeString:
    """The drawing of a process; empty when none is in use. The engine escapes every text of it."""
    if not key:
        return SafeString("")
    try:
        return mark_safe(cases.process_picture(tenant, key))  # noqa: S308 - escaped by the engine
    except DomainError:
        return SafeString("")


def _shares(draft: ItemDraft) -> tuple[tuple[str, str], ...]:
    found = [(draft.department, _("受理、统一告知补正、作出决定、送达。"))]
    for unit in draft.joint_units:
        if not unit.org_code:
            said = _("不在机构名录里，不能自动派件，由受理部门另行联系。")
        elif rules.is_limit(unit.limit) and unit.limit != "NONE":
            said = _("受理后同时收到一份审查任务，%(limit)s内出具意见。") % {"limit": rules.words_of(unit.limit)}
        else:
            said = _("受理后同时收到一份审查任务，随承诺时限出具意见。")
        found.append((unit.name, said))
    return tuple(found)
