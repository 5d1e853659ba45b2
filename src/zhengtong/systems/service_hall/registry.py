"""What others give to the hall: registers an official may consult while he handles a case."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from django.utils.functional import Promise

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.registry import Registry


@dataclasses.dataclass(frozen=True)
class LookupSubject:
    """Whom a look-up is about: the person, or the legal person that applied, and for which item."""

    tenant: str
    person_id: uuid.UUID
    legal_person_id: uuid.UUID | None
    ward_id: uuid.UUID | None
    item_code: str
    application_id: uuid.UUID


@dataclasses.dataclass(frozen=True)
class LookupAnswer:
    """What a register knows, as a table: columns and rows of the data table; ``empty`` says that there is nothing."""

    columns: Sequence[Mapping[str, Any]]
    rows: Sequence[Mapping[str, Any]]
    empty: str


@dataclasses.dataclass(frozen=True)
class Lookup:
    """A register: its name, from where its facts come, whether it has anything to do with a subject, and the look-up.

    ``ask`` is called only after the look-up has been entered in the ledger with its purpose.
    """

    label: str | Promise
    source: str | Promise
    concerns: Callable[[LookupSubject], bool]
    ask: Callable[[Actor, LookupSubject], LookupAnswer]


#: name → register; base registers of later systems add theirs in ``apps.ready()``
lookups: Registry[Lookup] = Registry("lookups")


@dataclasses.dataclass(frozen=True)
class Parcel:
    """What a carrier must know of a paper that is posted; never kept by the adapter beyond its own order."""

    reference: str
    recipient: str
    phone: str
    address: str


@dataclasses.dataclass(frozen=True)
class CarrierEvent:
    """What a carrier tells of a parcel: ``key`` is the same when it is told again, ``outcome`` '', done or returned."""

    key: str
    at: dt.datetime
    words: str
    outcome: str = ""


@dataclasses.dataclass(frozen=True)
class CarrierReport:
    """What a carrier's system posts to us: an event of one parcel, signed at ``sealed_at`` with a nonce used once."""

    tracking_no: str
    event: CarrierEvent
    sealed_at: dt.datetime
    nonce: str


class BadReport(Exception):
    """A report that is not the carrier's: wrong signature, unreadable. Says why, for the log only."""


class Carrier(Protocol):
    """A postal company that posts licences; registered by name."""

    @property
    def label(self) -> str | Promise:
        """Its name."""

    def accept(self, parcel: Parcel) -> str:
        """Take a parcel over; its tracking number, empty where the number stands on the slip.

        Asked again with the same reference it gives the same number: the first answer may have been lost.
        Raises OSError when the carrier cannot be reached.
        """

    def events(self, tracking_no: str, *, since: dt.datetime) -> Sequence[CarrierEvent]:
        """What has happened to a parcel that was handed over at ``since``, the oldest first; OSError as above.

        Empty for a carrier that tells by itself.
        """

    def read_report(self, *, body: bytes, headers: Mapping[str, str]) -> CarrierReport:
        """What its system posted; raises BadReport unless the carrier signed it."""


#: name → carrier; without one officials type the carrier and the number from the slip
carriers: Registry[Carrier] = Registry("carriers")

#: name → function (official, application, findings) that acts on a commitment found false, in the same transaction;
#: a proposal to revoke the licence is made there
commitment_broken: Registry[Callable[[Actor, uuid.UUID, str], None]] = Registry("commitment_broken")
