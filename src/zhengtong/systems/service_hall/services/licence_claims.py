"""Applications about a licence the applicant holds: renewal, change, replacement, cancellation."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.capabilities.documents import api as documents
from zhengtong.capabilities.forms import api as forms
from zhengtong.kernel import parameters
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import LICENCE_PROCESSES, ApplicationStatus, Purpose
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.permissions import own
from zhengtong.systems.service_hall.rules import licence_forms
from zhengtong.systems.service_hall.rules.licences import Act

_ACTS = {
    Purpose.RENEWAL: Act.RENEW,
    Purpose.CHANGE: Act.CHANGE,
    Purpose.REPLACEMENT: Act.REPLACE,
    Purpose.CANCELLATION: Act.CANCEL,
}
#: purposes for which the item's own form and materials are not asked again
SHORT = {
    Purpose.REPLACEMENT: licence_forms.REPLACEMENT_FORM,
    Purpose.CANCELLATION: licence_forms.CANCELLATION_FORM,
}
#: answers that are given anew each time
_NOT_CARRIED = ("consent", "signature", "attachment", "computed")


def renewed(actor: Actor, item_code: str, renews: uuid.UUID | None) -> documents.IssuedDocument | None:
    """The licence that is to be renewed, None for a first application; Invalid where the actor cannot renew it."""
    if renews is None:
        return None
    licences = selectors.renewable_licences(actor=actor, item_code=item_code)
    found = next((paper for paper in licences if paper.id == renews), None)
    if found is None:
        raise Invalid(
            _("不能延续这份证照：它不属于您现在的身份和这个事项，已经过期、失效，或者正在办理延续。请重新选择。"),
            field="renews",
        )
    return found


def set_licence(row: Application, licence: documents.IssuedDocument | None, purpose: str = Purpose.RENEWAL) -> None:
    """Name the licence an application is about, and what for; None makes it a first application."""
    row.purpose = purpose if licence else Purpose.NEW
    row.licence_id = licence.id if licence else None
    row.licence_number = licence.number if licence else ""
    row.licence_until = licence.valid_until if licence else None


def draft_about(
    *, actor: Actor, document_id: uuid.UUID, purpose: str
) -> tuple[selectors.LicenceCard, Application | None]:
    """The licence and the open draft with this purpose about it; NotFound for another's, Invalid where it is barred."""
    card = selectors.own_licence(actor=actor, document_id=document_id)
    check_open(card, purpose)
    draft = Application.objects.filter(
        own(actor), licence_id=document_id, purpose=purpose, status=ApplicationStatus.DRAFT
    ).first()
    return card, draft


def check_open(card: selectors.LicenceCard, purpose: str) -> None:
    """Invalid with the reason when the licence is not open to an application with this purpose."""
    reason = card.barred(_ACTS[Purpose(purpose)])
    if reason:
        words = {"purpose": Purpose(purpose).label, "number": card.paper.number, "reason": reason}
        raise Invalid(_("不能申请%(purpose)s证照 %(number)s：%(reason)s") % words, field="purpose")


def check_claim(applicant: Actor, row: Application) -> None:
    """At handing in: the licence is still the applicant's and still open to what he asks; raises Invalid."""
    if row.licence_id is None:
        return
    if row.purpose == Purpose.RENEWAL:
        renewed(applicant, row.item_code, row.licence_id)
        return
    check_open(selectors.own_licence(actor=applicant, document_id=row.licence_id), row.purpose)


def check_stands(row: Application) -> None:
    """Conflict when the licence that is to be changed, replaced or cancelled has ended meanwhile."""
    if row.licence_id is None or row.purpose == Purpose.RENEWAL:
        return
    if licence_in_force(row) is None:
        raise Conflict(
            _("证照 %(number)s 已经失效，不能准予%(purpose)s。请查看证照的现状，作出不予许可的决定。")
            % {"number": row.licence_number, "purpose": row.get_purpose_display()}
        )


def licence_in_force(row: Application) -> uuid.UUID | None:
    """The licence the application is about as it is in force now, a corrected copy included; None once it ended."""
    if row.licence_id is None:
        return None
    chain = documents.chain_of(tenant=row.tenant, document_id=row.licence_id)
    own = {one.paper.object_ref for one in chain if one.id == row.licence_id}
    standing = [one.id for one in chain if not one.ended and one.paper.object_ref in own]
    return standing[-1] if standing else None


@transaction.atomic
def prefill(draft: Application, card: selectors.LicenceCard) -> None:
    """Fill a draft with what the holder said the last time, so that he types only what has changed.

    Facts about himself come fresh; promises, signatures and files are given anew.
    """
    earlier = selectors.last_filled(draft.tenant, card)
    if earlier is None:
        return
    said = forms.submission(tenant=draft.tenant, submission_id=earlier.form_submission_id)
    now_asked = forms.submission(tenant=draft.tenant, submission_id=draft.form_submission_id)
    forms.save_answers(tenant=draft.tenant, submission_id=draft.form_submission_id, answers=_carried(said, now_asked))


def _carried(said: forms.SubmissionView, asked: forms.SubmissionView) -> Mapping[str, Any]:
    kinds = {field.key: field.kind for field in said.definition.fields}
    return {
        field.key: said.answers[field.key]
        for field in asked.definition.fields
        if kinds.get(field.key) == field.kind
        and field.kind not in _NOT_CARRIED
        and field.key in said.answers
        and not asked.answers.get(field.key)
        and not any(forms.files_in({field.key: said.answers[field.key]}))
    }


def form_of(item: catalogue.ItemVersionView, purpose: str) -> tuple[str, int | None]:
    """Key and version of the form an application with this purpose is filled in on."""
    key = SHORT.get(Purpose(purpose))
    if key is None:
        return item.form_key, item.form_version
    if forms.newest_version(item.tenant, key) is None:
        forms.declare_form(actor=system(item.tenant), key=key, definition=licence_forms.DEFINITIONS[key])
    return key, None


def process_of(item: catalogue.ItemVersionView, purpose: str) -> tuple[str, int | None]:
    """Key and version of the process: a short one for replacement and cancellation where the county deployed it."""
    wanted = dict(parameters.value(LICENCE_PROCESSES, tenant=item.tenant)).get(purpose, "")
    if wanted and wanted != item.process_key:
        version = next((one.version for one in cases.process_versions(item.tenant, wanted) if one.active), None)
        if version is not None:
            return wanted, version
    if item.process_version is not None:
        return item.process_key, item.process_version
    versions = cases.process_versions(item.tenant, item.process_key)
    return item.process_key, next((one.version for one in versions if one.active), None)
