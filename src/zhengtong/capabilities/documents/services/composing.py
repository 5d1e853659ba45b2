"""A paper before it is issued: checked words, contents by its template, typesetting."""

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions
from zhengtong.capabilities.documents.constants import (
    DOCUMENT,
    FONT_FAMILIES,
    LICENCE_NOTICE,
    REMEDIES,
    DocumentKind,
)
from zhengtong.capabilities.documents.engine.contents import ContentError, content_of
from zhengtong.capabilities.documents.engine.papers import Heading, render_paper
from zhengtong.capabilities.documents.engine.typesetting import FontChoice, MissingGlyphs, Rendered, TypesettingError
from zhengtong.capabilities.documents.models import Document
from zhengtong.capabilities.documents.selectors import verify_url
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import DomainError, Invalid, NotPermitted

log = logging.getLogger(__name__)

_REQUIRING_REMEDIES = (
    DocumentKind.REFUSAL,
    DocumentKind.REFUSED_ACCEPTANCE,
    DocumentKind.REVOCATION,
    DocumentKind.CANCELLATION,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Holder:
    """Whom a paper is made out to; a natural person's name is masked wherever strangers read it."""

    name: str
    is_person: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class Paper:
    """A paper as an app wants it drafted or issued: what it says, to whom, about which object, in whose name.

    ``item_code`` is the item it belongs to, which decides what a delegate for certain items may do with it.
    """

    kind: str
    template: str
    title: str
    holder: Holder
    object_ref: ObjectRef
    fields: Mapping[str, Any]
    issuing_org_id: uuid.UUID
    issuing_org_name: str
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    seal_id: uuid.UUID | None = None
    item_code: str = ""


def composed(*, actor: Actor, paper: Paper, number: str = "") -> Document:
    """The row of a paper, not saved, with complete contents; raises NotPermitted and Invalid."""
    if not permissions.may_issue(
        actor,
        subject_ref=paper.object_ref,
        kind=paper.kind,
        issuing_org_id=paper.issuing_org_id,
        item_code=paper.item_code,
    ):
        raise NotPermitted(
            _("您不能以“%(org)s”的名义签发文书。请由该单位的经办人办理。") % {"org": paper.issuing_org_name}
        )
    row = Document(
        tenant=actor.tenant,
        kind=_known_kind(paper.kind),
        title=paper.title,
        template=paper.template,
        holder_name=paper.holder.name,
        holder_is_person=paper.holder.is_person,
        subject_kind=paper.object_ref.kind,
        subject_id=paper.object_ref.id,
        item_code=paper.item_code,
        valid_from=paper.valid_from,
        valid_until=paper.valid_until,
        issuing_org_id=paper.issuing_org_id,
        issuing_org_name=paper.issuing_org_name,
        seal_id=paper.seal_id,
    )
    _check_period(paper.valid_from, paper.valid_until)
    _check_lengths(row, number)
    row.fields = _contents(row, paper.fields)
    return row


def typeset(row: Document, *, draft: bool = False) -> Rendered:
    """The paper of a row; a draft shows itself as one. Raises Invalid for characters without a font, DomainError."""
    heading = Heading(
        title=row.title,
        number=_("（签发时编号）") if draft else row.number,
        holder=row.holder_name,
        issuer=row.issuing_org_name,
        issued_at=row.issued_at or now(),
        code="" if draft else row.verification_code,
        verify_url="" if draft else verify_url(row.verification_code),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        token=row.offline_token,
        draft=draft,
    )
    try:
        return render_paper(row.template, heading=heading, content=row.fields, fonts=_fonts(row.tenant))
    except MissingGlyphs as error:
        raise Invalid(
            _(
                "没有签发：文书中的“%(characters)s”在已安装的字体里没有字形，印出来会是空白。"
                "请改用规范字，或者请系统管理员安装包含这个字的字体后重试。"
            )
            % {"characters": error.characters},
            field="fields",
        ) from error
    except TypesettingError as error:
        log.exception("template %s could not be typeset", row.template)
        raise DomainError(
            _("没有签发：文书排版没有成功，没有占用编号。请联系系统管理员检查字体和模板后重试。")
        ) from error


def ref_of(row: Document) -> ObjectRef:
    """The paper as the ledger and the events name it."""
    return ObjectRef(kind=DOCUMENT, id=str(row.pk))


def told_of(row: Document) -> dict[str, Any]:
    """What every event of a paper tells."""
    return {
        "document_id": row.pk,
        "subject_ref": ObjectRef(kind=row.subject_kind, id=row.subject_id),
        "kind": row.kind,
        "title": row.title,
        "number": row.number,
        "org_id": row.issuing_org_id,
        "org_name": row.issuing_org_name,
    }


def _fonts(tenant: str) -> FontChoice:
    own = parameters.value(FONT_FAMILIES, tenant=tenant)
    choice = FontChoice()
    return dataclasses.replace(
        choice, **{name: (*families, *getattr(choice, name)) for name, families in own.items() if hasattr(choice, name)}
    )


def _known_kind(kind: str) -> str:
    if kind not in DocumentKind.values:
        raise Invalid(_("没有“%(kind)s”这种文书。") % {"kind": kind}, field="kind")
    return kind


def _check_period(valid_from: dt.date | None, valid_until: dt.date | None) -> None:
    if valid_from and valid_until and valid_until < valid_from:
        raise Invalid(_("有效期止不能早于有效期起，请更正后重新签发。"), field="valid_until")


def _check_lengths(row: Document, number: str) -> None:
    errors = {
        name: _("最多 %(most)s 个字。") % {"most": most}
        for name, text, most in (
            ("title", row.title, 200),
            ("holder", row.holder_name, 200),
            ("issuing_org_name", row.issuing_org_name, 200),
            ("number", number, 120),
            ("item_code", row.item_code, 64),
        )
        if len(text) > most
    }
    if not row.title.strip() or not row.holder_name.strip():
        errors.setdefault("title" if not row.title.strip() else "holder", _("必须填写。"))
    if errors:
        raise Invalid(_("文书的标题、持有人、签发单位或者编号不合要求，没有签发。请更正后重试。"), errors=errors)


def _contents(row: Document, fields: Mapping[str, Any]) -> dict[str, Any]:
    filled = dict(fields)
    if row.seal_id is not None:
        filled["seal_diameter"] = trust.get_seal(tenant=row.tenant, seal_id=row.seal_id).diameter_mm
    if row.kind == DocumentKind.LICENCE and "legal_notice" not in filled:
        filled["legal_notice"] = parameters.value(LICENCE_NOTICE, tenant=row.tenant)
    if row.kind in _REQUIRING_REMEDIES and "remedies" not in filled:
        filled["remedies"] = parameters.value(REMEDIES, tenant=row.tenant)
    try:
        return content_of(row.template, filled)
    except LookupError as error:
        raise Invalid(_("没有名为“%(name)s”的文书模板。") % {"name": row.template}, field="template") from error
    except ContentError as error:
        raise Invalid(_("文书内容不完整，没有签发。请补全后重试。"), errors=error.errors) from error
