"""One version of an item as other apps see it: frozen values, limits ready to reckon with."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, TypedDict, cast

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from zhengtong.capabilities.cases.api import Limit
from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.constants import (
    ApplicantType,
    ExerciseLevel,
    HandlingKind,
    OnlineDepth,
    PowerType,
    VersionStatus,
)
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.prepared import prepared


class Material(TypedDict):
    """One paper: ``form`` is 原件, 复印件 or 数据共享; ``tolerable`` 可容缺: it may follow after acceptance."""

    key: str
    name: str
    form: str
    tolerable: bool
    copies: int
    note: str
    accept_standard: str
    example: str
    source: str
    issuer: str
    within: str
    condition: str
    members: list[str]
    blank_file: str
    sample_file: str
    when: dict[str, Any] | None


class JointDepartment(TypedDict):
    """A unit that takes part, its limit as text; ``org_code`` is empty for one that cannot be routed to (see note)."""

    org_code: str
    org_name: str
    limit: str
    note: str


class Question(TypedDict):
    """A question people ask, and its answer."""

    question: str
    answer: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpecialStep:
    """What may happen besides the review; ``longest`` and ``length`` are not set when nothing is laid down."""

    name: str
    stops_clock: bool
    longest: Limit
    length: Limit


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemVersionView:
    """A version of an item: what guide, form, route, clock and result are made from.

    It never changes once published. ``power_type``, ``applicant_type``, ``handling_kind`` and ``online_depth`` are
    words for readers (行政许可, 自然人, 承诺件, 全程网办), the codes stand beside them.
    """

    id: uuid.UUID
    item_id: uuid.UUID
    tenant: str
    code: str
    version: int
    status: str
    name: str
    power_type: str
    power_type_code: str
    org_id: uuid.UUID
    org_code: str
    org_name: str
    legal_basis: str
    applicant_type: str
    applicant_code: str
    handling_kind: str
    handling_code: str
    kind: str
    parent_id: uuid.UUID | None
    exercise_level: str
    exercise_note: str
    responsibilities: tuple[str, ...]
    accountability: str
    fees: tuple[rules.Fee, ...]
    commitment: rules.Commitment | None
    members: tuple[rules.Member, ...]
    executors: tuple[str, ...]
    visits: int | None
    statutory_limit: Limit
    promised_limit: Limit
    joint_departments: tuple[JointDepartment, ...]
    special_steps: tuple[SpecialStep, ...]
    fee: str
    result_document: str
    result_title: str
    result_template: str
    validity: str
    materials: tuple[Material, ...]
    online_depth: str
    online_depth_code: str
    conditions: tuple[str, ...]
    quantity: str
    flow: tuple[str, ...]
    window: str
    address: str
    hours: str
    phone: str
    complaint: str
    faq: tuple[Question, ...]
    process_key: str
    process_version: int | None
    form_key: str
    form_version: int | None
    themes: tuple[str, ...]
    confirmed: frozenset[str]
    notes: tuple[str, ...]
    valid_from: dt.date | None
    valid_until: dt.date | None
    published_at: dt.datetime | None
    case_id: uuid.UUID | None
    change_reason: str

    @property
    def promise(self) -> str:
        """承诺 8 个工作日办结, 当日办结, 没有规定办理时限."""
        return rules.promise_words(str(self.promised_limit))

    @property
    def routed_departments(self) -> tuple[str, ...]:
        """Codes of the joint units that get work items, as ``cases.api.open_case`` takes them."""
        return tuple(unit["org_code"] for unit in self.joint_departments if unit["org_code"])

    @property
    def step_limits(self) -> Mapping[str, Limit]:
        """The limit of each routed joint unit by its code."""
        return {unit["org_code"]: Limit.parse(unit["limit"]) for unit in self.joint_departments if unit["org_code"]}

    @property
    def is_published(self) -> bool:
        """Whether this is the version in force."""
        return self.status == VersionStatus.PUBLISHED

    @property
    def on_application(self) -> bool:
        """Whether anybody can apply for it; penalties, levies and checks an office does of its own accord."""
        return bool(self.process_key)

    @property
    def online(self) -> bool:
        """Whether an application can be handed in over the net."""
        return self.on_application and self.online_depth_code != OnlineDepth.WINDOW

    def may_apply(self, *, as_legal_person: bool) -> bool:
        """Whether a natural person (or one who acts for a legal person) is among those the item is for."""
        return rules.may_apply(self.applicant_code, as_legal_person=as_legal_person)


# fields of the view that stand in the row as they are
_COPIED = (
    "id",
    "item_id",
    "tenant",
    "status",
    "name",
    "legal_basis",
    "exercise_note",
    "accountability",
    "fee",
    "visits",
    "result_document",
    "result_title",
    "result_template",
    "validity",
    "quantity",
    "window",
    "address",
    "hours",
    "phone",
    "complaint",
    "process_key",
    "process_version",
    "form_key",
    "form_version",
    "valid_from",
    "valid_until",
    "published_at",
    "case_id",
    "change_reason",
)
_LATER_OF_MATERIAL = {
    field.name: field.default
    for field in dataclasses.fields(rules.Material)
    if field.default is not dataclasses.MISSING
}


def version_view(row: ItemVersion) -> ItemVersionView:
    """The values of a row whose item was read with it."""
    item = row.item
    return ItemVersionView(
        **{field: getattr(row, field) for field in _COPIED},
        code=item.code or "",
        version=row.version or 0,
        kind=item.kind,
        parent_id=item.parent_id,
        exercise_level=str(ExerciseLevel(row.exercise_level).label),
        responsibilities=tuple(row.responsibilities),
        fees=tuple(rules.Fee(**entry) for entry in row.fees),
        commitment=rules.read_part(rules.Commitment, row.commitment) if row.commitment else None,
        members=tuple(rules.Member(**entry) for entry in row.members),
        executors=tuple(row.executors),
        power_type=str(PowerType(item.power_type).label),
        power_type_code=item.power_type,
        org_id=item.org_id,
        org_code=item.org_code,
        org_name=item.org_name,
        applicant_type=str(ApplicantType(row.applicant_type).label) if row.applicant_type else "",
        applicant_code=row.applicant_type,
        handling_kind=str(HandlingKind(row.handling_kind).label) if row.handling_kind else "",
        handling_code=row.handling_kind,
        online_depth=str(OnlineDepth(row.online_depth).label) if row.online_depth else "",
        online_depth_code=row.online_depth,
        statutory_limit=_limit(row.statutory_limit),
        promised_limit=_limit(row.promised_limit),
        joint_departments=tuple(row.joint_departments),
        special_steps=tuple(_special_step(step) for step in row.special_steps),
        materials=tuple(cast("Material", {**_LATER_OF_MATERIAL, **material}) for material in row.materials),
        conditions=tuple(row.conditions),
        flow=tuple(row.flow),
        faq=tuple(row.faq),
        themes=tuple(row.themes),
        confirmed=frozenset(row.confirmed),
        notes=tuple(row.notes),
    )


def _limit(text: str) -> Limit:
    """The limit as written; a draft's that is no limit yet counts as none."""
    return Limit.parse(text if rules.is_limit(text) else "NONE")


