"""Letters of a request: written in the transaction of the act, typeset and sealed by the worker after it."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.trust import api as trust
from zhengtong.kernel.actors import Actor, ObjectRef, system
from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.loops import each
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.systems.disclosure.constants import LETTER, ApplicantKind, LetterKind
from zhengtong.systems.disclosure.models import Consultation, DisclosureLetter, DisclosureRequest

_BATCH = 10


def write_letter(
    row: DisclosureRequest,
    actor: Actor | None,
    kind: LetterKind,
    words: list[str],
    *,
    consultation: Consultation | None = None,
) -> DisclosureLetter:
    """A letter of these paragraphs, the worker makes the paper; to who asked unless it belongs to a consultation."""
    return DisclosureLetter.objects.create(
        tenant=row.tenant,
        request=row,
        consultation=consultation,
        no=row.letters.count() + 1,
        kind=kind,
        to_applicant=consultation is None,
        words="\n".join(one for one in words if one),
        made_by=actor.name if actor is not None and actor.kind == "official" else "",
    )


def make_letters() -> int:
    """Typeset what waits, each in a transaction of its own; returns how many."""
    waiting = DisclosureLetter.objects.filter(document_id__isnull=True, failed="")
    return each(_make, waiting.order_by("created_at").values_list("pk")[:_BATCH])


def _make(letter_id: uuid.UUID) -> int:
    request = DisclosureRequest.objects.filter(letters=letter_id).first()
    if request is None:
        return 0
    # before the transaction: making a seal takes long
    return _written(letter_id, _seal(request))


@transaction.atomic
def _written(letter_id: uuid.UUID, seal_id: uuid.UUID | None) -> int:
    rows = DisclosureLetter.objects.select_for_update(skip_locked=True, of=("self",)).select_related("request")
    row = rows.filter(pk=letter_id, document_id__isnull=True, failed="").first()
    if row is None:
        return 0
    try:
        with transaction.atomic():
            paper = _issue(row, seal_id)
    except DomainError as refusal:
        row.failed = refusal.message[:300]
        row.save(update_fields=["failed"])
        return 1
    row.document_id, row.document_number = paper.id, paper.number
    row.save(update_fields=["document_id", "document_number"])
    return 1


def _issue(row: DisclosureLetter, seal_id: uuid.UUID | None) -> documents.IssuedDocument:
    request, boss = row.request, system(row.tenant)
    who = row.consultation.party if row.consultation else request.name
    is_person = row.consultation is None and request.applicant_kind == ApplicantKind.PERSON
    facts = [(_("申请编号"), request.number), (_("收到申请之日"), cn_date(request.received_on))]
    if row.to_applicant:
        facts.append((_("所需信息"), request.title))
    return documents.issue_document(
        actor=boss,
        paper=documents.Paper(
            kind=documents.DocumentKind.DISCLOSURE_NOTICE,
            template="record",
            title=row.get_kind_display(),
            holder=documents.Holder(name=who, is_person=is_person),
            object_ref=ObjectRef(kind=LETTER, id=str(row.id)),
            fields={
                "item": _("政府信息公开"),
                "case_number": request.number,
                "opening": (),
                "rows": [{"label": label, "value": value} for label, value in facts if value],
                "text": tuple(row.words.split("\n")),
                "notes": (),
            },
            issuing_org_id=request.org_id,
            issuing_org_name=request.org_name,
            seal_id=seal_id,
        ),
    )


def _seal(request: DisclosureRequest) -> uuid.UUID | None:
    """The unit's seal; letters go out unsealed until the county has a lawful authority."""
    seal = trust.seal_if_possible(
        actor=system(request.tenant), org_id=request.org_id, org_name=request.org_name, kind="official"
    )
    return None if seal is None else seal.id
