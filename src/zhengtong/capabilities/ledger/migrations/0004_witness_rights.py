"""Co-signatures are append-only like the ledger; of a witness only its approval and its end are ever written."""

from django.db import migrations

from zhengtong.kernel.privileges import on_application_role

_STEPS = (
    "approved_by, approved_name, approved_at, end_asked_by, end_asked_name, ended_by, ended_at"
)

TRIGGERS = """
create trigger ledger_append_only before update or delete or truncate on ledger_cosignature
  for each statement execute function ledger_refuse();
create trigger ledger_append_only before delete or truncate on ledger_witness
  for each statement execute function ledger_refuse();
create trigger ledger_kept before update of id, tenant, created_at, body, key_id, algorithm, public_key_pem,
  registered_by, registered_name on ledger_witness
  for each statement execute function ledger_refuse();
"""
DROP_TRIGGERS = """
drop trigger ledger_append_only on ledger_cosignature;
drop trigger ledger_append_only on ledger_witness;
drop trigger ledger_kept on ledger_witness;
"""


def restrict(role: str) -> list[str]:
    """Read and append; for a witness also the steps of approval and end."""
    return [
        f"revoke all on ledger_cosignature, ledger_witness from {role}",
        f"grant select, insert on ledger_cosignature, ledger_witness to {role}",
        f"grant update ({_STEPS}) on ledger_witness to {role}",
    ]


def release(role: str) -> list[str]:
    """The way back: the rights that every other table has."""
    return [f"grant select, insert, update, delete on ledger_cosignature, ledger_witness to {role}"]


class Migration(migrations.Migration):
    """Triggers first, then the rights."""

    dependencies = [("ledger", "0003_witnesses")]
    operations = [
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunPython(on_application_role(restrict), on_application_role(release)),
    ]
