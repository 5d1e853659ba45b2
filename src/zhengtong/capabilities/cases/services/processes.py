"""Deploying a drawn process: parse, subset, soundness, second person, frozen version."""

import dataclasses
import hashlib
import uuid

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.engine.model import Graph, by_element
from zhengtong.capabilities.cases.models import ProcessVersion
from zhengtong.capabilities.cases.selectors.processes import compile_drawing
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotPermitted
from zhengtong.kernel.transactions import hold


@dataclasses.dataclass(frozen=True)
class Signer:
    """Who drew or approved a version: kept by name, for he may have left when it is read."""

    person_id: uuid.UUID | None
    name: str

    @classmethod
    def of(cls, actor: Actor) -> "Signer":
        """The person who acts now."""
        return cls(actor.person_id, actor.name)


def deploy_process(*, actor: Actor, approver: Actor, key: str, title: str, bpmn_xml: str) -> ProcessVersion:
    """Freeze a drawing as the next version of ``key``; unchanged drawings give the version that exists.

    Raises Invalid with one sentence per fault when the drawing is outside the subset or not sound, and
    NotPermitted when the same person draws and approves.
    """
    return freeze_version(
        actor=actor, drawer=Signer.of(actor), approver=Signer.of(approver), key=key, title=title, bpmn_xml=bpmn_xml
    )


def freeze_version(
    *, actor: Actor, drawer: Signer, approver: Signer, key: str, title: str, bpmn_xml: str
) -> ProcessVersion:
    """The same, by whoever acts now, in the names of the two persons who drew and approved."""
    if drawer.person_id is None or approver.person_id is None or drawer.person_id == approver.person_id:
        raise NotPermitted(_("流程须由另一人批准后才能启用，部署人和批准人不能是同一人。"))
    digest = hashlib.sha256(bpmn_xml.encode()).hexdigest()
    graph = checked_graph(actor.tenant, bpmn_xml)
    with transaction.atomic():
        _one_at_a_time(actor.tenant, key)
        versions = ProcessVersion.objects.filter(tenant=actor.tenant, key=key)
        same = versions.filter(digest=digest, active=True).first()
        if same is not None:
            return same
        number = (versions.aggregate(Max("version"))["version__max"] or 0) + 1
        versions.filter(active=True).update(active=False)
        version = ProcessVersion.objects.create(
            tenant=actor.tenant,
            key=key,
            version=number,
            title=title,
            bpmn_xml=bpmn_xml,
            compiled=graph.to_json(),
            digest=digest,
            deployed_by=drawer.name,
            deployed_by_id=drawer.person_id,
            approved_by=approver.name,
            approved_by_id=approver.person_id,
        )
        ledger.append(
            actor=actor,
            act="cases.deploy_process",
            object_ref=ObjectRef(kind="process", id=str(version.id)),
            payload={
                "key": key,
                "version": number,
                "digest": digest,
                "drawn_by": drawer.name,
                "approved_by": approver.name,
            },
        )
    return version


def _one_at_a_time(tenant: str, key: str) -> None:
    """Until the transaction ends; before the first version there is no row to lock."""
    hold(f"cases:process:{tenant}:{key}")


def checked_graph(tenant: str, bpmn_xml: str) -> Graph:
    """The compiled drawing; Invalid with one sentence per fault."""
    compiled = compile_drawing(tenant, bpmn_xml)
    if compiled.graph is None:
        reasons = "；".join(refusal.message for refusal in compiled.refusals)
        raise Invalid(
            _("流程图不能启用：%(reasons)s") % {"reasons": reasons},
            errors={element: "；".join(messages) for element, messages in by_element(compiled.refusals).items()},
        )
    return compiled.graph
