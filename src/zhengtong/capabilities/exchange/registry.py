"""What is reported upward and over which way: data sets of the systems above, transports to the upper platform."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Protocol

from zhengtong.kernel.registry import Registry

ColumnType = Literal["text", "integer", "date", "datetime", "code"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Column:
    """One element of a data set.

    ``element`` is its name in the standard, ``label`` its Chinese one. Dates are ``YYYYMMDD``, times
    ``YYYYMMDDThhmmss`` in Shanghai (GB/T 39046), codes are keys of ``dictionary``. ``personal`` says in words what it
    tells of a person, empty where it tells nothing. ``confirmed`` is false for names not seen in a source (待核实).
    """

    element: str
    label: str
    type: ColumnType = "text"
    required: bool = False
    longest: int = 2000
    dictionary: Mapping[str, str] | None = None
    personal: str = ""
    confirmed: bool = True


@dataclasses.dataclass(frozen=True, kw_only=True)
class SourceRow:
    """A row as its system knows it now: ``values`` by element, texts and whole numbers.

    ``title`` names it on lists without personal data, ``org_*`` the unit that can put it right.
    """

    key: str
    values: Mapping[str, str | int]
    title: str
    org_id: uuid.UUID | None = None
    org_name: str = ""


@dataclasses.dataclass(frozen=True)
class KeyPage:
    """Some keys of a data set, and where the next page begins; ``after`` is empty on the last one."""

    keys: Sequence[str]
    after: str = ""


class DataSource(Protocol):
    """Answers for the rows of one data set."""

    def rows(self, tenant: str, keys: Sequence[str]) -> Sequence[SourceRow]:
        """The rows under these keys as they are now; a key that names no row to be reported is left out."""

    def keys(self, tenant: str, *, since: dt.date | None, after: str, limit: int) -> KeyPage:
        """Keys of rows that came about on or after a day (of all by default), page by page from ``after``."""

    def place(self, tenant: str, key: str) -> str:
        """The officials' page where the row is put right, empty where there is none."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class DataSet:
    """What is reported: columns, legal basis, where rows come from, which events change which row.

    ``listens``: event name → the key of the row an event of that name changes, empty for none. ``version`` changes
    with the columns. ``note`` says what is left out and why.
    """

    code: str
    title: str
    version: str
    columns: Sequence[Column]
    basis: str
    source: DataSource
    listens: Mapping[str, Callable[[Any], str]]
    standard: str = ""
    note: str = ""


class TransportFailed(Exception):
    """The upper platform could not be asked, or its answer was none; the same is tried again later."""


class Transport(Protocol):
    """A way to the upper platform. ``simulated``: nobody is there, for demonstrations."""

    label: str
    simulated: bool

    def problem(self) -> str:
        """Why it cannot be used (one sentence for people), empty when it can."""

    def where(self) -> str:
        """What it leads to, for people."""

    def trusted(self) -> Sequence[str]:
        """Certificates (PEM) of the upper platform itself."""

    def call(self, subject: str, body: bytes) -> bytes:
        """Hand over a signed request (``packages``, ``receipts``, ``totals``); the answer. Raises TransportFailed."""


data_sets: Registry[DataSet] = Registry("exchange.data_sets")
transports: Registry[Transport] = Registry("exchange.transports")
