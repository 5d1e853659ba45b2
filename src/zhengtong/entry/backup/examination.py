"""What is asked of a restored installation, in a process of its own: does the ledger hold, do the keys open the fields.

``python -m zhengtong.entry.backup.examination --var DIR [--checkpoint FILE]`` prints one line of JSON.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any, Final

from zhengtong.entry.runtime.environment import connected
from zhengtong.entry.runtime.state_folder import StateFolder

_SAMPLE: Final = 200


def examine(checkpoint: str) -> dict[str, Any]:
    """Entries of the ledger and its faults; encrypted values that were opened, and columns that would not open."""
    from zhengtong.capabilities.ledger import api

    kept = api.all_from_text(checkpoint) if checkpoint else []
    report = api.verify(kept=kept)
    opened, shut = _fields()
    return {
        "ledger_entries": report.entries,
        "ledger_compared": report.compared,
        "ledger_faults": [*report.faults, *([f"另有 {report.unlisted} 处问题"] if report.unlisted else [])],
        "fields_opened": opened,
        "fields_shut": shut,
    }


def _fields() -> tuple[int, list[str]]:
    from cryptography.exceptions import InvalidTag
    from django.apps import apps

    from zhengtong.kernel.fields import EncryptedTextField

    opened, shut = 0, []
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            if isinstance(field, EncryptedTextField) and model._meta.managed and not model._meta.proxy:
                try:
                    opened += len(list(model._base_manager.values_list(field.name, flat=True)[:_SAMPLE]))
                except (InvalidTag, ValueError):
                    shut.append(f"{model._meta.verbose_name}：{field.verbose_name}")
    return opened, shut


def main() -> int:
    """Print what was found as JSON; 0 also when faults were found, for they are the answer."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--var", required=True)
    parser.add_argument("--checkpoint", default="")
    args = parser.parse_args()
    text = Path(args.checkpoint).read_text(encoding="utf-8") if args.checkpoint else ""
    with connected(StateFolder(Path(args.var)), role="app"):
        print(json.dumps(examine(text), ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
