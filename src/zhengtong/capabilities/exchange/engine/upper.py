"""The upper platform in miniature: takes packages once and in order, judges their rows, answers with signed receipts.

It serves demonstrations and tests, and says by its code what the protocol expects of a real one (README). Its faults
are real ones: down, failing after it has stored, an answer that is lost, rows refused, a backup put back.
"""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from zhengtong.capabilities.exchange.engine.judging import problems_of
from zhengtong.capabilities.exchange.engine.packages import (
    FIRST,
    Envelope,
    Line,
    Manifest,
    Unreadable,
    canonical,
    day_digest,
    read_content,
    read_envelope,
    read_manifest,
    read_rows,
    sm3,
)
from zhengtong.capabilities.exchange.registry import Column

_BY_CHANCE: Final = "模拟平台按设定退回"


class NoAnswer(Exception):
    """The caller gets no answer, whatever was done; ``status`` as HTTP would say it, 0 where the line is cut."""

    def __init__(self, status: int) -> None:
        super().__init__(f"no answer ({status})")
        self.status = status


@dataclasses.dataclass(kw_only=True)
class Faults:
    """What goes wrong: every so many packages (0 never), or always; may be changed while it runs."""

    down: bool = False
    fail_every: int = 0
    lose_every: int = 0
    refuse_every: int = 0
    verify_after: float = 0.0
    slow: float = 0.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kept:
    """A package as the upper platform keeps it; ``verdicts`` are (line, key, digest, accepted, code, element)."""

    manifest: str
    rows: str
    stored_at: str
    verdicts: tuple[tuple[int, str, str, bool, str, str], ...]

    @property
    def head(self) -> Manifest:
        """The manifest as an object."""
        return read_manifest(self.manifest)


class Store(Protocol):
    """Where the upper platform keeps packages."""

    def load(self, sender: str, dataset: str) -> list[Kept]:
        """All packages of a data set, by sequence."""

    def save(self, sender: str, dataset: str, sequence: int, kept: Kept) -> None:
        """Keep one more for good."""


class MemoryStore:
    """Keeps packages as long as the process lives."""

    def __init__(self) -> None:
        self.packages: dict[tuple[str, str], list[Kept]] = {}

    def load(self, sender: str, dataset: str) -> list[Kept]:
        """All packages of a data set, by sequence."""
        return list(self.packages.get((sender, dataset), []))

    def save(self, sender: str, dataset: str, sequence: int, kept: Kept) -> None:
        """Keep one more."""
        self.packages.setdefault((sender, dataset), []).append(kept)


