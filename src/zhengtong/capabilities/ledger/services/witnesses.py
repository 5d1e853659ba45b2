"""Witnesses: bodies elsewhere that co-sign checkpoints. Two persons admit one, two persons end it."""

import logging
import uuid
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhengtong.capabilities.ledger import constants
from zhengtong.capabilities.ledger.engine.cosignature import Cosignature, from_json
from zhengtong.capabilities.ledger.models import Checkpoint, CheckpointKey, Witness
from zhengtong.capabilities.ledger.models import Cosignature as CosignatureRow
from zhengtong.capabilities.ledger.permissions import witness_manager
from zhengtong.capabilities.ledger.services.append import append
from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.clock import now
from zhengtong.kernel.errors import Conflict, Invalid, NotFound, NotPermitted
from zhengtong.kernel.signing import provider
from zhengtong.kernel.signing.errors import KeyUnusable

log = logging.getLogger(__name__)

_KNOWN: Final = gettext_lazy("这把公钥已经登记过，不能重复登记。更换密钥请由共签机构重新生成。")
MAX_TEXT: Final = 8192  # characters of a co-signature; a true one has less than two thousand


@transaction.atomic
def register_witness(*, actor: Actor, body: str, public_key_pem: str, reason: str) -> uuid.UUID:
    """Put a body forward as a witness; it counts only after ``approve_witness`` by another person.

    Raises Invalid with a sentence per field, NotPermitted.
    """
    person = witness_manager(actor)
    body, reason, pem = body.strip(), reason.strip(), public_key_pem.replace("\r", "").strip() + "\n"
    errors = {} if body else {"body": _("请填写机构名称，例如“某某县审计局”。")}
    if not reason:
        errors["reason"] = _("请写明依据，例如双方商定共签的文件名称和文号。")
    algorithm = _algorithm_of(pem)
    key_id = provider.key_id_of(pem) if algorithm else ""
    if not algorithm:
        errors["public_key_pem"] = _(
            "公钥无法识别或者太短。请粘贴共签程序打印的整段公钥，首行为 -----BEGIN PUBLIC KEY-----。"
        )
    elif CheckpointKey.objects.filter(key_id=key_id).exists():
        errors["public_key_pem"] = _("这是本平台自己签检查点的公钥。共签机构必须另有自己的密钥，私钥不在本机。")
    elif Witness.objects.filter(key_id=key_id).exists():
        errors["public_key_pem"] = str(_KNOWN)
    if errors:
        raise Invalid(_("没有登记：有内容需要改正。"), errors=errors)
    try:
        with transaction.atomic():
            witness = Witness.objects.create(
                tenant=actor.tenant,
                body=body,
                key_id=key_id,
                algorithm=algorithm,
                public_key_pem=pem,
                registered_by=person,
                registered_name=actor.name,
            )
    except IntegrityError:  # somebody else registered it a moment ago
        raise Invalid(_("没有登记：有内容需要改正。"), errors={"public_key_pem": str(_KNOWN)}) from None
    _record(actor, constants.ACT_WITNESS_REGISTERED, witness, reason)
    return witness.id


@transaction.atomic
def approve_witness(*, actor: Actor, witness_id: uuid.UUID) -> None:
    """Let the witness count; raises NotPermitted for who registered it, Conflict when it is not waiting, NotFound."""
    person = witness_manager(actor)
    witness = _locked(actor, witness_id)
    if witness.approved_at or witness.ended_at:
        raise Conflict(_("这个共签机构已经核准或停用，没有可核准的登记。请刷新页面。"))
    if witness.registered_by == person:
        raise NotPermitted(_("登记和核准必须是两个人。请由另一位管理员核对公钥后核准。"))
    witness.approved_by, witness.approved_name, witness.approved_at = person, actor.name, now()
    witness.save(update_fields=["approved_by", "approved_name", "approved_at"])
    _record(actor, constants.ACT_WITNESS_APPROVED, witness, "")


