"""Answers as they are kept while somebody fills in: right or wrong, of any shape, but safe to keep."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from zhengtong.capabilities.forms.rules.texts import normalise

LARGEST_DRAFT: Final = 3_000_000  # characters of JSON


def kept_value(value: Any, text: Callable[[str], str] = normalise, *, deepest: int = 6) -> Any:
    """A value whose texts went through ``text``; what is no JSON or lies deeper than ``deepest`` becomes nothing."""
    if isinstance(value, str):
        return text(value)
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if value - value == 0 else None
    if deepest and isinstance(value, Mapping):
        return {text(str(key)): kept_value(part, text, deepest=deepest - 1) for key, part in value.items()}
    if deepest and isinstance(value, list | tuple):
        return [kept_value(one, text, deepest=deepest - 1) for one in value]
    return None


def draft_size(answers: Mapping[str, Any]) -> int:
    """How much a draft takes when it is kept."""
    return len(json.dumps(answers, ensure_ascii=False, default=str))
