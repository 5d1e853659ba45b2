"""The demonstration county's items: the list an office would send, and all details of the showcase item."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from zhengtong.capabilities.catalogue import api as catalogue
from zhengtong.kernel.actors import Actor

_DATA = Path(__file__).parent / "data"


def item_rows() -> list[dict[str, str]]:
    """The lines of ``service-items.csv``."""
    with (_DATA / "service-items.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def showcase() -> dict[str, Any]:
    """``showcase.json``: defaults for all items, codes put forward, details by code."""
    found: dict[str, Any] = json.loads((_DATA / "showcase.json").read_text(encoding="utf-8"))
    return found


def load_items(*, actor: Actor, progress: Callable[[int, int], None] | None = None) -> catalogue.ImportReport:
    """Publish all items; a second run publishes only what the files say differently. Organisations come first."""
    extra = showcase()
    details: dict[str, dict[str, Any]] = {code: dict(values) for code, values in extra["items"].items()}
    for place, code in enumerate(extra["featured"], start=1):
        details.setdefault(code, {})["featured"] = place
    return catalogue.import_items(
        actor=actor, rows=item_rows(), details=details, defaults=extra["defaults"], progress=progress
    )
