"""``python -m faults.telephone VAR``: answers each name on standard input with the one-time code of its telephone.

A process that stays: to bring the platform up for each code takes longer than a code is good for.
"""

import sys
from pathlib import Path

from zhengtong.entry.runtime.environment import connected
from zhengtong.entry.runtime.state_folder import StateFolder


def main() -> int:
    """Answer until the names end; an empty line where the code cannot be had now."""
    with connected(StateFolder(Path(sys.argv[1])), role="app"):
        for line in sys.stdin:
            print(_code(line.strip()), flush=True)
    return 0


def _code(name: str) -> str:
    from django.conf import settings
    from django.db import DatabaseError, connection

    from zhengtong.capabilities.identity import api as identity

    try:
        return identity.totp_code(name, tenant=settings.ZHENGTONG_TENANT)
    except DatabaseError:
        return ""
    finally:
        # the database may be killed before the next question
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
