"""What the application's database role may do: everything on rows, nothing on tables.

Ledger and outbox are narrower; their own migrations say so (``kernel.privileges``) and reach existing databases.
"""

from typing import Any

from psycopg import sql


def grant_to_application(connection: Any, app_role: str) -> None:
    """Have all tables that the current (owner) role creates from now on usable by ``app_role``.

    Must run before the first migration; harmless when repeated. ``connection`` is a psycopg connection of
    the owner role in autocommit.
    """
    role = sql.Identifier(app_role)
    for statement in (
        "alter default privileges in schema public grant select, insert, update, delete on tables to {}",
        "alter default privileges in schema public grant usage, select, update on sequences to {}",
        "alter default privileges in schema public grant execute on functions to {}",
        "grant usage on schema public to {}",
    ):
        connection.execute(sql.SQL(statement).format(role))
