"""Rights of the application's database role, narrowed by migrations: so they reach a database that exists already."""

from collections.abc import Callable
from typing import Any

from django.conf import settings


def on_application_role(statements: Callable[[str], list[str]]) -> Callable[[Any, Any], None]:
    """A migration step (``RunPython``): runs ``statements(role)``, ``role`` being the quoted name of the role.

    Nothing to do where the application is the owner itself or its role does not exist.
    """

    def step(apps: Any, schema_editor: Any) -> None:
        role = settings.ZHENGTONG_DB_APP_ROLE
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("select 1 from pg_roles where rolname = %s and rolname <> current_user", [role])
            if cursor.fetchone() is None:
                return
            for statement in statements(schema_editor.quote_name(role)):
                cursor.execute(statement)

    return step
