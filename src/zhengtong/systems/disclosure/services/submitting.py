"""A request comes in: by the portal, signed in or not, or taken down by an official."""

import dataclasses
import datetime as dt
import unicodedata
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from zhengtong.capabilities.identity import api as identity
from zhengtong.contracts.disclosure import RequestReceived
from zhengtong.kernel import storage
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.clock import local_date, now
from zhengtong.kernel.errors import Invalid, NotFound
from zhengtong.kernel.fields import blind_index
from zhengtong.kernel.ids import query_code
from zhengtong.kernel.outbox import publish
from zhengtong.kernel.series import next_in
from zhengtong.kernel.ui.formats import cn_date
from zhengtong.kernel.uploads import CheckedUpload, checked_upload
from zhengtong.systems.disclosure import permissions
from zhengtong.systems.disclosure.constants import (
    FILES_MAX,
    NAME_MAX,
    TEXT_MAX,
    TEXT_MIN,
    TITLE_MAX,
    ActKind,
    ApplicantKind,
    AskKind,
    Channel,
    ClockKind,
    Delivery,
    Form,
    LetterKind,
    State,
)
from zhengtong.systems.disclosure.models import DisclosureCounter, DisclosureRequest, RequestFile
from zhengtong.systems.disclosure.rules.receipt import receipt_day
from zhengtong.systems.disclosure.services import clocks
from zhengtong.systems.disclosure.services.letters import write_letter
from zhengtong.systems.disclosure.services.telling import event_fields, record, tell_unit, words_of, write_act

_CODE_LENGTH = 10
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})  # categories of signs that show nothing
_ENDINGS = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}
_LEGAL_CODE = "统一社会信用代码"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Words:
    """What a person asks for and who he says he is (第二十九条); ``files`` are (name, content)."""

    kind: str = AskKind.INFORMATION
    org_code: str
    applicant_kind: str
    name: str = ""
    contact_name: str = ""
    identity_kind: str = "居民身份证"
    identity_number: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    postcode: str = ""
    title: str
    document_number: str = ""
    content: str
    use: str = ""
    form: str = Form.ELECTRONIC
    delivery: str = Delivery.ONLINE
    files: Sequence[tuple[str, bytes]] = ()


@dataclasses.dataclass(frozen=True)
class Receipt:
    """A request that was taken in, and the code to ask after it, which is shown once and kept nowhere."""

    row: DisclosureRequest
    code: str


def submit(*, actor: Actor, words: Words) -> Receipt:
    """A citizen, the agent of a legal person, or a stranger asks. Raises Invalid with a sentence for each field."""
    files, wrong = checked_files(words.files)
    with transaction.atomic():
        own = actor.signed_in and actor.kind != "official"
        given = _with_account(actor, words) if own else words
        row = _row(actor.tenant, _checked(actor.tenant, given, wrong), Channel.INTERNET)
        if own:
            row.person_id, row.legal_person_id = actor.person_id, actor.legal_person_id
        row.arrived_on = row.received_on = local_date(row.received_at)
        return _save(actor, row, files, ActKind.SUBMIT, "disclosure.submit")


def take_in(
    *,
    actor: Actor,
    words: Words,
    channel: str,
    arrived_on: dt.date,
    confirmed_on: dt.date | None = None,
    note: str = "",
) -> Receipt:
    """An official takes down what came otherwise; the limit runs from the day of receipt (第三十一条).

    Raises NotPermitted for other roles, Invalid with a sentence for each field.
    """
    permissions.check_takes_in(actor)
    files, errors = checked_files(words.files)
    if channel not in Channel.values or channel == Channel.INTERNET:
        errors["channel"] = _("请选择申请怎样送来。")
    if arrived_on > local_date():
        errors["arrived_on"] = _("送达日期不能晚于今天。")
    if confirmed_on is not None and not arrived_on <= confirmed_on <= local_date():
        errors["confirmed_on"] = _("确认日期在送达日期和今天之间。")
    with transaction.atomic():
        row = _row(actor.tenant, _checked(actor.tenant, words, errors), channel)
        row.arrived_on, row.received_on = arrived_on, receipt_day(channel, arrived_on, confirmed_on)
        row.state = State.HANDLING if row.received_on else State.AWAITING
        row.received_note = note.replace("\x00", "").strip()[:200]
        row.taken_by, row.taken_by_id = actor.name, actor.person_id
        return _save(actor, row, files, ActKind.TAKE_IN, "disclosure.take_in")


