"""Issuing a licence anew with what it said: lost ones are replaced, mistakes are corrected."""

import uuid
from collections.abc import Mapping

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import rules
from zhengtong.capabilities.documents.constants import DocumentKind, DocumentStatus, EndGround
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.selectors import IssuedDocument
from zhengtong.capabilities.documents.services.composing import Holder, Paper
from zhengtong.capabilities.documents.services.issuing import issue_document
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound

#: what the number of the new copy says of it
_MARKS = {EndGround.REPLACED: "补", EndGround.MISTAKE: "更"}


def reissue_document(
    *,
    actor: Actor,
    document_id: uuid.UUID,
    ground: str,
    reason: str,
    seal_id: uuid.UUID | None,
    object_ref: ObjectRef | None = None,
    corrected: Mapping[str, str] | None = None,
) -> IssuedDocument:
    """补发、更正: a new copy of a licence in force takes its place, with the same period and a number of its own.

    ``corrected`` are registered facts by their label that were wrong; ``object_ref`` the object the new one belongs
    to, the same without it. A second call for that object gives the copy that was made. Raises what
    ``issue_document`` raises, and Invalid for a fact the licence does not show.
    """
    old = Document.objects.filter(tenant=actor.tenant, pk=document_id, kind=DocumentKind.LICENCE).first()
    if old is None or old.status == DocumentStatus.DRAFT:
        raise NotFound(_("没有找到这份证照。"))
    return issue_document(
        actor=actor,
        paper=Paper(
            kind=old.kind,
            template=old.template,
            title=old.title,
            holder=Holder(name=old.holder_name, is_person=old.holder_is_person),
            object_ref=object_ref or ObjectRef(kind=old.subject_kind, id=old.subject_id),
            fields=_contents(old, corrected or {}),
            issuing_org_id=old.issuing_org_id,
            issuing_org_name=old.issuing_org_name,
            valid_from=old.valid_from,
            valid_until=old.valid_until,
            seal_id=seal_id,
            item_code=old.item_code,
        ),
        number=_number(old, ground),
        supersedes=old.pk,
        reason=reason,
        ground=ground,
    )


def _number(old: Document, ground: str) -> str:
    rows = Document.objects.filter(tenant=old.tenant, kind=old.kind, number__startswith=old.number.partition("（")[0])
    return rules.copy_number(old.number, _MARKS[EndGround(ground)], rows.values_list("number", flat=True))


def _contents(old: Document, corrected: Mapping[str, str]) -> dict[str, object]:
    rows = [dict(row) for row in old.fields.get("rows", ())]
    unknown = set(corrected) - {row["label"] for row in rows}
    if unknown:
        raise Invalid(_("证照上没有登记“%(what)s”这一项，不能更正。") % {"what": "、".join(sorted(unknown))})
    for row in rows:
        row["value"] = corrected.get(row["label"], row["value"])
    return {**old.fields, "rows": rows}
