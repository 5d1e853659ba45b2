"""数字证书: one row per certificate, one authority and one time-stamp certificate in force; one seal not ended.

Built beside the running town, outside a transaction: indexes concurrently, the check on rows of before without
locking out writers. Broken off, it may run again.
"""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations, models

_SERIAL_BACK = "alter table trust_certificate add constraint trust_certificate_serial unique (serial)"
_SERIAL = """-- squawk-ignore ban-drop-constraint
alter table trust_certificate drop constraint if exists trust_certificate_serial"""
_ONCE_NAMED = "alter table trust_certificate add constraint trust_certificate_once unique using index trust_certificate_once"


def create(name: str, on: str, *, unique: bool = True) -> str:
    """An index built while the town works; the file's operations stand outside a transaction (``atomic``)."""
    kind = "unique index" if unique else "index"
    return (
        "-- squawk-ignore ban-concurrent-index-creation-in-transaction\n"
        f"create {kind} concurrently if not exists {name} on {on}"
    )


def drop(name: str) -> str:
    """The counterpart of ``create``."""
    return f"drop index concurrently if exists {name}"


_ONE_ROOT_BACK = create(
    "trust_one_root",
    "trust_certificate (tenant, algorithm, is_development) where role = 'root' and status = 'active'",
)
_SEAL_BACK = create("trust_seal_once", "trust_seal (tenant, org_id, kind) where status <> 'revoked'")
_SEAL = create("trust_seal_once", "trust_seal (tenant, org_id, kind) where not (status in ('revoked', 'destroyed'))")
_ONCE = create("trust_certificate_once", "trust_certificate (tenant, fingerprint)")
_AUTHORITY = create(
    "trust_one_authority",
    "trust_certificate (tenant, algorithm, role)"
    " where is_development and role in ('root', 'issuing') and status = 'active'",
)
_TIMESTAMP = create(
    "trust_one_timestamp", "trust_certificate (tenant, algorithm) where role = 'timestamp' and status = 'active'"
)
_RESPONDER = create(
    "trust_one_responder", "trust_certificate (issuer_id) where role = 'responder' and status = 'active'"
)


def by_hand(
    forward: list[str], backward: list[str], *state: migrations.operations.base.Operation
) -> migrations.SeparateDatabaseAndState:
    """SQL that Django would write with a lock, and what it means to Django."""
    return migrations.SeparateDatabaseAndState(
        database_operations=[migrations.RunSQL([one], [other]) for one, other in zip(forward, backward, strict=True)],
        state_operations=list(state),
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ('trust', '0004_fingerprints'),
    ]

    operations = [
        ValidateConstraint(model_name='certificate', name='trust_certificate_revoked'),
        by_hand([_SERIAL], [_SERIAL_BACK], migrations.RemoveConstraint(model_name='certificate', name='trust_certificate_serial')),
        by_hand([drop("trust_one_root")], [_ONE_ROOT_BACK], migrations.RemoveConstraint(model_name='certificate', name='trust_one_root')),
        by_hand(
            [drop("trust_seal_once"), _SEAL],
            [_SEAL_BACK, drop("trust_seal_once")],
            migrations.RemoveConstraint(model_name='seal', name='trust_seal_once'),
            migrations.AddConstraint(
                model_name='seal',
                constraint=models.UniqueConstraint(condition=models.Q(('status__in', ('revoked', 'destroyed')), _negated=True), fields=('tenant', 'org_id', 'kind'), name='trust_seal_once'),
            ),
        ),
        by_hand(
            [create("trust_certificate_serial", "trust_certificate (serial)", unique=False)],
            [drop("trust_certificate_serial")],
            migrations.AddIndex(model_name='certificate', index=models.Index(fields=['serial'], name='trust_certificate_serial')),
        ),
        by_hand(
            [create("trust_certificate_issuer", "trust_certificate (issuer_id)", unique=False)],
            [drop("trust_certificate_issuer")],
            migrations.AddIndex(model_name='certificate', index=models.Index(fields=['issuer'], name='trust_certificate_issuer')),
        ),
        by_hand(
            [create("trust_certificate_person", "trust_certificate (tenant, person_id)", unique=False)],
            [drop("trust_certificate_person")],
            migrations.AddIndex(model_name='certificate', index=models.Index(fields=['tenant', 'person_id'], name='trust_certificate_person')),
        ),
        by_hand(
            [_ONCE, _ONCE_NAMED],
            ["select 1", "alter table trust_certificate drop constraint trust_certificate_once"],
            migrations.AddConstraint(
                model_name='certificate',
                constraint=models.UniqueConstraint(fields=('tenant', 'fingerprint'), name='trust_certificate_once'),
            ),
        ),
        by_hand(
            [_AUTHORITY],
            [drop("trust_one_authority")],
            migrations.AddConstraint(
                model_name='certificate',
                constraint=models.UniqueConstraint(condition=models.Q(('is_development', True), ('role__in', ('root', 'issuing')), ('status', 'active')), fields=('tenant', 'algorithm', 'role'), name='trust_one_authority'),
            ),
        ),
        by_hand(
            [_TIMESTAMP],
            [drop("trust_one_timestamp")],
            migrations.AddConstraint(
                model_name='certificate',
                constraint=models.UniqueConstraint(condition=models.Q(('role', 'timestamp'), ('status', 'active')), fields=('tenant', 'algorithm'), name='trust_one_timestamp'),
            ),
        ),
        by_hand(
            [_RESPONDER],
            [drop("trust_one_responder")],
            migrations.AddConstraint(
                model_name='certificate',
                constraint=models.UniqueConstraint(condition=models.Q(('role', 'responder'), ('status', 'active')), fields=('issuer',), name='trust_one_responder'),
            ),
        ),
    ]
