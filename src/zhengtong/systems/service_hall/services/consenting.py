"""The person agrees to exactly what is handed in for him: by his signature, or by a code sent to his own telephone."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.capabilities.notify import api as notify
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import (
    CONSENT_CODE_MESSAGE,
    CONSENT_TEXT,
    ConsentKind,
    SittingPurpose,
)
from zhengtong.systems.service_hall.models import Sitting
from zhengtong.systems.service_hall.services import assisting
from zhengtong.systems.service_hall.services.counter import locked_sitting, record

_PURPOSE = "service_hall.consent"
_SIGNED = (ConsentKind.DRAWN, ConsentKind.PAPER)


def record_consent(
    *, actor: Actor, sitting_id: uuid.UUID, kind: str, name: str, content: bytes, email: str = ""
) -> Sitting:
    """Keep the signature under what was shown to the person, word for word; a later one takes its place.

    Raises Invalid for no or no readable picture, and while something is still missing in what he is to sign.
    """
    upload = checked_upload(name, content)
    with transaction.atomic():
        sitting = locked_sitting(actor, sitting_id)
        if kind not in _SIGNED:
            raise Invalid(_("请选择申请人怎样签名。"), field="kind")
        _refuse_gaps(actor, sitting)
        signature = storage.store_upload(tenant=sitting.tenant, upload=upload)
        _keep(sitting, kind, email, signature=signature)
        payload = {"kind": kind, "signature": signature.digest, "content": sitting.consent_digest}
        record(actor, sitting.application, "service_hall.counter_consent", payload)
        return sitting


def send_consent_code(*, actor: Actor, sitting_id: uuid.UUID, email: str = "") -> identity.SentCode:
    """Send the person a code with which he agrees to what has been shown to him, in this wording and no other.

    Raises Invalid while something is missing, Conflict where short messages are not set up, his number is not
    verified, or a code was sent a moment ago.
    """
    if not notify.sms_is_set_up():
        raise Conflict(_("本平台还没有接入短信，不能用验证码。请申请人签名。"))
    with transaction.atomic():
        sitting = locked_sitting(actor, sitting_id)
        _refuse_gaps(actor, sitting)
        row = sitting.application
        values = {"item": row.item_name, "org": sitting.org_name, "applicant": row.applicant_name}
        return identity.send_confirmation(
            actor=actor,
            person_id=row.person_id,
            purpose=_PURPOSE,
            about=str(sitting.id),
            digest=assisting.content_digest(row, email),
            text=lambda code, minutes: notify.words_of_code(
                tenant=row.tenant,
                kind=CONSENT_CODE_MESSAGE,
                values={**values, "code": code, "minutes": minutes},
                code=row.item_code,
            ),
        )


def consent_by_code(*, actor: Actor, sitting_id: uuid.UUID, code: str, email: str = "") -> Sitting:
    """The person has told the code: he agrees to what it was sent for; it is used up with that.

    Raises Invalid for a wrong, old or used code, for content that was changed since, and while something is missing.
    """
    found = selectors.own_sitting(actor=actor, sitting_id=sitting_id, open_only=True)
    row = found.application
    # before the transaction of the consent: a wrong try counts even though the consent is refused
    key = identity.check_confirmation(
        tenant=row.tenant,
        person_id=row.person_id,
        purpose=_PURPOSE,
        about=str(found.id),
        digest=assisting.content_digest(row, email),
        code=code,
    )
    with transaction.atomic():
        sitting = locked_sitting(actor, sitting_id)
        _refuse_gaps(actor, sitting)
        identity.use_confirmation(tenant=row.tenant, confirmation_id=key)
        phone = identity.masked(row.tenant, row.person_id).phone
        _keep(sitting, ConsentKind.CODE, email, phone=phone)
        payload = {"kind": ConsentKind.CODE.value, "confirmation": str(key), "content": sitting.consent_digest}
        record(actor, sitting.application, "service_hall.counter_consent", payload)
    return sitting


def _refuse_gaps(actor: Actor, sitting: Sitting) -> None:
    if selectors.lacks_relation(sitting):
        raise Invalid(_("还没有登记代办关系和证明材料。请先在代录页登记，再请申请人同意。"), field="relation")
    gaps = selectors.view_to_fill(actor=actor, application_id=sitting.application_id).gaps
    if gaps and sitting.purpose == SittingPurpose.APPLY:
        raise Invalid(_("内容还没有录完整，请补齐以后再请申请人签名。"), errors=gaps)


def _keep(sitting: Sitting, kind: str, email: str, *, signature: StoredFile | None = None, phone: str = "") -> None:
    row = sitting.application
    sitting.consent_kind, sitting.consent_file, sitting.consent_phone = kind, signature, phone
    sitting.consent_text = str(CONSENT_TEXT) % {"name": row.person_name, "item": row.item_name, "org": row.org_name}
    sitting.consent_digest = assisting.content_digest(row, email)
    sitting.consent_at = now()
    sitting.save(
        update_fields=[
            "consent_file",
            "consent_kind",
            "consent_phone",
            "consent_text",
            "consent_digest",
            "consent_at",
        ],
    )
