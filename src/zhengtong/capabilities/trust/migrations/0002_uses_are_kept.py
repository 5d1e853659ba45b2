"""用印记录只增不改: the database refuses every change and deletion, and the application's role loses the right to try."""

from typing import Any

from django.conf import settings
from django.db import migrations

FORWARD = """
create function trust_use_is_final() returns trigger language plpgsql as $$
begin
    raise exception 'use % of a seal cannot be changed or deleted', old.id using errcode = 'integrity_constraint_violation';
end $$;
create trigger trust_use_is_final before update or delete on trust_sealuse
    for each row execute function trust_use_is_final();
"""

BACKWARD = """
drop trigger trust_use_is_final on trust_sealuse;
drop function trust_use_is_final();
"""


def on_application_role(statement: str) -> Any:
    """A migration step for the application's role; nothing to do where it is the owner itself or does not exist."""

    def step(apps: Any, schema_editor: Any) -> None:
        role = settings.ZHENGTONG_DB_APP_ROLE
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("select 1 from pg_roles where rolname = %s and rolname <> current_user", [role])
            if cursor.fetchone() is not None:
                cursor.execute(statement.format(role=schema_editor.quote_name(role)))

    return step


class Migration(migrations.Migration):
    """The trigger first, then the rights."""

    dependencies = [("trust", "0001_initial")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(
            on_application_role("revoke update, delete on trust_sealuse from {role}"),
            on_application_role("grant update, delete on trust_sealuse to {role}"),
        ),
    ]
