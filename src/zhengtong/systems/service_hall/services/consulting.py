"""Consulting a register about an applicant: entered with its purpose before anything is looked up."""

import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.texts import whole_text
from zhengtong.systems.service_hall import selectors
from zhengtong.systems.service_hall.constants import OBJECT_KIND
from zhengtong.systems.service_hall.models import Application
from zhengtong.systems.service_hall.registry import Lookup, LookupAnswer, lookups
from zhengtong.systems.service_hall.selectors.lookups import subject_of

_PURPOSE_LONGEST = 200


def registers_for(row: Application) -> dict[str, Lookup]:
    """The registers that have anything to do with the applicant, by name."""
    subject = subject_of(row)
    return {name: lookup for name, lookup in lookups.items() if lookup.concerns(subject)}


def consult_register(*, actor: Actor, application_id: uuid.UUID, name: str, purpose: str) -> LookupAnswer:
    """What a register knows of the applicant of a case the actor may see; the applicant sees that it was asked.

    Raises NotFound for a case or register that is none of his, Invalid without a purpose.
    """
    row = selectors.application_for_official(actor=actor, application_id=application_id)
    lookup = registers_for(row).get(name)
    if lookup is None:
        raise NotFound(_("没有这项查询，或者它与这位申请人无关。"))
    if not purpose.strip():
        raise Invalid(_("请写明查询的用途：每次查询都会记录，申请人可以看到。"), field="purpose")
    purpose = whole_text(purpose, _PURPOSE_LONGEST, label=_("用途"), field="purpose")
    with transaction.atomic():
        ledger.append(
            actor=actor,
            act="service_hall.consult",
            object_ref=ObjectRef(kind=OBJECT_KIND, id=str(row.id)),
            payload={"register": name, "label": str(lookup.label)},
            purpose=purpose,
        )
    return lookup.ask(actor, subject_of(row))
