"""Opening what names the person: with a written purpose, and an entry each time, which he can see."""

import dataclasses
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import Conflict, NotFound, NotPermitted
from zhengtong.systems.complaints.constants import PURPOSE_MIN, ActKind, Protection
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.permissions import in_office, in_unit, is_own_matter
from zhengtong.systems.complaints.selectors.complaints import find
from zhengtong.systems.complaints.services.taking import reason_of
from zhengtong.systems.complaints.services.telling import record, write_act


@dataclasses.dataclass(frozen=True)
class Identity:
    """Who wrote, in the clear; never kept."""

    name: str
    phone: str
    citizen_number: str
    address: str
    represents: str


@dataclasses.dataclass(frozen=True)
class OpenedFile:
    """A file for the browser: under its neutral name."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def read_identity(*, actor: Actor, complaint_id: uuid.UUID, purpose: str) -> Identity:
    """Who wrote: of a protected person for the supervisor's office only, of one who signed for the unit as well.

    Raises Invalid without a purpose, NotPermitted, Conflict for an anonymous one, NotFound.
    """
    row = find(actor, complaint_id)
    if row.protection == Protection.ANONYMOUS:
        raise Conflict(_("这件是匿名提交的，平台没有留下提出人的任何信息。"))
    if not may_read_identity(actor, row):
        raise NotPermitted(_("提出人要求身份保密，只有监察机构写明用途才能查看。"))
    why = reason_of(purpose, field="purpose", least=PURPOSE_MIN, most=200)
    write_act(row, actor, ActKind.READ, why)
    record(actor, row, "complaints.read_identity", purpose=why)
    return Identity(row.name, row.phone, row.citizen_number, row.address, row.represents)


def may_read_identity(actor: Actor, row: Complaint) -> bool:
    """Whether the actor may open who wrote, with a purpose."""
    if row.protection == Protection.ANONYMOUS:
        return False
    if in_office(actor):
        return not is_own_matter(actor, row)
    return in_unit(actor, row) and row.protection == Protection.SIGNED


@transaction.atomic
def open_file(*, actor: Actor, complaint_id: uuid.UUID, no: int) -> OpenedFile:
    """A file of a complaint: for the office, and for the unit once it was released; each opening is an entry."""
    row = find(actor, complaint_id)
    file = row.files.filter(no=no).first()
    if file is None or not (in_office(actor) or file.released):
        raise NotFound(_("没有这个附件，或者监察机构还没有向承办单位开放。"))
    stored, content = storage.read(tenant=row.tenant, file_id=file.file_id)
    record(actor, row, "complaints.open_file", {"no": no})
    return OpenedFile(stored.name, file.content_type, content)
