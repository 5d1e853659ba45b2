"""Forms by which a process administrator asks for a jump, a reassignment or a migration."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE, WorkItemStatus
from zhengtong.capabilities.cases.selectors.drafts import versions
from zhengtong.capabilities.cases.selectors.interventions import pending_interventions
from zhengtong.capabilities.cases.selectors.migration import preview_migration
from zhengtong.capabilities.cases.selectors.monitor import CaseMonitor, VersionMonitor
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor


def ask_forms(request: HttpRequest, actor: Actor, found: CaseMonitor, failed: str) -> dict[str, Any]:
    """The forms of a case and what already waits for approval; no forms for others than process administrators.

    The form that ``failed`` shows what was chosen in it.
    """
    waiting = [row for row in pending_interventions(actor) if row.case_id == found.id]
    if not actor.has_role("process_admin") or found.status != "open" or waiting:
        return {"pending": waiting, "asks": []}
    tasks = [step for step in found.steps if step.status == WorkItemStatus.OPEN]
    items = [(str(step.work_item_id), f"{step.name}（{step.org_name}）") for step in tasks]
    asks = []
    if tasks:
        asks.append(_ask(found, "jump", [_select("work_item_id", _("现在的环节"), items), _nodes(found)]))
    official = [step for step in tasks if step.role != APPLICANT_ROLE]
    if official:
        chosen = [pair for pair, step in zip(items, tasks, strict=True) if step.role != APPLICANT_ROLE]
        fields = [
            _select("work_item_id", _("要改派的环节"), chosen),
            _select("to", _("改派给"), _targets(actor, official)),
        ]
        asks.append(_ask(found, "reassign", fields))
    if found.other_versions:
        options = [(str(key), _("第 %(n)d 版") % {"n": number}) for key, number in found.other_versions]
        chosen_version = request.POST.get("process_version_id") or request.GET.get("to") or options[0][0]
        field = _select("process_version_id", _("迁移到"), options) | {"value": chosen_version}
        keys = {str(key): key for key, _number in found.other_versions}
        preview = None
        if chosen_version in keys:
            preview = preview_migration(actor=actor, case_id=found.id, process_version_id=keys[chosen_version])
        asks.append(_ask(found, "migrate", [field]) | {"preview": preview})
    for ask in asks:
        for field in ask["fields"] if ask["kind"] == failed else ():
            field["value"] = request.POST.get(field["name"], "")
    return {"pending": waiting, "asks": asks}


def migration_form(actor: Actor, found: VersionMonitor) -> dict[str, Any] | None:
    """Ask that all running cases of a version move to another one; None when there is nothing to move."""
    others = [row for row in versions(actor) if row.key == found.key and row.id != found.version_id]
    if not others or not found.loads:
        return None
    options = [(str(row.id), _("第 %(n)d 版") % {"n": row.version}) for row in others]
    return {
        "action": reverse("processes:ask_migration", args=[found.version_id]),
        "fields": [_select("to_version_id", _("迁移到"), options)],
    }


def _ask(found: CaseMonitor, kind: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    titles = {"jump": _("跳转"), "reassign": _("改派"), "migrate": _("迁移到另一版流程")}
    return {
        "kind": kind,
        "title": titles[kind],
        "action": reverse("processes:ask", args=[found.id, kind]),
        "fields": fields,
        "preview": None,
    }


def _select(name: str, label: str, options: list[tuple[str, str]]) -> dict[str, Any]:
    return {"name": name, "label": label, "options": options, "value": ""}


def _nodes(found: CaseMonitor) -> dict[str, Any]:
    return _select("node", _("跳到"), [("", _("（请选择）")), *found.nodes])


def _targets(actor: Actor, steps: list[Any]) -> list[tuple[str, str]]:
    """People of the units that have the tasks, then all units."""
    people: dict[str, str] = {}
    for org_id, role, name in {(step.org_id, step.role, step.org_name) for step in steps}:
        for person in identity.people_in(actor.tenant, org_id, role):
            people[f"person:{person.person_id}"] = f"{name} {person.name}"
    units = [(f"org:{unit.code}", unit.name) for unit in identity.organisations(actor.tenant)]
    return [*sorted(people.items(), key=lambda pair: pair[1]), *units]
