"""Opening files of a consultation, and who gave an opinion: with a written purpose, and an entry each time."""

import dataclasses
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger import api as ledger
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.errors import NotFound
from zhengtong.systems.opinions.constants import COMMENT, PURPOSE_MIN, ActKind
from zhengtong.systems.opinions.models import Topic
from zhengtong.systems.opinions.services.taking import unit_takes, words_in
from zhengtong.systems.opinions.services.telling import note


@dataclasses.dataclass(frozen=True)
class Contact:
    """Who gave an opinion, in the clear; never kept."""

    name: str
    phone: str


@dataclasses.dataclass(frozen=True)
class OpenedFile:
    """A file for the browser."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def read_contact(*, actor: Actor, topic_id: uuid.UUID, no: int, purpose: str) -> Contact:
    """Who gave an opinion, for the unit that asked. Raises Invalid without a purpose, NotFound, NotPermitted."""
    row = unit_takes(Topic, actor, topic_id)
    found = row.comments.filter(no=no).first()
    if found is None:
        raise NotFound(_("没有这条意见。"))
    why = words_in(purpose, field="purpose", least=PURPOSE_MIN, most=200)
    note(actor, row, "opinions.read_contact", ActKind.READ, _("第 %(no)d 条：%(why)s") % {"no": no, "why": why}, no=no)
    ledger.append(
        actor=actor,
        act="opinions.read_contact",
        object_ref=ObjectRef(kind=COMMENT, id=str(found.pk)),
        payload={"topic": row.number, "no": no},
        purpose=why,
    )
    return Contact(name=found.name, phone=found.phone)


def read_file(*, topic: Topic, no: int) -> OpenedFile:
    """A file of a consultation the reader may see; raises NotFound."""
    file = topic.files.filter(no=no).first()
    if file is None:
        raise NotFound(_("没有这个附件。"))
    _row, content = storage.read(tenant=topic.tenant, file_id=file.file_id)
    return OpenedFile(file.name, file.content_type, content)
