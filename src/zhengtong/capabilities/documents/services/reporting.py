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
from zhengtong.capabilities.identity.constants import Role
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.errors import NotFound


def report_issuer(tenant: str, issuer: str, roles: Sequence[str]) -> identity.OrganisationInfo | None:
    """The unit of a code; without a code the first unit with a post of ``roles``, in their order; None for neither."""
    if issuer:
        try:
            return identity.organisation(tenant, issuer)
        except NotFound:
            return None
    return next((found for role in roles for found in identity.units_with_role(tenant, role)), None)


def why_no_paper(tenant: str, parameter: str, roles: Sequence[str]) -> str:
    """Why a report cannot be typeset, and who can mend it; empty while its issuing unit is found.

    ``parameter`` is the key of the parameter that holds the unit's code.
    """
    issuer = str(parameters.value(parameter, tenant=tenant))
    if report_issuer(tenant, issuer, roles) is not None:
        return ""
    if issuer:
        words = _("没有机构编码为“%(code)s”的单位，PDF 没有排版。请运维人员把参数 %(key)s 改成制发单位的机构编码。")
        return words % {"code": issuer, "key": parameter}
    words = _(
        "没有单位设有%(roles)s岗位，PDF 没有排版。请系统管理员和安全管理员任命，"
        "或者请运维人员把参数 %(key)s 设成制发单位的机构编码。"
    )
    return words % {"roles": "、".join(str(Role(role).label) for role in roles), "key": parameter}


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

    The issuing unit is that of ``report_issuer``; None where there is none.
    """
    unit = report_issuer(tenant, issuer, roles)
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
