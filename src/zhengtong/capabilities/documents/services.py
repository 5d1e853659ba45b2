"""Changes of documents: issue, supersede, withdraw; numbers without gaps."""

import dataclasses
import datetime as dt
import hashlib
import logging
import uuid
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import permissions, rules
from zhengtong.capabilities.documents.constants import (
    FONT_FAMILIES,
    LICENCE_NOTICE,
    NUMBER_PREFIXES,
    REMEDIES,
    DocumentKind,
    DocumentStatus,
)
from zhengtong.capabilities.documents.engine.codes import new_code
from zhengtong.capabilities.documents.engine.contents import ContentError, content_of
from zhengtong.capabilities.documents.engine.papers import Heading, render_paper
from zhengtong.capabilities.documents.engine.typesetting import FontChoice, MissingGlyphs, Rendered, TypesettingError
from zhengtong.capabilities.documents.events import DocumentIssued, DocumentSuperseded, DocumentWithdrawn
from zhengtong.capabilities.documents.models import Document, DocumentVersion
from zhengtong.capabilities.documents.selectors import IssuedDocument, issued_document, readable_document, verify_url
from zhengtong.capabilities.ledger import api as ledger
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel import outbox, parameters, storage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Conflict, DomainError, Invalid, NotFound, NotPermitted
from zhengtong.kernel.uploads import clean_name

log = logging.getLogger(__name__)

_REQUIRING_REMEDIES = (DocumentKind.REFUSAL, DocumentKind.REFUSED_ACCEPTANCE)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Holder:
    """Whom a paper is made out to; a natural person's name is masked wherever strangers read it."""

    name: str
    is_person: bool


