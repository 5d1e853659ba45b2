"""Deploying a drawn process: parse, subset, soundness, second person, frozen version."""

import hashlib

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.engine.model import Graph
from zhengtong.capabilities.cases.engine.parse import parse
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.models import ProcessVersion
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotPermitted


def deploy_process(*, actor: Actor, approver: Actor, key: str, title: str, bpmn_xml: str) -> ProcessVersion:
    """Freeze a drawing as the next version of ``key``; unchanged drawings give the version that exists.

    Raises Invalid with one sentence per fault when the drawing is outside the subset or not sound, and
    NotPermitted when the same person draws and approves.
    """
    if actor.person_id is None or approver.person_id is None or actor.person_id == approver.person_id:
        raise NotPermitted(_("流程须由另一人批准后才能启用，部署人和批准人不能是同一人。"))
    digest = hashlib.sha256(bpmn_xml.encode()).hexdigest()
    graph = _checked(bpmn_xml)
    with transaction.atomic():
        versions = ProcessVersion.objects.select_for_update().filter(tenant=actor.tenant, key=key)
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
            deployed_by=actor.name,
            deployed_by_id=actor.person_id,
            approved_by=approver.name,
            approved_by_id=approver.person_id,
        )
        ledger.append(
            actor=actor,
            act="cases.deploy_process",
            object_ref=ObjectRef(kind="process", id=str(version.id)),
            payload={"key": key, "version": number, "digest": digest, "approved_by": approver.name},
        )
    return version


def _checked(bpmn_xml: str) -> Graph:
    parsed = parse(bpmn_xml)
    refusals = parsed.refusals
    if parsed.graph is not None:
        proof = prove(parsed.graph)
        if proof.graph is not None:
            return proof.graph
        refusals = proof.refusals
    raise Invalid(
        _("流程图不能启用：%(reasons)s") % {"reasons": "；".join(refusal.message for refusal in refusals)},
        errors={refusal.element_id: refusal.message for refusal in refusals},
    )