class UpperPlatform:
    """Answers signed requests; ``why_not_trusted`` judges (data, signature, certificate), ``sign`` signs answers."""

    def __init__(
        self,
        *,
        schemas: Callable[[str, str], Sequence[Column] | None],
        why_not_trusted: Callable[[bytes, bytes, str], str],
        sign: Callable[[bytes], bytes],
        certificate: str,
        store: Store,
        faults: Faults | None = None,
    ) -> None:
        self.faults = faults or Faults()
        self.store = store
        self._schemas = schemas
        self._why_not_trusted = why_not_trusted
        self._sign = sign
        self._certificate = certificate
        self._taken = 0
        self._judged = 0

    def answer(self, subject: str, body: bytes, *, at: dt.datetime) -> bytes:
        """The signed answer to a request about ``packages``, ``receipts`` or ``totals``; raises NoAnswer."""
        if self.faults.down:
            raise NoAnswer(503)
        try:
            envelope = read_envelope(body)
        except Unreadable:
            raise NoAnswer(400) from None
        why = self._why_not_trusted(envelope.content.encode(), envelope.signature, envelope.certificate)
        if why:
            return self._signed(envelope, _rejected("SIGNATURE", why), at)
        try:
            if subject == "packages":
                return self._take(envelope, at)
            asked = read_content(envelope.content)
            found = self._receipt_asked(asked, at) if subject == "receipts" else self._totals(asked)
        except (Unreadable, KeyError, TypeError):
            raise NoAnswer(400) from None
        return self._signed(envelope, found, at)

    def rows(self, sender: str, dataset: str) -> dict[str, Mapping[str, str | int]]:
        """The accepted rows by key, the latest of each."""
        found: dict[str, Mapping[str, str | int]] = {}
        for kept in self.store.load(sender, dataset):
            accepted = {number for number, _key, _digest, good, _code, _element in kept.verdicts if good}
            found.update({line.key: line.values for line in read_rows(kept.rows) if line.number in accepted})
        return found

    def _take(self, envelope: Envelope, at: dt.datetime) -> bytes:
        try:
            manifest = read_manifest(envelope.content)
        except Unreadable:
            raise NoAnswer(400) from None
        known = self.store.load(manifest.sender, manifest.dataset)
        if manifest.sequence <= len(known):
            # a package that is here already gets the receipt it had: sending it again changes nothing
            same = manifest.sequence > 0 and known[manifest.sequence - 1].manifest == envelope.content
            found = self._receipt(known[manifest.sequence - 1], at) if same else _rejected("CONFLICT", "")
            return self._signed(envelope, found, at)
        refusal = self._refusal(manifest, envelope.rows, known)
        if refusal:
            return self._signed(envelope, refusal, at)
        kept = Kept(
            manifest=envelope.content,
            rows=envelope.rows,
            stored_at=at.isoformat(),
            verdicts=tuple(self._judge(manifest, line) for line in read_rows(envelope.rows)),
        )
        self.store.save(manifest.sender, manifest.dataset, manifest.sequence, kept)
        self._taken += 1
        for every, status in ((self.faults.fail_every, 500), (self.faults.lose_every, 0)):
            if every and self._taken % every == 0:
                raise NoAnswer(status)
        return self._signed(envelope, self._receipt(kept, at), at)

    def _refusal(self, manifest: Manifest, rows: str, known: Sequence[Kept]) -> dict[str, Any]:
        """Why a package cannot be taken now, empty when it can."""
        if manifest.sequence != len(known) + 1:
            return {**_rejected("GAP", f"{len(known) + 1}"), "expected": len(known) + 1}
        if manifest.previous != (sm3(known[-1].manifest.encode()) if known else FIRST):
            return _rejected("CHAIN", "")
        if sm3(rows.encode()) != manifest.digest:
            return _rejected("DIGEST", "")
        if self._schemas(manifest.dataset, manifest.version) is None:
            return _rejected("SCHEMA", f"{manifest.dataset} {manifest.version}")
        try:
            numbers = [line.number for line in read_rows(rows)]
        except Unreadable:
            return _rejected("DIGEST", "")
        return {} if numbers == list(range(1, manifest.rows + 1)) else _rejected("DIGEST", "")

    def _judge(self, manifest: Manifest, line: Line) -> tuple[int, str, str, bool, str, str]:
        self._judged += 1
        every = self.faults.refuse_every
        columns = self._schemas(manifest.dataset, manifest.version) or ()
        problems = problems_of(columns, line.values)
        by_chance = ("UPPER", _BY_CHANCE) if every and self._judged % every == 0 else ("", "")
        code, element = problems[0] if problems else by_chance
        return line.number, line.key, line.digest, not code, code, element

    def _receipt_asked(self, asked: Mapping[str, Any], at: dt.datetime) -> dict[str, Any]:
        known = self.store.load(asked["sender"], asked["dataset"])
        sequence = asked["sequence"]
        if not 1 <= sequence <= len(known):
            return {**_rejected("GAP", f"{len(known) + 1}"), "expected": len(known) + 1}
        return self._receipt(known[sequence - 1], at)

    def _receipt(self, kept: Kept, at: dt.datetime) -> dict[str, Any]:
        """Received while the rows are being looked at, then verified, with a verdict for each row."""
        head = kept.head
        ready = dt.datetime.fromisoformat(kept.stored_at) + dt.timedelta(seconds=self.faults.verify_after)
        found: dict[str, Any] = {
            "state": "verified" if at >= ready else "received",
            "sender": head.sender,
            "dataset": head.dataset,
            "sequence": head.sequence,
            "digest": sm3(kept.manifest.encode()),
        }
        if at >= ready:
            found["rows"] = [
                {"n": number, "key": key, "accepted": good, "code": code, "reason": element}
                for number, key, _digest, good, code, element in kept.verdicts
            ]
        return found

    def _totals(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What is here of one day (of the manifests' ``built_at``): counts, one digest, and each package."""
        kept = self.store.load(asked["sender"], asked["dataset"])
        heads = [(one, one.head) for one in kept]
        day = [(one, head) for one, head in heads if head.built_at[:10] == asked["day"]]
        accepted = sum(good for one, _head in day for _n, _key, _digest, good, _code, _element in one.verdicts)
        return {
            "state": "totals",
            "day": asked["day"],
            "rows": sum(head.rows for _one, head in day),
            "accepted": accepted,
            "digest": day_digest(
                (head.sequence, number, key, digest, "accepted" if good else "refused")
                for one, head in day
                for number, key, digest, good, _code, _element in one.verdicts
            ),
            "packages": [
                {
                    "sequence": head.sequence,
                    "digest": sm3(one.manifest.encode()),
                    "rows": head.rows,
                    "accepted": sum(good for _n, _key, _digest, good, _code, _element in one.verdicts),
                }
                for one, head in day
            ],
            "last": len(kept),
        }

    def _signed(self, envelope: Envelope, found: Mapping[str, Any], at: dt.datetime) -> bytes:
        """The answer names the request by its digest, so that no older answer passes for it."""
        text = canonical({**found, "request": sm3(envelope.content.encode()), "at": at.isoformat()})
        return Envelope(content=text.decode(), signature=self._sign(text), certificate=self._certificate).body()


def _rejected(code: str, reason: str) -> dict[str, Any]:
    return {"state": "rejected", "code": code, "reason": reason}
