"""Append only: triggers refuse every change, and the application's role loses the right to try."""

from django.db import migrations

from zhengtong.kernel.privileges import on_application_role

TABLES = ("entry", "payload", "leaf", "node", "checkpointkey", "checkpoint")

# pg_temp stands last so that nobody's temporary table takes the place of a ledger table.
FUNCTIONS = """
create function ledger_refuse() returns trigger language plpgsql set search_path = public, pg_temp as $$
begin
  if coalesce(current_setting('zhengtong.ledger_maintenance', true), '') = 'on'
     and (select rolsuper from pg_roles where rolname = current_user) then
    return null;
  end if;
  raise exception '责任认定账本只能追加：拒绝对 % 执行 %', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;

create function ledger_refuse_unrecorded_erasure() returns trigger language plpgsql
  set search_path = public, pg_temp as $$
begin
  if coalesce(current_setting('zhengtong.ledger_maintenance', true), '') = 'on'
     and (select rolsuper from pg_roles where rolname = current_user)
     or exists (select 1 from ledger_entry e join ledger_entry k on k.uuid = old.entry
                where e.act = 'ledger.payload_erased' and e.object_kind = 'ledger_entry'
                  and e.object_id = old.entry::text and e.tenant = k.tenant) then
    return old;
  end if;
  raise exception '责任认定账本只能追加：账上没有抹除 % 的记录，拒绝抹除', old.entry
    using errcode = 'insufficient_privilege';
end $$;

create function ledger_erase_payload(erased uuid) returns void language sql security definer
  set search_path = public, pg_temp as $$
  delete from ledger_payload where entry = erased;
$$;
revoke all on function ledger_erase_payload(uuid) from public;
"""

DROP_FUNCTIONS = """
drop function ledger_erase_payload(uuid);
drop function ledger_refuse_unrecorded_erasure();
drop function ledger_refuse();
"""


def trigger(table: str) -> str:
    """The triggers of one table; a payload may go where an entry names its erasure."""
    acts = "update or truncate" if table == "payload" else "update or delete or truncate"
    made = (
        f"create trigger ledger_append_only before {acts} on ledger_{table}"
        " for each statement execute function ledger_refuse();"
    )
    if table == "payload":
        made += (
            "create trigger ledger_recorded_erasure before delete on ledger_payload"
            " for each row execute function ledger_refuse_unrecorded_erasure();"
        )
    return made


def drop_trigger(table: str) -> str:
    """The way back."""
    dropped = f"drop trigger ledger_append_only on ledger_{table};"
    return dropped + ("drop trigger ledger_recorded_erasure on ledger_payload;" if table == "payload" else "")


def restrict(role: str) -> list[str]:
    """Read and append; the row's number and transaction are the database's to give."""
    columns = (
        "uuid, tenant, at, actor_kind, actor_person_id, actor_name, actor_post_id, actor_post_name,"
        " actor_org_id, actor_org_name, act, object_kind, object_id, purpose, basis, commitment"
    )
    return [
        *(f"revoke all on ledger_{table} from {role}" for table in TABLES),
        *(f"grant select on ledger_{table} to {role}" for table in TABLES),
        *(f"grant insert on ledger_{table} to {role}" for table in TABLES if table != "entry"),
        f"grant insert ({columns}) on ledger_entry to {role}",
        f"grant execute on function ledger_erase_payload(uuid) to {role}",
    ]


def release(role: str) -> list[str]:
    """The way back: the rights that every other table has."""
    return [f"grant select, insert, update, delete on ledger_{table} to {role}" for table in TABLES]


class Migration(migrations.Migration):
    """Triggers first, then the rights."""

    dependencies = [("ledger", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTIONS, DROP_FUNCTIONS),
        *(migrations.RunSQL(trigger(table), drop_trigger(table)) for table in TABLES),
        migrations.RunPython(on_application_role(restrict), on_application_role(release)),
    ]
