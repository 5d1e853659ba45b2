"""Every address of the platform with sample values for its variable parts."""

import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

_SAMPLES: dict[str, Any] = {"uuid": uuid.UUID(int=1), "int": 1, "str": "x", "slug": "x", "path": "x"}


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str = "/", spaces: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """(address with sample values, full view name, view) of every pattern."""
    for pattern in patterns:
        address = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            space = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, address, space)
            continue
        for name, converter in pattern.pattern.converters.items():
            kind = next((k for k in _SAMPLES if f"<{k}:{name}>" in address), "str")
            sample = converter.to_url(_SAMPLES[kind])
            address = address.replace(f"<{kind}:{name}>", sample).replace(f"<{name}>", sample)
        yield address, spaces + (pattern.name or ""), pattern.callback


#: (address, full view name, view) of every pattern
ADDRESSES = list(_walk(get_resolver().url_patterns))
