"""The holder's own acts on a licence that need nobody's decision: reporting it as lost, having found it."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.rules.licences import Act
from zhengtong.systems.service_hall.services.telling import tell_holder


@transaction.atomic
def report_loss(*, actor: Actor, document_id: uuid.UUID, reason: str) -> None:
    """挂失: at once, without anybody's decision. Raises NotFound for another's licence, Conflict, Invalid."""
    card = _open(actor, document_id, Act.REPORT_LOSS)
    documents.report_loss(actor=actor, document_id=document_id, reason=reason)
    if card.application is not None:
        body = _(
            "您的%(title)s（%(number)s）已经挂失，查验页显示“已挂失”。可以在“我的证照”中申请补发；找到的可以解除挂失。"
        )
        words = {"title": card.paper.title, "number": card.paper.number}
        tell_holder(card.application, document_id, _("证照已挂失"), body % words)


@transaction.atomic
def lift_loss(*, actor: Actor, document_id: uuid.UUID) -> None:
    """解除挂失: it was found. Raises NotFound for another's licence, Conflict."""
    _open(actor, document_id, Act.LIFT_LOSS)
    documents.lift_loss(actor=actor, document_id=document_id)


def _open(actor: Actor, document_id: uuid.UUID, act: Act) -> selectors.LicenceCard:
    card = selectors.own_licence(actor=actor, document_id=document_id)
    reason = card.barred(act)
    if reason:
        raise Conflict(reason)
    return card
