"""Opening what names the person, and the files: with a written purpose, and an entry each time, which he can see."""

import dataclasses
import uuid

from django.db import transaction
from django.utils.translation import gettext as _

from zhengtong.capabilities.documents import api as documents
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.errors import NotFound, NotPermitted
from zhengtong.systems.disclosure.constants import PURPOSE_MIN, ActKind, State
from zhengtong.systems.disclosure.models import DisclosureLetter, DisclosureRequest
from zhengtong.systems.disclosure.permissions import in_authority, in_unit
from zhengtong.systems.disclosure.selectors.requests import find, own
from zhengtong.systems.disclosure.services.taking import locked, words_in
from zhengtong.systems.disclosure.services.telling import record, write_act


@dataclasses.dataclass(frozen=True)
class Identity:
    """Who asked, in the clear; never kept."""

    name: str
    contact_name: str
    identity: str
    phone: str
    email: str
    address: str


@dataclasses.dataclass(frozen=True)
class OpenedFile:
    """A file for the browser."""

    name: str
    content_type: str
    content: bytes


@transaction.atomic
def read_identity(*, actor: Actor, request_id: uuid.UUID, purpose: str) -> Identity:
    """Who asked, for the unit that answers and the authority. Raises Invalid without a purpose, NotFound."""
    row = locked(find(actor, request_id).pk)
    if not (in_unit(actor, row) or in_authority(actor)):
        raise NotPermitted(_("申请人的身份由受理单位写明用途查看。"))
    why = words_in(purpose, field="purpose", least=PURPOSE_MIN, most=200)
    write_act(row, actor, ActKind.READ, why)
    record(actor, row, "disclosure.read_identity", purpose=why)
    return Identity(
        name=row.name,
        contact_name=row.contact_name,
        identity=f"{row.identity_kind} {row.identity_number}",
        phone=row.phone,
        email=row.email,
        address=f"{row.address} {row.postcode}".strip(),
    )


def open_file(*, actor: Actor, request_id: uuid.UUID, no: int) -> OpenedFile:
    """A file of a request, for the unit and the authority; each opening is an entry."""
    return _opened(actor, find(actor, request_id), no)


def open_own_file(*, actor: Actor, row: DisclosureRequest, no: int, bearer: bool) -> OpenedFile:
    """What the answer provides, and what he sent himself, for who asked."""
    found = row if bearer else own(actor, row.id)
    provided = found.files.filter(no=no).values_list("provided", flat=True).first()
    if provided and found.state != State.CLOSED:
        raise NotFound(_("没有这个文件。"))
    return _opened(actor, found, no)


def read_letter(*, actor: Actor, request_id: uuid.UUID, no: int) -> OpenedFile:
    """A letter as a paper, for the unit and the authority."""
    row = find(actor, request_id)
    return _paper(actor, row.letters.filter(no=no).first())


def read_own_letter(*, actor: Actor, row: DisclosureRequest, no: int, bearer: bool) -> OpenedFile:
    """A letter to who asked, as a paper; the holder of number and code reads it by the platform."""
    found = row if bearer else own(actor, row.id)
    letter = found.letters.filter(no=no, to_applicant=True).first()
    return _paper(system(found.tenant) if bearer else actor, letter)


def _opened(actor: Actor, row: DisclosureRequest, no: int) -> OpenedFile:
    file = row.files.filter(no=no).first()
    if file is None:
        raise NotFound(_("没有这个文件。"))
    stored, content = storage.read(tenant=row.tenant, file_id=file.file_id)
    with transaction.atomic():
        record(actor, row, "disclosure.open_file", {"no": no})
    return OpenedFile(stored.name, file.content_type, content)


def _paper(actor: Actor, letter: DisclosureLetter | None) -> OpenedFile:
    if letter is None or letter.document_id is None:
        raise NotFound(_("没有这份文书，或者还在排版，请过一会儿再看。"))
    name, content = documents.read_file(actor=actor, document_id=letter.document_id, purpose=_("查看信息公开文书"))
    return OpenedFile(name, "application/pdf", content)
