"""An official's look at a licence of his unit: entered, so that the holder sees who read it."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel.actors import Actor
from zhengtong.systems.service_hall import selectors


@transaction.atomic
def read_licence(*, actor: Actor, document_id: uuid.UUID) -> selectors.LicenceCard:
    """A licence of the official's unit with its contents in the clear; raises NotFound for every other paper."""
    card = selectors.desk_licence(actor=actor, document_id=document_id)
    documents.record_reading(actor=actor, document_id=document_id, purpose=_("证照管理"))
    return card
