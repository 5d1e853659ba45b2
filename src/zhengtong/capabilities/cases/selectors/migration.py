"""What moving a case to another version of its process would do, without doing it."""

import dataclasses
import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.constants import APPLICANT_ROLE
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.migrate import migration_preview
from zhengtong.capabilities.cases.engine.model import Node
from zhengtong.capabilities.cases.models import Case, ProcessVersion
from zhengtong.capabilities.cases.permissions import visible_cases
from zhengtong.capabilities.cases.selectors.processes import graph_of
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotFound


@dataclasses.dataclass(frozen=True)
class MigrationPreview:
    """``refusals`` forbid the migration, each a Chinese sentence; ``notes`` say what will be different."""

    from_version: int
    to_version: int
    refusals: tuple[str, ...]
    notes: tuple[str, ...]
    stays: tuple[str, ...]


def preview_migration(*, actor: Actor, case_id: uuid.UUID, process_version_id: uuid.UUID) -> MigrationPreview:
    """What moving a case the actor may see to that version would do; NotFound for others."""
    case = Case.objects.filter(visible_cases(actor), pk=case_id).first()
    if case is None:
        raise NotFound(_("没有找到这个办件。"))
    return migration_of(case, version_of(actor.tenant, process_version_id))


def version_of(tenant: str, version_id: uuid.UUID) -> ProcessVersion:
    """A version of the tenant's own; NotFound otherwise."""
    version = ProcessVersion.objects.filter(tenant=tenant, pk=version_id).defer("bpmn_xml", "compiled").first()
    if version is None:
        raise NotFound(_("没有找到这个流程版本。"))
    return version


def migration_of(case: Case, version: ProcessVersion) -> MigrationPreview:
    """The same for a case at hand."""
    current = version_of(case.tenant, case.process_id)
    refusals: tuple[str, ...] = ()
    if current.key != version.key:
        refusals = (_("“%(title)s”是另一个流程，只能迁移到同一流程的其他版本。") % {"title": version.title},)
    elif current.id == version.id:
        refusals = (_("办件已经在这一版上。"),)
    else:
        new = graph_of(version.id)
        old = graph_of(current.id)
        found = migration_preview(old, new, Marking.from_json(case.marking))
        swapped = tuple(
            _("“%(step)s”正在办理，而新版流程里它在申请人和单位之间换了办理人。")
            % {"step": old.nodes[node].name or node}
            for node in found.stays
            if _by_applicant(old.nodes[node]) != _by_applicant(new.nodes[node])
        )
        return MigrationPreview(
            from_version=current.version,
            to_version=version.version,
            refusals=(*(refusal.message for refusal in found.refusals), *swapped),
            notes=found.notes,
            stays=tuple(new.nodes[node].name or node for node in found.stays),
        )
    return MigrationPreview(current.version, version.version, refusals, (), ())


def _by_applicant(node: Node) -> bool:
    return node.settings.get("role") == APPLICANT_ROLE