def find_by_code(*, tenant: str, number: str, code: str) -> DisclosureRequest:
    """The request with that number and code; raises NotFound with one sentence for both being wrong."""
    row = DisclosureRequest.objects.filter(tenant=tenant, number="".join(number.split()).upper()).first()
    if row is None or not constant_time_compare(row.code_digest, _digest("".join(code.split()).upper())):
        raise NotFound(_("编号和查询码对不上。请照回执核对；查询码只显示过一次，遗失后请持身份证明到受理单位查询。"))
    return row


def start_answer(row: DisclosureRequest, *, on: dt.date) -> None:
    """The limit to answer runs from a day; events and the unit hear of it."""
    clock = clocks.begin(row, ClockKind.ANSWER, on=on)
    publish(RequestReceived(**event_fields(row), due_at=clock.due_at))
    due = cn_date(clock.due_on) if clock.due_on else ""
    body = _("收到%(what)s，%(due)s前答复。") % {"what": words_of(row), "due": due}
    tell_unit(row, title=_("收到信息公开申请"), body=body)


def next_number(tenant: str, series: str) -> int:
    """The next number of a series; its row stays locked until the transaction ends."""
    return next_in(DisclosureCounter, tenant=tenant, series=series)


def request_number(tenant: str) -> str:
    """The number of a request: the day, and its place in it."""
    day = f"{local_date():%Y%m%d}"
    return f"GK{day}{next_number(tenant, f'request/{day}'):04d}"


def checked_files(given: Sequence[tuple[str, bytes]]) -> tuple[list[CheckedUpload], dict[str, str]]:
    """The files that may come in, and what is wrong with the others; never inside a transaction."""
    files: list[CheckedUpload] = []
    errors: dict[str, str] = {}
    if len(given) > FILES_MAX:
        errors["attachments"] = _("附件最多 %(n)d 个。") % {"n": FILES_MAX}
    for name, content in given[:FILES_MAX]:
        try:
            files.append(checked_upload(name, content))
        except Invalid as refusal:
            errors["attachments"] = refusal.message
    return files, errors


def store_files(row: DisclosureRequest, files: Sequence[CheckedUpload], *, provided: bool = False) -> None:
    """Keep files with a request; the stored file bears a neutral name, the person's own stands encrypted."""
    first = row.files.count()
    for no, upload in enumerate(files, start=first + 1):
        neutral = dataclasses.replace(upload, name=f"{row.number}-{no}.{_ENDINGS[upload.content_type]}")
        file = storage.store_upload(tenant=row.tenant, upload=neutral)
        RequestFile.objects.create(
            tenant=row.tenant,
            request=row,
            no=no,
            provided=provided,
            file_id=file.id,
            name=upload.name,
            content_type=file.content_type,
        )


def clean(text: str) -> str:
    """The text without NUL; empty where nothing of it can be seen."""
    kept = text.replace("\x00", "").strip()
    return kept if any(unicodedata.category(sign) not in _INVISIBLE for sign in kept) else ""


def _with_account(actor: Actor, words: Words) -> Words:
    """What the account knows stands in where a signed-in person left it out; an agent asks for his legal person."""
    if actor.legal_person_id is not None:
        legal = identity.legal_person_of(actor)
        kind = ApplicantKind.OTHER if words.applicant_kind == ApplicantKind.PERSON else words.applicant_kind
        return dataclasses.replace(
            words,
            applicant_kind=kind,
            name=legal.name,
            identity_kind=_LEGAL_CODE,
            identity_number=legal.uscc,
            contact_name=words.contact_name or actor.name,
        )
    if actor.person_id is None or (words.name and words.phone and words.identity_number):
        return words
    known = identity.person_contact(actor.person_id, actor=actor, purpose=_("提交信息公开申请时填写本人信息"))
    return dataclasses.replace(
        words,
        name=words.name or known.name,
        phone=words.phone or known.phone,
        identity_number=words.identity_number or known.citizen_number,
    )


