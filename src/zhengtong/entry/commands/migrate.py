"""``zhengtong migrate``: tables up to date, in the role that owns them."""

import argparse
import io

from zhengtong.entry.runtime.progress import Progress

HELP = "建立或升级数据表（以表属主角色连接）；run 命令需要时会自动执行"
NEEDS_DJANGO = True
DATABASE_ROLE = "owner"
CREATES_STATE = True
_EVERY = 10


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("--plan", action="store_true", help="只列出将要执行的升级步骤，不执行")


def handle(args: argparse.Namespace) -> int:
    """Grant the application its rights first: they count for tables made from then on."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from zhengtong.capabilities.ledger import api as ledger
    from zhengtong.entry.runtime.migrating import cheaper_migrations
    from zhengtong.entry.runtime.privileges import grant_to_application

    if args.plan:
        call_command("migrate", plan=True, interactive=False)
        return 0
    connection.ensure_connection()
    grant_to_application(connection.connection, settings.ZHENGTONG_DB_APP_ROLE)
    # a running town never waits long behind an upgrade: better that the upgrade gives up and is run again
    with connection.cursor() as cursor:
        cursor.execute("set lock_timeout = '5s'")
        cursor.execute("set statement_timeout = '15min'")
    progress = MigrationProgress()
    with cheaper_migrations():
        call_command("migrate", interactive=False, verbosity=1, stdout=progress, no_color=True)
    progress.finish()
    if settings.ZHENGTONG_DEMO:
        ledger.permit_simulation()
    return 0


class MigrationProgress(io.TextIOBase):
    """Turns Django's line per migration into a Chinese line per ten."""

    def __init__(self) -> None:
        super().__init__()
        self._progress = Progress.inherited()
        self._applied = 0

    def write(self, text: str) -> int:
        """Count the migrations in what Django prints."""
        if "Applying " in text:
            self._applied += 1
            if self._applied % _EVERY == 0:
                self._progress(f"数据表：已完成 {self._applied} 步……")
        return len(text)

    def finish(self) -> None:
        """Say how many there were."""
        self._progress(f"数据表：共执行 {self._applied} 步，已是最新。" if self._applied else "数据表：已是最新。")
