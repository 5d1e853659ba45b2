"""Which checkpoints a second body has co-signed, and for how long none has."""

import dataclasses
import datetime as dt
import json
import uuid
from typing import Any

from django.utils.translation import gettext as _

from zhengtong.capabilities.ledger.constants import COSIGN_LIMIT
from zhengtong.capabilities.ledger.engine.checkpoint import Checkpoint
from zhengtong.capabilities.ledger.engine.cosignature import from_statement
from zhengtong.capabilities.ledger.models import Checkpoint as CheckpointRow
from zhengtong.capabilities.ledger.models import Cosignature, Witness
from zhengtong.capabilities.ledger.selectors.proofs import checkpoint_of, newest_checkpoint
from zhengtong.kernel import parameters
from zhengtong.kernel.clock import now

_NO_TIME = dt.timedelta()


@dataclasses.dataclass(frozen=True, kw_only=True)
class WitnessRow:
    """A witness as pages show it; ``state`` is pending, active, ending or ended.

    ``lag`` is how long checkpoints have been waiting for it; ``late`` when that is longer than agreed.
    """

    id: uuid.UUID
    body: str
    key_id: str
    algorithm: str
    public_key_pem: str
    state: str
    registered_by: uuid.UUID
    registered_name: str
    approved_name: str
    end_asked_by: uuid.UUID | None
    end_asked_name: str
    cosigned_size: int
    received_at: dt.datetime | None
    lag: dt.timedelta
    late: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class CosigningState:
    """How co-signing stands: ``lamp`` green, yellow (nobody co-signs) or red (somebody is late), and a sentence.

    ``witnesses`` are those that count; ``cosigned_size`` the largest size that one of them has co-signed.
    """

    lamp: str
    words: str
    newest: Checkpoint | None
    cosigned_size: int
    received_at: dt.datetime | None
    witnesses: tuple[WitnessRow, ...]


@dataclasses.dataclass(frozen=True, kw_only=True)
class CosignedRow:
    """A co-signed checkpoint: its size, root (hex) and time, by whom, and when the co-signature came in."""

    size: int
    root: str
    at: dt.datetime
    body: str
    received_at: dt.datetime


def cosigning_state(tenant: str) -> CosigningState:
    """How co-signing stands now; the tree is one, so witnesses of every tenant of the installation count."""
    limit = dt.timedelta(hours=int(parameters.value(COSIGN_LIMIT, tenant=tenant)))
    found = Witness.objects.filter(approved_at__isnull=False, ended_at__isnull=True).order_by("approved_at")
    rows = tuple(_row(witness, limit) for witness in found)
    newest = newest_checkpoint()
    best = max(rows, key=lambda row: row.cosigned_size, default=None)
    late = [row for row in rows if row.late]
    if not rows:
        lamp, words = "yellow", _("没有第二机构共签：本机的所有者可以重写整本账而不留痕迹。")
    elif late:
        names = "、".join(f"{row.body}（{_hours(row.lag)}）" for row in late)
        lamp, words = "red", _("共签迟延，请与共签机构核对是否报警：%(names)s。") % {"names": names}
    else:
        lamp, words = "green", _("共签正常。")
    return CosigningState(
        lamp=lamp,
        words=words,
        newest=newest,
        cosigned_size=best.cosigned_size if best else 0,
        received_at=max((row.received_at for row in rows if row.received_at), default=None),
        witnesses=rows,
    )


def witnesses_of(tenant: str) -> list[WitnessRow]:
    """All witnesses that the tenant registered, newest first, the ended ones too."""
    limit = dt.timedelta(hours=int(parameters.value(COSIGN_LIMIT, tenant=tenant)))
    return [_row(witness, limit) for witness in Witness.objects.filter(tenant=tenant).order_by("-created_at")]


def cosigned(limit: int) -> list[CosignedRow]:
    """The checkpoints co-signed last, newest first."""
    rows = Cosignature.objects.select_related("witness").order_by("-size", "id")[:limit]
    return [
        CosignedRow(
            size=row.size,
            root=stated.root.hex(),
            at=stated.at,
            body=row.witness.body,
            received_at=row.received_at,
        )
        for row in rows
        for stated in [from_statement(json.loads(row.statement), b"").checkpoint]
    ]


def cosigned_checkpoint(above: int) -> Checkpoint | None:
    """The smallest co-signed checkpoint of more than ``above`` leaves, None while there is none."""
    size = Cosignature.objects.filter(size__gt=above).order_by("size").values_list("size", flat=True).first()
    return checkpoint_of(size) if size else None


def cosignatures_of(size: int) -> list[dict[str, Any]]:
    """The co-signatures of the checkpoint of ``size`` leaves as JSON objects that a stranger can check."""
    rows = Cosignature.objects.select_related("witness").filter(size=size).order_by("id")
    return [
        from_statement(json.loads(row.statement), bytes(row.signature)).to_json(row.witness.public_key_pem)
        | {"body": row.witness.body}
        for row in rows
    ]


def _row(witness: Witness, limit: dt.timedelta) -> WitnessRow:
    last = Cosignature.objects.filter(witness=witness).order_by("-size").first()
    state = "ended" if witness.ended_at else "ending" if witness.end_asked_by else "active"
    state = state if witness.approved_at or witness.ended_at else "pending"
    lag = _lag(witness, last.size if last else 0) if state in ("active", "ending") else _NO_TIME
    return WitnessRow(
        id=witness.id,
        body=witness.body,
        key_id=witness.key_id,
        algorithm=witness.algorithm,
        public_key_pem=witness.public_key_pem,
        state=state,
        registered_by=witness.registered_by,
        registered_name=witness.registered_name,
        approved_name=witness.approved_name,
        end_asked_by=witness.end_asked_by,
        end_asked_name=witness.end_asked_name,
        cosigned_size=last.size if last else 0,
        received_at=last.received_at if last else None,
        lag=lag,
        late=lag > limit,
    )


def _lag(witness: Witness, covered: int) -> dt.timedelta:
    """How long the first checkpoint beyond ``covered`` has been waiting, counted from the approval at the earliest."""
    waiting = CheckpointRow.objects.filter(size__gt=covered).order_by("size").values_list("at", flat=True).first()
    if waiting is None or witness.approved_at is None:
        return _NO_TIME
    return max(now() - max(waiting, witness.approved_at), _NO_TIME)


def _hours(lag: dt.timedelta) -> str:
    return _("已等待 %(hours)d 小时") % {"hours": lag.total_seconds() // 3600}