def current_version(tenant: str, code: str) -> ItemVersionView:
    """The published version of the item with a code; raises NotFound when there is none in use."""
    row = (
        ItemVersion.objects.filter(tenant=tenant, item__code=code, status=VersionStatus.PUBLISHED)
        .select_related("item")
        .first()
    )
    if row is None:
        raise NotFound(_("没有这个事项，或者它已经停用。请从事项目录里重新查找，也可以拨打 12345 询问。"))
    return version_view(row)


def version_by_id(version_id: uuid.UUID, *, tenant: str = "") -> ItemVersionView:
    """A version, published or not, of the tenant if one is named; raises NotFound."""
    row = next(iter(_versions(version_id=version_id)), None)
    if row is None or (tenant and row.tenant != tenant):
        raise NotFound(_("没有这个事项版本。"))
    return version_view(row)


@prepared
def _versions(*, version_id: uuid.UUID) -> "QuerySet[ItemVersion]":
    return ItemVersion.objects.filter(pk=version_id).select_related("item")


def _special_step(step: Mapping[str, str | bool]) -> SpecialStep:
    return SpecialStep(
        name=str(step["name"]),
        stops_clock=bool(step["stops_clock"]),
        longest=_limit(str(step["longest"])),
        length=_limit(str(step["length"])),
    )
