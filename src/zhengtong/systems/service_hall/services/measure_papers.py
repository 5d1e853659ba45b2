"""The papers of the authority's acts on licences: warning, revocation, cancellation, correction; safe to repeat."""

import uuid

from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import ObjectRef, system
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.service_hall.constants import MEASURE_KIND, MeasureKind
from zhengtong.systems.service_hall.models import LicenceMeasure
from zhengtong.systems.service_hall.rules.licences import GROUNDS, Act

_KINDS = {
    MeasureKind.REVOKE: documents.DocumentKind.REVOCATION,
    MeasureKind.CANCEL: documents.DocumentKind.CANCELLATION,
    MeasureKind.LIFT: documents.DocumentKind.CANCELLATION,
    MeasureKind.CORRECT: documents.DocumentKind.CORRECTION,
}


def issue_warning(row: LicenceMeasure) -> documents.IssuedDocument:
    """拟撤销行政许可告知书: why the unit means to revoke, and until when the holder may state his case."""
    return _issue(
        row,
        documents.DocumentKind.REVOCATION_WARNING,
        opening=(_("本机关拟对你（单位）持有的下列行政许可予以撤销，现将事实、理由和依据告知如下："),),
        decision=(
            _("你（单位）可以在%(day)s前向本机关陈述、申辩；逾期没有提出的，不影响本机关依法作出决定。")
            % {"day": cn_date(row.hear_until)},
        ),
    )


def issue_decision(row: LicenceMeasure) -> documents.IssuedDocument:
    """The decision, or for a correction the notice of it."""
    act = Act(row.kind)
    if act is Act.CORRECT:
        changes = "；".join(f"“{label}”更正为“{value}”" for label, value in row.corrected.items())
        return _issue(
            row,
            documents.DocumentKind.CORRECTION,
            opening=(_("经查，你（单位）持有的下列证照登记的内容有误，本机关予以更正："),),
            decision=(_("%(changes)s。原证作废，换发新证，有效期不变。") % {"changes": changes},),
        )
    verb = {Act.REVOKE: _("撤销"), Act.CANCEL_EX_OFFICIO: _("注销"), Act.LIFT: _("注销")}[act]
    basis = GROUNDS[act][row.ground][1]
    return _issue(
        row,
        _KINDS[MeasureKind(row.kind)],
        opening=(_("关于你（单位）持有的下列行政许可，本机关查明："),),
        decision=(
            _(
                "根据《中华人民共和国行政许可法》%(article)s的规定，本机关决定%(verb)s上述行政许可，自决定之日起证照失效。"
            )
            % {"article": basis.removeprefix("行政许可法").strip(), "verb": verb},
        ),
        relief=row.relief,
    )


def _issue(row: LicenceMeasure, kind: str, **said: object) -> documents.IssuedDocument:
    boss = system(row.tenant)
    licence = documents.licence_by_id(tenant=row.tenant, document_id=row.document_id)
    if licence is None:
        raise NotFound(_("没有找到这份证照。"))
    seal = trust.ensure_seal(actor=boss, org_id=row.org_id, org_name=row.org_name, kind="official")
    words, basis = GROUNDS[row.kind][row.ground]
    reasons = [{"text": words, "basis": basis}, {"text": row.reason}]
    if row.document_no:
        reasons.append({"text": _("行政处罚决定书文号：%(number)s") % {"number": row.document_no}})
    return documents.issue_document(
        actor=boss,
        paper=documents.Paper(
            kind=kind,
            template="licence_decision",
            title=str(documents.DocumentKind(kind).label),
            holder=documents.Holder(name=licence.paper.holder_name, is_person=licence.holder_is_person),
            object_ref=ObjectRef(kind=MEASURE_KIND, id=str(row.id)),
            fields={
                "licence": row.licence_title,
                "licence_number": row.licence_number,
                "item": licence.item_name or row.licence_title,
                "reasons": reasons,
                "effective_on": local_date(row.decided_at) if row.decided_at else None,
                "contact": _phone(row),
                **said,
            },
            issuing_org_id=row.org_id,
            issuing_org_name=row.org_name,
            seal_id=seal.id,
            item_code=row.item_code,
        ),
    )


def _phone(row: LicenceMeasure) -> str:
    try:
        return catalogue.find_item(row.tenant, row.item_code).phone
    except NotFound:
        return ""


def make_measure_paper(*, tenant: str, measure_id: uuid.UUID, step: str) -> None:
    """Make the paper of a step of a measure, if it has one; safe to repeat."""
    row = LicenceMeasure.objects.get(tenant=tenant, pk=measure_id)
    if step == "proposed" and row.kind == MeasureKind.REVOKE:
        issue_warning(row)
    elif step == "carried":
        issue_decision(row)
