"""Statistical reports as papers: one template, issued by the platform for the unit that answers for the figures."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents.constants import DocumentKind
from zhengtong.capabilities.documents.selectors import IssuedDocument
from zhengtong.capabilities.documents.services.composing import Holder, Paper
from zhengtong.capabilities.documents.services.issuing import issue_document
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import ObjectRef, system


def issue_report(
    *,
    tenant: str,
    object_ref: ObjectRef,
    title: str,
    fields: Mapping[str, Any],
    issuer: str,
    roles: Sequence[str],
    supersedes: uuid.UUID | None = None,
    reason: str = "",
) -> IssuedDocument | None:
    """Typeset a report (``opening`` sentences, ``tables``, ``notes``); a new version supersedes the paper before it.

    ``issuer`` is the code of the issuing unit; without one the first unit with a post of ``roles``, in their order.
    None where there is no such unit.
    """
    unit = (
        identity.organisation(tenant, issuer)
        if issuer
        else next((found for role in roles for found in identity.units_with_role(tenant, role)), None)
    )
    if unit is None:
        return None
    return issue_document(
        actor=system(tenant),
        paper=Paper(
            kind=DocumentKind.REPORT,
            template="report",
            title=title,
            holder=Holder(name=_("各有关单位"), is_person=False),
            object_ref=object_ref,
            fields=dict(fields),
            issuing_org_id=unit.id,
            issuing_org_name=unit.name,
        ),
        supersedes=supersedes,
        reason=reason or title,
    )