def next_number(*, tenant: str, kind: str, prefix: str = "", year: int | None = None) -> str:
    """The next number of a series, e.g. 青市监受〔2026〕12号; must run in the transaction that uses it.

    ``prefix`` is the unit's 代字; the kind's own word follows it (parameter ``documents.number_prefixes``).
    The counter's row stays locked until that transaction ends: no gaps, no doubles.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a number is drawn inside the transaction that uses it")
    series = prefix + parameters.value(NUMBER_PREFIXES, tenant=tenant).get(kind, "")
    in_year = year or local_date().year
    with connection.cursor() as cursor:
        cursor.execute(
            "insert into documents_numbercounter (tenant, kind, prefix, year, last) values (%s, %s, %s, %s, 1)"
            " on conflict on constraint documents_counter_once"
            " do update set last = documents_numbercounter.last + 1 returning last",
            [tenant, kind, series, in_year],
        )
        (sequence,) = cursor.fetchone()
    return rules.document_number(prefix=series, year=in_year, sequence=sequence)


def issue_document(
    *,
    actor: Actor,
    kind: str,
    template: str,
    title: str,
    holder: Holder,
    object_ref: ObjectRef,
    fields: Mapping[str, Any],
    issuing_org_id: uuid.UUID,
    issuing_org_name: str,
    number: str = "",
    number_prefix: str = "",
    valid_from: dt.date | None = None,
    valid_until: dt.date | None = None,
    seal_id: uuid.UUID | None = None,
    supersedes: uuid.UUID | None = None,
    reason: str = "",
) -> IssuedDocument:
    """签发: typeset, seal, store, record, tell; a second call for the same object and kind returns the first paper.

    Without ``number`` the next one of ``number_prefix`` is drawn. ``supersedes`` names the paper in force that
    this one replaces (``reason`` then is needed). Raises NotPermitted, Invalid (contents, characters without a
    font, period), Conflict (number taken, superseded paper no longer in force).
    """
    if not permissions.may_issue(actor, subject_ref=object_ref, kind=kind, issuing_org_id=issuing_org_id):
        raise NotPermitted(_("您不能以“%(org)s”的名义签发文书。请由该单位的经办人办理。") % {"org": issuing_org_name})
    draft = Document(
        tenant=actor.tenant,
        kind=_known_kind(kind),
        title=title,
        template=template,
        holder_name=holder.name,
        holder_is_person=holder.is_person,
        subject_kind=object_ref.kind,
        subject_id=object_ref.id,
        valid_from=valid_from,
        valid_until=valid_until,
        issuing_org_id=issuing_org_id,
        issuing_org_name=issuing_org_name,
        supersedes_id=supersedes,
    )
    _check_period(valid_from, valid_until)
    _check_lengths(draft, number)
    draft.fields = _contents(draft, fields, seal_id)
    with transaction.atomic():
        _lock_subject(draft)
        standing = _in_force(draft)
        if standing is not None and standing.pk != supersedes:
            return issued_document(standing)
        if supersedes is not None:
            _end(actor, standing, supersedes, DocumentStatus.SUPERSEDED, reason, successor=draft.pk)
        draft.number = number or next_number(tenant=actor.tenant, kind=kind, prefix=number_prefix)
        _check_number_free(draft)
        return _issue(actor, draft, seal_id, reason)


def withdraw_document(*, actor: Actor, document_id: uuid.UUID, reason: str) -> IssuedDocument:
    """撤回: the paper stays on file, its verification says withdrawn.

    Raises NotFound, NotPermitted, Conflict when it is no longer in force, Invalid without a reason.
    """
    with transaction.atomic():
        row = Document.objects.select_for_update().filter(tenant=actor.tenant, pk=document_id).first()
        _end(actor, row, document_id, DocumentStatus.WITHDRAWN, reason)
        row = Document.objects.get(pk=document_id)
        ref = ObjectRef(kind="document", id=str(row.pk))
        outbox.publish(DocumentWithdrawn(tenant=row.tenant, object_ref=ref, at=now(), **_told(row)))
        return issued_document(row)


def read_file(*, actor: Actor, document_id: uuid.UUID, purpose: str = "") -> tuple[str, bytes]:
    """File name and PDF of the current version; the reading is entered in the ledger.

    ``purpose`` names the work it is read for, without personal data. Raises NotFound or NotPermitted.
    """
    row = readable_document(actor=actor, document_id=document_id)
    version = DocumentVersion.objects.get(document=row, no=row.current_version)
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="documents.read",
            object_ref=ObjectRef(kind="document", id=str(row.pk)),
            payload={"kind": row.kind, "number": row.number, "version": version.no},
            purpose=purpose or _("查看文书"),
        )
    file, content = storage.read(tenant=row.tenant, file_id=version.file_id)
    return file.name, content


def _issue(actor: Actor, row: Document, seal_id: uuid.UUID | None, reason: str) -> IssuedDocument:
    row.issued_at = now()
    row.verification_code = new_code()
    ref = ObjectRef(kind="document", id=str(row.pk))
    rendered = _typeset(row)
    pdf = rendered.pdf
    if seal_id is not None:
        pdf = _seal(actor, seal_id, rendered, reason or row.title, ref)
    row.status, row.current_version, row.sealed = DocumentStatus.ISSUED, 1, seal_id is not None
    file = storage.store(tenant=row.tenant, name=_file_name(row), content=pdf, content_type="application/pdf")
    row.save(force_insert=True)
    version = DocumentVersion.objects.create(
        tenant=row.tenant,
        document=row,
        no=1,
        sha256=hashlib.sha256(pdf).hexdigest(),
        sm3=hashlib.new("sm3", pdf).hexdigest(),
        size=len(pdf),
        file_id=file.pk,
    )
    ledger.append(
        actor=actor,
        act="documents.issue",
        object_ref=ref,
        payload={
            "kind": row.kind,
            "number": row.number,
            "title": row.title,
            "subject": f"{row.subject_kind}:{row.subject_id}",
            "issuing_org": str(row.issuing_org_id),
            "sealed": row.sealed,
            "sha256": version.sha256,
            "sm3": version.sm3,
            "reason": reason,
        },
        purpose=_("签发%(kind)s") % {"kind": DocumentKind(row.kind).label},
    )
    outbox.publish(
        DocumentIssued(
            tenant=row.tenant,
            object_ref=ref,
            at=row.issued_at,
            file_id=file.pk,
            verification_code=row.verification_code,
            sealed=row.sealed,
            valid_from=row.valid_from,
            valid_until=row.valid_until,
            **_told(row),
        )
    )
    return issued_document(row)


def _typeset(row: Document) -> Rendered:
    heading = Heading(
        title=row.title,
        number=row.number,
        holder=row.holder_name,
        issuer=row.issuing_org_name,
        issued_at=row.issued_at or now(),
        code=row.verification_code,
        verify_url=verify_url(row.verification_code),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
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


def _seal(actor: Actor, seal_id: uuid.UUID, rendered: Rendered, reason: str, ref: ObjectRef) -> bytes:
    place = rendered.seal_place
    if place is None:
        raise Invalid(_("这种文书的模板没有留盖章的位置，没有签发。请换用带落款的模板。"), field="template")
    x, y = place.centre_points()
    return trust.seal_pdf(
        actor=actor,
        seal_id=seal_id,
        pdf=rendered.pdf,
        reason=reason,
        object_ref=ref,
        position=trust.SealPosition(x=x, y=y, page=place.page - 1),
    ).pdf


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
        )
        if len(text) > most
    }
    if not row.title.strip() or not row.holder_name.strip():
        errors.setdefault("title" if not row.title.strip() else "holder", _("必须填写。"))
    if errors:
        raise Invalid(_("文书的标题、持有人、签发单位或者编号不合要求，没有签发。请更正后重试。"), errors=errors)


def _contents(row: Document, fields: Mapping[str, Any], seal_id: uuid.UUID | None) -> dict[str, Any]:
    filled = dict(fields)
    if seal_id is not None:
        filled["seal_diameter"] = trust.get_seal(tenant=row.tenant, seal_id=seal_id).diameter_mm
    if row.kind == DocumentKind.LICENCE:
        filled.setdefault("legal_notice", parameters.value(LICENCE_NOTICE, tenant=row.tenant))
    if row.kind in _REQUIRING_REMEDIES:
        filled.setdefault("remedies", parameters.value(REMEDIES, tenant=row.tenant))
    try:
        return content_of(row.template, filled)
    except LookupError as error:
        raise Invalid(_("没有名为“%(name)s”的文书模板。") % {"name": row.template}, field="template") from error
    except ContentError as error:
        raise Invalid(_("文书内容不完整，没有签发。请补全后重试。"), errors=error.errors) from error


def _lock_subject(row: Document) -> None:
    """One issue at a time for an object and kind: the second caller waits and then finds the first one's paper."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"documents:{row.tenant}:{row.subject_kind}:{row.subject_id}:{row.kind}"],
        )


