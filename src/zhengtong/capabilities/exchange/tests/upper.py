"""An upper platform in memory with a line that can be cut, and a data set whose rows a test writes as it likes."""

import contextlib
import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from zhengtong.capabilities.exchange import api
from zhengtong.capabilities.exchange.engine.upper import Faults, MemoryStore, NoAnswer, UpperPlatform
from zhengtong.capabilities.exchange.models import ReportPackage, ReportStream
from zhengtong.capabilities.exchange.registry import (
    Column,
    DataSet,
    KeyPage,
    SourceRow,
    TransportFailed,
    data_sets,
    transports,
)
from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor, system
from zhengtong.kernel.clock import now

TENANT = "980723"
CODE = "example"
UNIT = uuid.UUID(int=7)
OPERATOR = Actor(
    tenant=TENANT,
    kind="official",
    person_id=uuid.UUID(int=1),
    name="钱七",
    org_id=uuid.UUID(int=2),
    roles=frozenset({"application_operator"}),
)
COLUMNS = (
    Column(element="name", label="名称", required=True, longest=20),
    Column(element="kind", label="类别", type="code", dictionary={"1": "甲", "2": "乙"}),
    Column(element="day", label="日期", type="date"),
    Column(element="count", label="数量", type="integer"),
)


class Book:
    """The source: rows by key, changed by the test."""

    def __init__(self) -> None:
        self.values: dict[str, dict[str, str | int]] = {}

    def rows(self, tenant: str, keys: Sequence[str]) -> Sequence[SourceRow]:
        """As they are now."""
        return [
            SourceRow(
                key=key, values=self.values[key], title=f"记录 {key}", org_id=UNIT, org_name="青禾县市场监督管理局"
            )
            for key in keys
            if key in self.values
        ]

    def keys(self, tenant: str, *, since: dt.date | None, after: str, limit: int) -> KeyPage:
        """By key."""
        found = sorted(key for key in self.values if key > after)[:limit]
        return KeyPage(found, found[-1] if len(found) == limit else "")

    def place(self, tenant: str, key: str) -> str:
        """Nowhere in particular."""
        return f"/somewhere/{key}/"


class Line:
    """The transport: to ``platform``, unless ``cut``; ``forge`` may change what comes back."""

    label = "试验"
    simulated = False

    def __init__(self, platform: UpperPlatform, certificate: str) -> None:
        self.platform = platform
        self.certificate = certificate
        self.cut = False
        self.forge = lambda body: body
        self.asked: list[str] = []

    def problem(self) -> str:
        """None."""
        return ""

    def where(self) -> str:
        """In memory."""
        return "内存"

    def trusted(self) -> Sequence[str]:
        """The upper platform's own certificate."""
        return [self.certificate]

    def call(self, subject: str, body: bytes) -> bytes:
        """The answer, if there is one."""
        self.asked.append(subject)
        if self.cut:
            raise TransportFailed("连不上上级平台：断开。")
        try:
            return self.forge(self.platform.answer(subject, body, at=now()))
        except NoAnswer as fault:
            raise TransportFailed(f"上级平台答复 HTTP {fault.status}。") from fault


@dataclasses.dataclass
class Reporting:
    """What a test holds in its hands."""

    book: Book
    line: Line
    platform: UpperPlatform
    store: MemoryStore

    @property
    def faults(self) -> Faults:
        """What goes wrong up there."""
        return self.platform.faults

    def change(self, *keys: str, **values: str | int) -> None:
        """Write rows and take note of it, as an event would."""
        for key in keys:
            self.book.values[key] = {"name": f"名称{key}", "kind": "1", "day": "20261122", "count": 1, **values}
        api.mark_changed(tenant=TENANT, dataset=CODE, keys=keys)

    def build(self) -> ReportPackage | None:
        """One package of what waits."""
        return api.build_package(actor=system(TENANT), dataset=CODE)

    def send(self) -> int:
        """One round of sending, whatever it should have waited for."""
        ReportStream.objects.update(next_try_at=None)
        ReportPackage.objects.update(ask_at=now())
        return api.send_due()

    def upper_rows(self) -> dict[str, Any]:
        """What the upper platform has accepted."""
        return dict(self.platform.rows(TENANT, CODE))

    def sequences(self) -> list[int]:
        """Numbers of the packages up there."""
        return [kept.head.sequence for kept in self.store.load(TENANT, CODE)]


def example_set(book: Book) -> DataSet:
    """The data set of the tests."""
    return DataSet(
        code=CODE, title="示例数据", version="1.0", columns=COLUMNS, basis="示例", source=book, listens={}, standard=""
    )


@contextlib.contextmanager
def reporting_county(settings: Any, folder: Path) -> Iterator[Reporting]:
    """The county, the data set, the upper platform; taken away again afterwards."""
    settings.ZHENGTONG_DEMO, settings.ZHENGTONG_VAR = True, str(folder)
    settings.ZHENGTONG_UPPER_WAY = "test"
    identity.create_tenant(actor=system(TENANT), name="青禾县")
    book, store = Book(), MemoryStore()
    signer_folder = folder / "upper"
    platform = api.simulated_platform(signer_folder, trusted=list, store=store)
    line = Line(platform, (signer_folder / "keys" / "certificate.pem").read_text(encoding="ascii"))
    others = dict(data_sets.items())
    data_sets._items = {CODE: example_set(book)}
    transports._items["test"] = line
    try:
        yield Reporting(book, line, platform, store)
    finally:
        data_sets._items = others
        del transports._items["test"]


def numbered(count: int) -> list[str]:
    """So many keys."""
    return [f"r{number:03d}" for number in itertools.islice(itertools.count(1), count)]
