"""事项草稿：everything an office states of an item before it is published, as plain values."""

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

Part = TypeVar("Part")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Material:
    """One paper; ``form`` is a value of ``MaterialForm``, ``tolerable`` 可容缺: may follow after acceptance.

    ``key`` names it in forms and cases and stays the same over versions. ``copies`` counts paper copies at the
    window; ``accept_standard`` says when it is accepted, ``example`` what a good one looks like, in words.
    ``source`` is a value of ``MaterialSource``, ``issuer`` who makes it out; ``within`` how long a tolerated one may
    follow; ``condition`` in which case it is needed (empty: always), ``when`` the same as a condition over the answers
    to the item's form, in the shape forms declare it; ``members`` names the items of a bundle it serves;
    ``blank_file`` and ``sample_file`` name stored files (空白表格, 示例样表).
    """

    key: str
    name: str
    form: str
    tolerable: bool = False
    copies: int = 1
    note: str = ""
    accept_standard: str = ""
    example: str = ""
    source: str = "applicant"
    issuer: str = ""
    within: str = ""
    condition: str = ""
    members: tuple[str, ...] = ()
    blank_file: str = ""
    sample_file: str = ""
    when: Mapping[str, Any] | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Fee:
    """收费标准: ``amount`` in yuan as text (empty when it is worked out by the office), ``unit`` e.g. 每证.

    ``basis`` the law that allows it (行政许可法 第五十八条: without one there is none), ``reduction`` who pays less.
    ``payee`` is the full name of the unit that collects it (empty: the item's own); ``quantity_from`` the question of
    the form whose number tells how many units; ``raised`` when the order goes out by itself (a value of ``FeeRaised``,
    empty: an official makes it out); ``pay_first`` bars the decision until it is paid.
    """

    name: str
    amount: str = ""
    unit: str = ""
    basis: str = ""
    reduction: str = ""
    reduction_basis: str = ""
    payee: str = ""
    quantity_from: str = ""
    raised: str = ""
    pay_first: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Commitment:
    """告知承诺: what is told, what the applicant promises, which materials it stands for, and the check afterwards.

    ``materials`` are keys of materials that need not be handed in; ``check_within`` the limit of the later check.
    """

    told: str
    statement: str
    consequences: str
    check_within: str
    materials: tuple[str, ...] = ()


@dataclasses.dataclass(frozen=True, kw_only=True)
class Member:
    """An item of a bundle, by its code; ``version`` is the one whose materials were merged (0: not yet published)."""

    code: str
    name: str
    org_code: str
    org_name: str
    version: int = 0


@dataclasses.dataclass(frozen=True, kw_only=True)
class JointUnit:
    """A unit that takes part, with its limit; ``org_code`` empty and a ``note`` when the name is no unit of ours."""

    name: str
    limit: str
    org_code: str = ""
    note: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class SpecialStep:
    """特别环节：what may happen besides the review, whether the clock stops, and how long it takes."""

    name: str
    stops_clock: bool
    longest: str = ""
    length: str = ""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Question:
    """A question people ask, and its answer."""

    question: str
    answer: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemDraft:
    """What is to be published; codes are values of ``constants``, limits written as in ``rules.limits``.

    ``department`` is a name (the organisation is found by it). ``confirmed`` names the fields whose value was
    compared with its source; others are shown as 待核实. ``featured`` orders the often used ones (1 first, 0 none).
    ``kind`` is a value of ``ItemKind``; ``parent_code`` the code of the main item (主项) of a sub-item. ``executors``
    are full names of the units that carry it out where that is not the department itself (towns). ``visits`` counts
    how often an applicant has to come (None: not stated). ``process_version`` and ``form_version`` pin a
    version (None: the one in force when the item is published).
    """

    code: str
    name: str
    power_type: str
    department: str
    legal_basis: str
    applicant_type: str
    handling_kind: str
    statutory_limit: str
    promised_limit: str
    online_depth: str
    joint_units: tuple[JointUnit, ...] = ()
    special_steps: tuple[SpecialStep, ...] = ()
    materials: tuple[Material, ...] = ()
    fee: str = ""
    result_document: str = ""
    result_title: str = ""
    result_template: str = "licence"
    validity: str = ""
    conditions: tuple[str, ...] = ()
    quantity: str = ""
    flow: tuple[str, ...] = ()
    window: str = ""
    address: str = ""
    hours: str = ""
    phone: str = ""
    complaint: str = ""
    faq: tuple[Question, ...] = ()
    process_key: str = ""
    process_version: int | None = None
    form_key: str = "general"
    form_version: int | None = None
    kind: str = "single"
    parent_code: str = ""
    exercise_level: str = "4"
    exercise_note: str = ""
    responsibilities: tuple[str, ...] = ()
    accountability: str = ""
    fees: tuple[Fee, ...] = ()
    commitment: Commitment | None = None
    members: tuple[Member, ...] = ()
    executors: tuple[str, ...] = ()
    visits: int | None = None
    themes: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    featured: int = 0


def read_part(kind: type[Part], entry: Mapping[str, Any]) -> Part:
    """A part of a draft from its JSON, where tuples are lists; raises TypeError for words it does not know."""
    return kind(**{key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()})