def _in_force(row: Document) -> Document | None:
    return (
        Document.objects.select_for_update()
        .filter(
            tenant=row.tenant,
            subject_kind=row.subject_kind,
            subject_id=row.subject_id,
            kind=row.kind,
            status=DocumentStatus.ISSUED,
        )
        .first()
    )


def _check_number_free(row: Document) -> None:
    if Document.objects.filter(tenant=row.tenant, kind=row.kind, number=row.number).exists():
        raise Conflict(
            _("编号“%(number)s”已被另一份文书使用，没有签发。请核对编号后重试。") % {"number": row.number},
            field="number",
        )


def _end(
    actor: Actor,
    row: Document | None,
    document_id: uuid.UUID,
    status: DocumentStatus,
    reason: str,
    successor: uuid.UUID | None = None,
) -> None:
    if row is None or row.pk != document_id:
        raise NotFound(_("没有找到这份文书，或者它已经不在有效状态。"))
    if not permissions.may_withdraw(actor, row):
        raise NotPermitted(_("这份文书由“%(org)s”签发，只有该单位可以替换或者撤回。") % {"org": row.issuing_org_name})
    if not rules.may_leave(row.status):
        raise Conflict(_("这份文书已经被替换或者撤回，不能重复操作。"))
    if not reason.strip():
        raise Invalid(_("请填写替换或者撤回的理由，理由会记入责任认定记录。"), field="reason")
    if len(reason) > 500:
        raise Invalid(_("理由最多 500 个字，请缩短后重试。"), field="reason")
    Document.objects.filter(pk=row.pk).update(status=status, ended_at=now(), ended_reason=reason.strip())
    ref = ObjectRef(kind="document", id=str(row.pk))
    ledger.append(
        actor=actor,
        act="documents.supersede" if successor else "documents.withdraw",
        object_ref=ref,
        payload={
            "kind": row.kind,
            "number": row.number,
            "successor": str(successor) if successor else "",
            "reason": reason.strip(),
        },
        purpose=_("替换文书") if successor else _("撤回文书"),
    )
    if successor:
        outbox.publish(
            DocumentSuperseded(tenant=row.tenant, object_ref=ref, at=now(), successor_id=successor, **_told(row))
        )


def _file_name(row: Document) -> str:
    return clean_name(f"{row.title[:60]}（{row.number[:40]}）.pdf".replace("/", "-"))


def _told(row: Document) -> dict[str, Any]:
    return {
        "document_id": row.pk,
        "subject_ref": ObjectRef(kind=row.subject_kind, id=row.subject_id),
        "kind": row.kind,
        "title": row.title,
        "number": row.number,
        "org_id": row.issuing_org_id,
        "org_name": row.issuing_org_name,
    }
