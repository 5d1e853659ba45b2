"""Roles and databases of the embedded cluster: who owns the tables and who may only use them."""

from typing import Any

import psycopg
from psycopg import sql

from zhengtong.entry.runtime.privileges import grant_to_application

OWNER_ROLE = "zt_owner"
APP_ROLE = "zt_app"
# btree_gist for exclusion constraints over periods, the others for indexes of the searches
EXTENSIONS = ("btree_gist", "btree_gin", "pg_trgm", "citext")


def create_roles(superuser: psycopg.Connection[Any]) -> None:
    """Have the owner (migrations) and the application role; neither may create databases, roles or bypass rights."""
    for role in (OWNER_ROLE, APP_ROLE):
        if superuser.execute("select 1 from pg_roles where rolname = %s", [role]).fetchone() is None:
            superuser.execute(sql.SQL("create role {} login").format(sql.Identifier(role)))
        superuser.execute(
            sql.SQL("alter role {} login nosuperuser nocreatedb nocreaterole noreplication nobypassrls").format(
                sql.Identifier(role)
            )
        )


def create_database(superuser: psycopg.Connection[Any], name: str) -> None:
    """Have the database ``name``, owned by the owner role and closed to everybody but the two roles."""
    if superuser.execute("select 1 from pg_database where datname = %s", [name]).fetchone() is None:
        superuser.execute(
            sql.SQL("create database {} owner {}").format(sql.Identifier(name), sql.Identifier(OWNER_ROLE))
        )
    database, app = sql.Identifier(name), sql.Identifier(APP_ROLE)
    superuser.execute(sql.SQL("revoke all on database {} from public").format(database))
    superuser.execute(sql.SQL("grant connect on database {} to {}").format(database, app))


def equip_database(superuser: psycopg.Connection[Any], owner: psycopg.Connection[Any]) -> None:
    """Extensions and default rights inside one database; both connections are to it, in autocommit."""
    for extension in EXTENSIONS:
        superuser.execute(sql.SQL("create extension if not exists {}").format(sql.Identifier(extension)))
    grant_to_application(owner, APP_ROLE)
