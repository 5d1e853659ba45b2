"""What each template needs: typed contents, made from plain mappings, with standard wording where none is given."""

import dataclasses
import datetime as dt
import types
import typing
from collections.abc import Mapping
from typing import Any

from zhengtong.capabilities.documents.engine import wording


class ContentError(Exception):
    """Contents lack something or hold the wrong kind of thing; ``errors`` names each field with a sentence."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{field}: {sentence}" for field, sentence in errors.items()))
        self.errors = errors


@dataclasses.dataclass(frozen=True, kw_only=True)
class Content:
    """Base: ``seal_diameter`` in millimetres is the room kept for the seal, ``legal_notice`` the small print."""

    seal_diameter: float = 42.0
    legal_notice: str = ""

    def completed(self) -> "Content":
        """The same with standard wording in the places left empty."""
        return self


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """One line of a licence."""

    label: str
    value: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Licence(Content):
    """电子证照. ``rows`` are the registered facts in the order of the paper licence."""

    item: str
    rows: tuple[Entry, ...] = ()
    holder_label: str = "持证人"
    item_label: str = "许可事项"


@dataclasses.dataclass(frozen=True, kw_only=True)
class AcceptanceNotice(Content):
    """受理通知书 (行政许可法 Art 32)."""

    item: str
    case_number: str
    received_on: str
    accepted_on: str
    due_on: str = ""
    statutory_limit: str = ""
    promised_limit: str = ""
    joint_units: str = ""
    tracking: str = ""
    contact: str = ""
    complaint: str = ""
    opening: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening."""
        opening = self.opening or (wording.acceptance_opening(item=self.item, received_on=self.received_on),)
        return dataclasses.replace(self, opening=opening)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Point:
    """One thing to be supplemented: which material, what is wrong or missing, on what basis."""

    material: str
    problem: str
    basis: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupplementNotice(Content):
    """一次性告知补正通知书 (行政许可法 Art 32(4)): all points at one time."""

    item: str
    case_number: str
    points: tuple[Point, ...]
    deadline: str
    contact: str
    contact_person: str = ""
    how_to: str = ""
    opening: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening and closing sentences."""
        return dataclasses.replace(
            self,
            opening=self.opening or (wording.supplement_opening(item=self.item, deadline=self.deadline),),
            notes=self.notes or (wording.supplement_note(),),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Reason:
    """One reason of a refusal and its legal basis."""

    text: str
    basis: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Refusal(Content):
    """不予行政许可决定书 (行政许可法 Art 38): reasons and remedies are never left out."""

    item: str
    case_number: str
    accepted_on: str
    reasons: tuple[Reason, ...]
    remedies: tuple[str, ...]
    opening: tuple[str, ...] = ()
    decision: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening and decision."""
        return dataclasses.replace(
            self,
            opening=self.opening
            or (wording.refusal_opening(item=self.item, case_number=self.case_number, accepted_on=self.accepted_on),),
            decision=self.decision or (wording.refusal_decision(),),
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefusedAcceptance(Content):
    """不予受理 (行政许可法 Art 32(1), (2)); ``right_agency`` names the body to turn to."""

    item: str
    received_on: str
    reasons: tuple[Reason, ...]
    remedies: tuple[str, ...]
    right_agency: str = ""
    opening: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening."""
        opening = self.opening or (wording.refused_acceptance_opening(item=self.item, received_on=self.received_on),)
        return dataclasses.replace(self, opening=opening)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Material:
    """One material handed in."""

    name: str
    form: str = ""
    copies: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Receipt(Content):
    """收件回执: number, code for asking, list of materials."""

    item: str
    case_number: str
    query_code: str
    received_at: str
    materials: tuple[Material, ...] = ()
    channel: str = ""
    tracking: str = ""
    contact: str = ""
    opening: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening."""
        opening = self.opening or (wording.receipt_opening(item=self.item, received_at=self.received_at),)
        return dataclasses.replace(self, opening=opening)


@dataclasses.dataclass(frozen=True, kw_only=True)
class PauseNotice(Content):
    """停止计时告知书 (行政许可法 Art 45): why the time is not counted, and how long it takes."""

    item: str
    case_number: str
    cause: str
    basis: str
    since: str
    needed: str
    until: str = ""
    contact: str = ""
    opening: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening and closing sentences."""
        opening = wording.pause_opening(item=self.item, case_number=self.case_number, cause=self.cause)
        return dataclasses.replace(
            self, opening=self.opening or (opening,), notes=self.notes or (wording.pause_note(until=self.until),)
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExtensionNotice(Content):
    """延长审批期限告知书 (行政许可法 Art 42): how much longer, by whose approval, and the reason."""

    item: str
    case_number: str
    accepted_on: str
    days: str
    approver: str
    basis: str
    reason: str
    due_on: str = ""
    contact: str = ""
    opening: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening."""
        opening = wording.extension_opening(
            item=self.item, case_number=self.case_number, accepted_on=self.accepted_on, days=self.days
        )
        return dataclasses.replace(self, opening=self.opening or (opening,))


@dataclasses.dataclass(frozen=True, kw_only=True)
class Record(Content):
    """A paper of a case with facts and running text: record of an inspection, opinion of experts, public notice…"""

    item: str
    case_number: str
    opening: tuple[str, ...] = ()
    rows: tuple[Entry, ...] = ()
    text: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class HearingNotice(Content):
    """听证通知书 (行政许可法 Art 48): when and where the hearing is held, and who presides."""

    item: str
    case_number: str
    requested_on: str
    day: str
    place: str
    host: str
    basis: str
    contact: str = ""
    opening: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening and the rights at the hearing."""
        opening = wording.hearing_opening(item=self.item, case_number=self.case_number, requested_on=self.requested_on)
        return dataclasses.replace(self, opening=self.opening or (opening,), notes=self.notes or wording.HEARING_NOTES)


@dataclasses.dataclass(frozen=True, kw_only=True)
class LicenceDecision(Content):
    """What the authority does to a licence: warns, revokes, cancels or corrects it (行政许可法 Art 69, 70).

    ``relief`` says how the holder's lawful interests are dealt with, ``remedies`` how the decision is reviewed.
    """

    licence: str
    licence_number: str
    item: str
    opening: tuple[str, ...]
    reasons: tuple[Reason, ...]
    decision: tuple[str, ...]
    effective_on: str = ""
    relief: str = ""
    remedies: tuple[str, ...] = ()
    contact: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Charge:
    """One charge of a receipt, amounts in words; ``note`` tells of a reduction and its basis."""

    name: str
    amount: str
    standard: str = ""
    quantity: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PaymentReceipt(Content):
    """缴费凭据: what was paid, to whom, when and how; no fiscal receipt (财政电子票据)."""

    number: str
    item: str
    lines: tuple[Charge, ...]
    total: str
    paid_at: str
    channel: str
    transaction: str = ""
    opening: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening."""
        return dataclasses.replace(self, opening=self.opening or (wording.payment_opening(item=self.item),))


@dataclasses.dataclass(frozen=True, kw_only=True)
class RefundNotice(Content):
    """退费通知书: what goes back, why, and the way it goes."""

    number: str
    order_number: str
    item: str
    reason: str
    lines: tuple[Charge, ...]
    total: str
    done_at: str
    channel: str
    transaction: str = ""
    opening: tuple[str, ...] = ()

    def completed(self) -> Content:
        """With the standard opening."""
        opening = wording.refund_opening(item=self.item, order_number=self.order_number)
        return dataclasses.replace(self, opening=self.opening or (opening,))


@dataclasses.dataclass(frozen=True, kw_only=True)
class TableRow:
    """One line of a table: a text for each of its columns."""

    cells: tuple[str, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table:
    """A table of a report with its heading; the first column names the line, the others hold numbers."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[TableRow, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Report(Content):
    """统计报告: sentences, then tables of figures, then on what it rests."""

    opening: tuple[str, ...]
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()


CONTENTS: Mapping[str, type[Content]] = types.MappingProxyType(
    {
        "licence": Licence,
        "acceptance_notice": AcceptanceNotice,
        "supplement_notice": SupplementNotice,
        "refusal": Refusal,
        "refused_acceptance": RefusedAcceptance,
        "receipt": Receipt,
        "pause_notice": PauseNotice,
        "extension_notice": ExtensionNotice,
        "hearing_notice": HearingNotice,
        "record": Record,
        "payment_receipt": PaymentReceipt,
        "refund_notice": RefundNotice,
        "licence_decision": LicenceDecision,
        "report": Report,
    }
)


def content_of(template: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """``fields`` as plain JSON values with standard wording filled in.

    Dates become 2026年3月5日, instants 2026年3月5日 14:32. Raises LookupError for an unknown template and
    ContentError when something needed is empty, unknown or of the wrong kind.
    """
    if template not in CONTENTS:
        raise LookupError(f"no template is called {template}")
    errors: dict[str, str] = {}
    content = _build(CONTENTS[template], fields, "", errors)
    if errors:
        raise ContentError(errors)
    plain: dict[str, Any] = _plain(content.completed())
    return plain


def _build(cls: type[Any], fields: Mapping[str, Any], path: str, errors: dict[str, str]) -> Any:
    hints = typing.get_type_hints(cls)
    known = {field.name: field for field in dataclasses.fields(cls)}
    for name in fields:
        if name not in known:
            errors[path + name] = "模板没有这一栏"
    values: dict[str, Any] = {}
    for name, field in known.items():
        required = field.default is dataclasses.MISSING
        if name in fields:
            values[name] = _value(hints[name], fields[name], path + name, errors)
        if required and not values.get(name):
            errors.setdefault(path + name, "必须填写")
    return None if errors else cls(**values)


def _value(hint: Any, value: Any, path: str, errors: dict[str, str]) -> Any:
    if typing.get_origin(hint) is tuple:
        inner = typing.get_args(hint)[0]
        if isinstance(value, str) or not isinstance(value, (list, tuple)):
            errors[path] = "应当是一个清单"
            return ()
        return tuple(_value(inner, item, f"{path}.{number}", errors) for number, item in enumerate(value, 1))
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if isinstance(value, hint):
            return value
        if not isinstance(value, Mapping):
            errors[path] = "应当是一组栏目"
            return None
        return _build(typing.cast("type[Any]", hint), value, f"{path}.", errors)
    if hint is float:
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            errors[path] = "应当是数字"
            return 0.0
        return float(value)
    return _text(value, path, errors)


def _text(value: Any, path: str, errors: dict[str, str]) -> str:
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return wording.chinese_time(value)
    if isinstance(value, dt.date):
        return wording.chinese_date(value)
    if isinstance(value, (str, int)) and not isinstance(value, bool):
        return str(value)
    errors[path] = "应当是文字、整数或日期"
    return ""


def _plain(content: Any) -> Any:
    if dataclasses.is_dataclass(content) and not isinstance(content, type):
        return {field.name: _plain(getattr(content, field.name)) for field in dataclasses.fields(content)}
    return [_plain(item) for item in content] if isinstance(content, tuple) else content