@transaction.atomic
def end_witness(*, actor: Actor, witness_id: uuid.UUID, reason: str) -> bool:
    """Ask for the end of a witness, or, as a second person, end it; a registration not yet approved ends at once.

    True when it ended. What it co-signed stays and goes on being verified. Raises Invalid, NotPermitted, Conflict,
    NotFound.
    """
    person = witness_manager(actor)
    if not reason.strip():
        raise Invalid(_("请写明停用的原因。"), field="reason")
    witness = _locked(actor, witness_id)
    if witness.ended_at:
        raise Conflict(_("这个共签机构已经停用。请刷新页面。"))
    if witness.approved_at and witness.end_asked_by is None:
        witness.end_asked_by, witness.end_asked_name = person, actor.name
        witness.save(update_fields=["end_asked_by", "end_asked_name"])
        _record(actor, constants.ACT_WITNESS_END_ASKED, witness, reason)
        return False
    if witness.end_asked_by == person:
        raise NotPermitted(_("提出停用和确认停用必须是两个人。请由另一位管理员确认。"))
    witness.ended_by, witness.ended_at = person, now()
    witness.save(update_fields=["ended_by", "ended_at"])
    _record(actor, constants.ACT_WITNESS_ENDED, witness, reason)
    return True


def record_cosignature(text: str) -> bool:
    """Keep a co-signature that a witness sends; False when it was kept before.

    No entry is written about it: it would call for the next co-signature, without end. Raises Invalid for a text or
    signature that is none, NotPermitted for a key that is no active witness, Conflict when we never signed that
    checkpoint: then this ledger is not the one that the witness saw.
    """
    try:
        sent = from_json(text if len(text) <= MAX_TEXT else "")
    except ValueError:
        raise Invalid(_("这不是一份共签：格式不对。请使用随平台提供的共签程序。")) from None
    witness = Witness.objects.filter(key_id=sent.key_id, approved_at__isnull=False, ended_at__isnull=True).first()
    if witness is None:
        raise NotPermitted(_("密钥 %(key)s 没有登记为共签机构，或者还没有核准。") % {"key": sent.key_id[:80]})
    if not provider.verify(witness.algorithm, witness.public_key_pem, sent.statement(), sent.signature):
        raise Invalid(_("共签的签名无效，没有收下。"))
    if not _is_ours(sent):
        log.error("witness %s co-signed a checkpoint of size %d that is not ours", witness.id, sent.checkpoint.size)
        raise Conflict(
            _("本账本没有签发过这个检查点（%(size)s 条）。账本可能被改写或恢复到旧备份，请立即联系审计管理员。")
            % {"size": sent.checkpoint.size}
        )
    _row, fresh = CosignatureRow.objects.get_or_create(
        witness=witness,
        size=sent.checkpoint.size,
        defaults={
            "at": sent.at,
            "received_at": now(),
            "statement": sent.statement().decode(),
            "signature": sent.signature,
        },
    )
    return fresh


def _is_ours(sent: Cosignature) -> bool:
    row = Checkpoint.objects.filter(size=sent.checkpoint.size).first()
    return row is not None and (bytes(row.root), row.at, row.algorithm, row.key_id) == (
        sent.checkpoint.root,
        sent.checkpoint.at,
        sent.checkpoint.algorithm,
        sent.checkpoint.key_id,
    )


def _locked(actor: Actor, witness_id: uuid.UUID) -> Witness:
    witness = Witness.objects.select_for_update().filter(tenant=actor.tenant, id=witness_id).first()
    if witness is None:
        raise NotFound(_("没有这个共签机构。请从列表中打开。"))
    return witness


def _record(actor: Actor, act: str, witness: Witness, reason: str) -> None:
    append(
        actor=actor,
        act=act,
        object_ref=ObjectRef(kind=constants.WITNESS_KIND, id=str(witness.id)),
        payload={"body": witness.body, "key_id": witness.key_id, "reason": reason.strip()},
    )


def _algorithm_of(pem: str) -> str:
    """Which of our algorithms the public key is for; empty when it is none, or too short to vouch for a ledger."""
    if "PRIVATE" in pem or len(pem) > MAX_TEXT:
        return ""
    for algorithm in provider.ALGORITHMS:
        try:
            if provider.is_as_strong(algorithm, pem):
                return algorithm
        except (KeyUnusable, ValueError):
            continue
    return ""
