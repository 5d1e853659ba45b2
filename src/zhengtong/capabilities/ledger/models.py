"""Tables of the ledger. The application may read and append; a trigger refuses every change and deletion."""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from zhengtong.capabilities.ledger.constants import RECORD, SURNAME
from zhengtong.capabilities.ledger.engine.entry import FIELD_NAMES, ClearEntry
from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.inventory import Category, of_citizen, of_official, personal
from zhengtong.kernel.models import Row


class TransactionIdField(models.Field):  # type: ignore[type-arg]  # read as text, never written by Python
    """A PostgreSQL ``xid8``: the number of a transaction, never reused."""

    def db_type(self, connection: Any) -> str:
        """The column's type."""
        return "xid8"


class CurrentTransaction(models.Func):
    """The number of the transaction that inserts the row."""

    function = "pg_current_xact_id"
    output_field = TransactionIdField()


class Entry(models.Model):
    """One act: who, in which post, did what, to which object, when, why; the payload only as a commitment.

    Personal data: keys of persons; names of officials on duty; citizens by surname only (their full name is in
    the payload). Kept for ever.
    """

    PERSONAL_DATA = personal(of_citizen("actor_person_id", "actor_name", activity=SURNAME))

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(_("账目编号"), unique=True)
    tenant = TenantField()
    at = models.DateTimeField(_("时间"))
    actor_kind = models.TextField(_("行为人类型"))
    actor_person_id = models.UUIDField(_("行为人标识"), null=True)
    actor_name = models.TextField(_("行为人"), blank=True)
    actor_post_id = models.UUIDField(_("岗位标识"), null=True)
    actor_post_name = models.TextField(_("岗位"), blank=True)
    actor_org_id = models.UUIDField(_("单位标识"), null=True)
    actor_org_name = models.TextField(_("单位"), blank=True)
    act = models.TextField(_("行为"))
    object_kind = models.TextField(_("对象类型"))
    object_id = models.TextField(_("对象标识"))
    purpose = models.TextField(_("目的"), blank=True)
    basis = models.TextField(_("依据"), blank=True)
    commitment = models.BinaryField(_("内容承诺值"))
    xid = TransactionIdField(editable=False, db_default=CurrentTransaction())

    class Meta:
        verbose_name = _("账目")
        indexes = [
            models.Index(fields=["xid", "id"], name="ledger_entry_order"),
            models.Index(fields=["tenant", "object_kind", "object_id", "id"], name="ledger_entry_object"),
            models.Index(
                fields=["actor_person_id", "id"], name="ledger_entry_person", condition=Q(actor_person_id__isnull=False)
            ),
            BrinIndex(fields=["at"], name="ledger_entry_at", autosummarize=True),
        ]

    def clear(self) -> ClearEntry:
        """The fields that the leaf covers."""
        return clear_entry([getattr(self, name) for name in FIELD_NAMES])


class Payload(models.Model):
    """The erasable content of an entry and the salt of its commitment.

    Personal data: whatever the act recorded, and the full name of a citizen who acted; erased, by
    ``erase_payload`` only, when the retention of the object it belongs to ends.
    """

    PERSONAL_DATA = personal(of_citizen("content", activity=RECORD, category=Category.SENSITIVE))

    entry = models.UUIDField(_("账目编号"), primary_key=True)
    salt = models.BinaryField(_("盐"))
    content = models.TextField(_("内容"))

    class Meta:
        verbose_name = _("账目内容")


class SimulatedEntry(models.Model):
    """The invented instant of an entry that a demonstration's simulator wrote; the entry keeps its recording time.

    The database refuses a row where the ledger did not begin as a demonstration's. The payload's commitment covers
    the same instant.

    Personal data: none.
    """

    entry = models.UUIDField(_("账目编号"), primary_key=True)
    at = models.DateTimeField(_("模拟时间"))

    class Meta:
        verbose_name = _("模拟账目")


class SimulationPermit(models.Model):
    """That this ledger began as a demonstration's and may hold simulated entries: at most one row, before all entries.

    Personal data: none.
    """

    id = models.SmallIntegerField(_("序号"), primary_key=True, default=1)
    given_at = models.DateTimeField(_("准许时间"), db_default=Now())

    class Meta:
        verbose_name = _("模拟许可")
        constraints = [models.CheckConstraint(condition=Q(id=1), name="ledger_simulation_permit_once")]


class Leaf(models.Model):
    """The place of an entry in the tree, given by the sequencer.

    Personal data: none.
    """

    sequence = models.BigIntegerField(_("序号"), primary_key=True)
    entry_id = models.BigIntegerField(_("账目"), unique=True)
    hash = models.BinaryField(_("叶摘要"))

    class Meta:
        verbose_name = _("叶")