def _checked(tenant: str, words: Words, errors: dict[str, str]) -> Words:
    title, content = clean(words.title), clean(words.content)
    chosen = (
        ("kind", AskKind.values, words.kind, _("请选择申请公开信息，还是更正与本人有关的信息。")),
        ("applicant_kind", ApplicantKind.values, words.applicant_kind, _("请选择申请人类别。")),
        ("form", Form.values, words.form, _("请选择提供信息的形式。")),
        ("delivery", Delivery.values, words.delivery, _("请选择获取信息的方式。")),
    )
    errors |= {field: sentence for field, values, value, sentence in chosen if value not in values}
    if not 2 <= len(title) <= TITLE_MAX:
        errors["title"] = _("请用 2 到 %(n)d 个字写明所需信息的名称。") % {"n": TITLE_MAX}
    if not TEXT_MIN <= len(content) <= TEXT_MAX:
        errors["content"] = _("请写明便于查询的特征描述，%(a)d 到 %(b)d 个字。") % {"a": TEXT_MIN, "b": TEXT_MAX}
    if words.org_code not in {unit.code for unit in identity.organisations(tenant)}:
        errors["org_code"] = _("请选择向哪个单位申请。")
    found = dataclasses.replace(
        words,
        title=title,
        content=content,
        name=clean(words.name)[:NAME_MAX],
        contact_name=clean(words.contact_name)[:NAME_MAX],
        identity_kind=clean(words.identity_kind)[:40] or "居民身份证",
        identity_number="".join(words.identity_number.replace("\x00", "").split()).upper()[:40],
        phone="".join(sign for sign in words.phone if sign.isdigit() or sign in "+-")[:20],
        email=clean(words.email)[:120],
        address=clean(words.address)[:200],
        postcode=clean(words.postcode)[:10],
        document_number=clean(words.document_number)[:80],
        use=clean(words.use)[:TEXT_MAX],
    )
    _check_person(found, errors)
    if errors:
        raise Invalid(_("还有 %(n)d 处需要改正，已填写的内容都在。") % {"n": len(errors)}, errors=errors)
    return found


def _check_person(words: Words, errors: dict[str, str]) -> None:
    """Name, proof of identity, contact: what the law asks of who asks, and no more."""
    if not words.name:
        errors["name"] = _("请写姓名或者名称。")
    if len(words.identity_number) < 4:
        errors["identity_number"] = _("请写身份证明的号码。")
    if len(words.phone) < 5:
        errors["phone"] = _("请写联系电话。")
    if words.delivery == Delivery.EMAIL and "@" not in words.email:
        errors["email"] = _("选择电子邮件的，请写电子邮箱。")
    if words.delivery == Delivery.POST and not words.address:
        errors["address"] = _("选择邮寄的，请写通信地址。")


def _row(tenant: str, words: Words, channel: str) -> DisclosureRequest:
    org = identity.organisation(tenant, words.org_code)
    given: dict[str, Any] = {field.name: getattr(words, field.name) for field in dataclasses.fields(words)}
    del given["files"]
    return DisclosureRequest(
        tenant=tenant,
        channel=channel,
        org_id=org.id,
        org_name=org.name,
        org_path=org.path,
        applicant_index=blind_index(words.identity_number),
        received_at=now(),
        **given,
    )


def _save(actor: Actor, row: DisclosureRequest, files: Sequence[CheckedUpload], kind: str, act: str) -> Receipt:
    code = query_code(_CODE_LENGTH)
    row.number, row.code_digest = request_number(row.tenant), _digest(code)
    row.save(force_insert=True)
    store_files(row, files)
    write_act(row, actor, kind, row.received_note, told=True)
    record(actor, row, act, {"kind": row.kind, "channel": row.channel, "to": row.org_code, "files": len(files)})
    if row.received_on is None:
        publish(RequestReceived(**event_fields(row)))
        body = _("%(what)s须当日与申请人确认，确认之日为收到申请之日。") % {"what": words_of(row)}
        tell_unit(row, title=_("信息公开申请待确认"), body=body)
    else:
        start_answer(row, on=row.received_on)
        write_letter(row, actor, LetterKind.RECEIPT, [_receipt_words(row)])
    return Receipt(row, code)


def _receipt_words(row: DisclosureRequest) -> str:
    return _("您的政府信息公开申请已经登记。收到申请之日：%(day)s。本机关将自收到之日起在法定期限内答复。") % {
        "day": cn_date(row.received_on)
    }


def _digest(code: str) -> str:
    return salted_hmac("disclosure.code", code, algorithm="sha256").hexdigest()
