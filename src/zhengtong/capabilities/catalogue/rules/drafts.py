"""事项草稿：everything an office states of an item before it is published, as plain values."""

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Material:
    """One paper; ``form`` is a value of ``MaterialForm``, ``tolerable`` 可容缺: may follow after acceptance.

    ``key`` names it in forms and cases and stays the same over versions. ``copies`` counts paper copies at the
    window; ``accept_standard`` says when it is accepted, ``example`` what a good one looks like, in words.
    """

    key: str
    name: str
    form: str
    tolerable: bool = False
    copies: int = 1
    note: str = ""
    accept_standard: str = ""
    example: str = ""


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
    form_key: str = "general"
    themes: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    featured: int = 0