class Node(models.Model):
    """The root of a complete subtree of 256, 65536, … leaves, so that proofs and growth need few hashes.

    Personal data: none.
    """

    pk = models.CompositePrimaryKey("level", "index")
    level = models.SmallIntegerField(_("层"))
    index = models.BigIntegerField(_("位置"))
    hash = models.BinaryField(_("摘要"))

    class Meta:
        verbose_name = _("子树")


class CheckpointKey(models.Model):
    """A public key that signs or signed checkpoints.

    Personal data: none.
    """

    key_id = models.CharField(_("密钥标识"), primary_key=True, max_length=80)
    algorithm = models.CharField(_("算法"), max_length=20)
    public_key_pem = models.TextField(_("公钥"))
    first_used_at = models.DateTimeField(_("首次使用"), db_default=Now())

    class Meta:
        verbose_name = _("检查点公钥")


class Checkpoint(models.Model):
    """The signed root of the first ``size`` leaves, and how far the sequencer has read.

    ``horizon``: all entries of transactions before it are sealed; valid in the database cluster ``cluster`` only.
    Personal data: none.
    """

    size = models.BigIntegerField(_("账目数"), primary_key=True)
    root = models.BinaryField(_("树根"))
    at = models.DateTimeField(_("时间"))
    algorithm = models.CharField(_("算法"), max_length=20)
    key_id = models.CharField(_("密钥标识"), max_length=80)
    signature = models.BinaryField(_("签名"))
    horizon = TransactionIdField(editable=False)
    cluster = models.CharField(_("数据库实例"), max_length=40)

    class Meta:
        verbose_name = _("检查点")


class Witness(Row):
    """A body elsewhere that co-signs checkpoints: it counts from a second person's approval until two end it.

    Personal data: keys and duty names of administrators. Kept for ever.
    """

    PERSONAL_DATA = personal(
        of_official(
            "registered_by",
            "registered_name",
            "approved_by",
            "approved_name",
            "end_asked_by",
            "end_asked_name",
            "ended_by",
        ),
    )

    body = models.CharField(_("机构名称"), max_length=120)
    key_id = models.CharField(_("密钥标识"), max_length=80, unique=True)
    algorithm = models.CharField(_("算法"), max_length=20)
    public_key_pem = models.TextField(_("公钥"))
    registered_by = models.UUIDField(_("登记人标识"))
    registered_name = models.CharField(_("登记人"), max_length=60)
    approved_by = models.UUIDField(_("核准人标识"), null=True)
    approved_name = models.CharField(_("核准人"), max_length=60, blank=True)
    approved_at = models.DateTimeField(_("核准时间"), null=True)
    end_asked_by = models.UUIDField(_("提出停用人标识"), null=True)
    end_asked_name = models.CharField(_("提出停用人"), max_length=60, blank=True)
    ended_by = models.UUIDField(_("停用人标识"), null=True)
    ended_at = models.DateTimeField(_("停用时间"), null=True)

    class Meta:
        verbose_name = _("共签机构")
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("registered_by")),
                name="ledger_witness_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="ledger_witness_approval_whole",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False, approved_at__isnull=True)
                | Q(ended_by__isnull=False, ended_at__isnull=False, end_asked_by__isnull=False)
                & ~Q(ended_by=models.F("end_asked_by")),
                name="ledger_witness_ended_by_two",
            ),
        ]


class Cosignature(models.Model):
    """A witness's signature over a checkpoint; ``statement`` is the text it signed, checkpoint included.

    Personal data: none.
    """

    witness = models.ForeignKey(Witness, verbose_name=_("共签机构"), on_delete=models.PROTECT, related_name="+")
    size = models.BigIntegerField(_("账目数"))
    at = models.DateTimeField(_("共签时间"))
    received_at = models.DateTimeField(_("收到时间"))
    statement = models.TextField(_("共签原文"))
    signature = models.BinaryField(_("签名"))

    class Meta:
        verbose_name = _("检查点共签")
        constraints = [models.UniqueConstraint(fields=["witness", "size"], name="ledger_cosignature_once")]
        indexes = [models.Index(fields=["size"], name="ledger_cosignature_size")]


def clear_entry(row: Any) -> ClearEntry:
    """The clear entry of a row whose columns stand in the order of ``FIELD_NAMES``."""
    fields = dict(zip(FIELD_NAMES, row, strict=True))
    fields["commitment"] = bytes(fields["commitment"])
    return ClearEntry(**fields)
