"""Simulated entries: only in a ledger that began as a demonstration's, and never changed afterwards."""

import django.db.models.functions.datetime
from django.db import migrations, models

from zhengtong.kernel.privileges import on_application_role

TRIGGERS = """
create function ledger_refuse_simulation() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if not exists (select 1 from ledger_simulationpermit) then
    raise exception '正式的责任认定账本不记模拟的行为' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create function ledger_refuse_late_permit() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if exists (select 1 from ledger_entry) then
    raise exception '账本已经记有账目，不能再改作演示' using errcode = 'insufficient_privilege';
  end if;
  return null;
end $$;
create trigger ledger_simulation_permitted before insert on ledger_simulatedentry
  for each statement execute function ledger_refuse_simulation();
create trigger ledger_permit_first before insert on ledger_simulationpermit
  for each statement execute function ledger_refuse_late_permit();
create trigger ledger_append_only before update or delete or truncate on ledger_simulatedentry
  for each statement execute function ledger_refuse();
create trigger ledger_append_only before update or delete or truncate on ledger_simulationpermit
  for each statement execute function ledger_refuse();
"""
DROP_TRIGGERS = """
drop trigger ledger_append_only on ledger_simulationpermit;
drop trigger ledger_append_only on ledger_simulatedentry;
drop trigger ledger_permit_first on ledger_simulationpermit;
drop trigger ledger_simulation_permitted on ledger_simulatedentry;
drop function ledger_refuse_late_permit();
drop function ledger_refuse_simulation();
"""


def restrict(role: str) -> list[str]:
    """Read and append what is simulated; the permit is the owner's to give."""
    return [
        f"revoke all on ledger_simulatedentry, ledger_simulationpermit from {role}",
        f"grant select on ledger_simulatedentry, ledger_simulationpermit to {role}",
        f"grant insert on ledger_simulatedentry to {role}",
    ]


def release(role: str) -> list[str]:
    """The way back: the rights that every other table has."""
    return [f"grant select, insert, update, delete on ledger_simulatedentry, ledger_simulationpermit to {role}"]


class Migration(migrations.Migration):
    """Two new tables, their triggers and rights."""

    dependencies = [
        ("ledger", "0004_witness_rights"),
    ]

    operations = [
        migrations.CreateModel(
            name="SimulatedEntry",
            fields=[
                ("entry", models.UUIDField(primary_key=True, serialize=False, verbose_name="账目编号")),
                ("at", models.DateTimeField(verbose_name="模拟时间")),
            ],
            options={
                "verbose_name": "模拟账目",
            },
        ),
        migrations.CreateModel(
            name="SimulationPermit",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False, verbose_name="序号")),
                (
                    "given_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="准许时间"),
                ),
            ],
            options={
                "verbose_name": "模拟许可",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="ledger_simulation_permit_once")
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, DROP_TRIGGERS),
        migrations.RunPython(on_application_role(restrict), on_application_role(release)),
    ]
