"""Fixtures of all tests; they live with the plugin that starts the database."""

from zhengtong.entry.testing import (
    committed_db,
    database_urls,
    django_db_setup,
    superuser_connection,
    template_database,
)

__all__ = ["committed_db", "database_urls", "django_db_setup", "superuser_connection", "template_database"]
