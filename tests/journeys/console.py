"""A process that has a town's platform up and runs its commands, one a line: to bring it up for each takes seconds."""

import contextlib
import io
import json
import sys
from pathlib import Path

from zhengtong.entry.main import main
from zhengtong.entry.runtime.environment import connected
from zhengtong.entry.runtime.state_folder import StateFolder


def said_to(words: list[str]) -> tuple[int, str]:
    """Exit code of a command, and all it printed."""
    from django.db import connection

    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        try:
            code = main(words)
        except SystemExit as end:
            code = int(end.code or 0)
        finally:
            # the database may be killed before the next command
            connection.close()
    return code, said.getvalue()


def serve(state: str) -> None:
    """Answer until the questions end."""
    with connected(StateFolder(Path(state)), role="app"):
        for line in sys.stdin:
            word, *others = json.loads(line)
            # the folder stands before the acts of a command, which take options of their own
            sys.stdout.write(json.dumps(said_to([word, "--var", state, *others])) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    serve(sys.argv[1])
