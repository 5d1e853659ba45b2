"""Has squawk read the SQL of every migration: what would lock a running town's tables or lose its rows.

The SQL is composed without a database. Each file is read as one transaction, so that indexes and constraints
of a table made in the same file pass: nobody can be waiting for an empty table.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from zhengtong.entry.runtime.without_database import set_up_django

SQUAWK = Path(sys.executable).with_name("squawk")
OLDEST_POSTGRESQL = "15.0"
EXCLUDED = {
    "prefer-text-field": "lengths are limits of the domain and of forms; widening a varchar rewrites nothing",
    "prefer-bigint-over-int": "keys are UUID or bigint; the integers left count attempts, days, versions",
    "prefer-bigint-over-smallint": "the same",
    "require-lock-timeout": "the migrate command sets it for its session",
    "require-statement-timeout": "the same",
}
ON_EMPTY_TABLES = {
    "constraint-missing-not-valid": "no row to look at",
    "disallowed-unique-constraint": "the same",
    "require-concurrent-index-creation": "nobody writes yet",
    "ban-drop-constraint": "nobody relies on it yet",
    "ban-drop-default": "the same",
    "adding-required-field": "no row lacks it",
    "adding-foreign-key-constraint": "no row to look at",
}
# the first version of an app in more than one file: no installation has rows when they run
FIRST_VERSIONS = (
    "identity.0003_constraints",
    "service_hall.0003_discarded_drafts",
    "disclosure.0001_initial",
    "opinions.0001_initial",
    "sites.0002_site_edition",
    "sites.0007_shared_articles",
)


def statements() -> dict[str, str]:
    """The forward SQL of every migration of ours by ``app.name``."""
    from django.db import connection
    from django.db.migrations.loader import MigrationLoader

    connection.ops.compose_sql = _compose  # type: ignore[attr-defined]  # Django's asks the server
    loader = MigrationLoader(None, replace_migrations=False)
    found: dict[str, str] = {}
    for leaf in loader.graph.leaf_nodes():
        for key in loader.graph.forwards_plan(leaf):
            migration = loader.graph.nodes[key]
            if type(migration).__module__.startswith("zhengtong.") and ".".join(key) not in found:
                state = loader.project_state(key, at_end=False)
                with connection.schema_editor(collect_sql=True, atomic=False) as editor:
                    migration.apply(state, editor, collect_sql=True)
                found[".".join(key)] = "\n".join(editor.collected_sql)
    return found


def _compose(text: str, params: "tuple[object, ...] | None") -> str:
    from psycopg.sql import Literal

    return text % tuple(Literal(value).as_string(None) for value in params) if params else text


def main() -> int:
    """1 when squawk finds something; its findings go to standard output."""
    set_up_django()
    found = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for title, text in statements().items():
            file = folder / f"{title}.sql"
            file.write_text(text + "\n", encoding="utf-8")
            excluded = [*EXCLUDED, *(ON_EMPTY_TABLES if title in FIRST_VERSIONS else ())]
            options = ["--assume-in-transaction", f"--pg-version={OLDEST_POSTGRESQL}", "--reporter=gcc"]
            run = subprocess.run(
                [SQUAWK, *options, f"--exclude={','.join(excluded)}", file.name], check=False, cwd=folder
            )
            found += bool(run.returncode)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
