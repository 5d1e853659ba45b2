"""Every address of the platform with sample values for its variable parts."""

import re
import uuid
from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RegexPattern

_SAMPLES: dict[str, Any] = {"uuid": uuid.UUID(int=1), "int": 1, "str": "x", "slug": "x", "path": "x"}


_GROUPED = re.compile(r"<int:\w+>")
_GROUP = re.compile(r"\(\?P<(\w+)>[^)]*\)")


def plain_route(pattern: URLPattern | URLResolver) -> str:
    """The route with its variable parts as ``<kind:name>``, also of packages that write regular expressions."""
    if not isinstance(pattern.pattern, RegexPattern):
        return str(pattern.pattern)
    return _GROUP.sub(r"<int:\1>", str(pattern.pattern).strip("^$")).replace("\\", "")


def _walk(
    patterns: list[URLPattern | URLResolver], prefix: str = "/", spaces: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """(address with sample values, full view name, view) of every pattern."""
    for pattern in patterns:
        address = prefix + plain_route(pattern)
        if isinstance(pattern, URLResolver):
            space = f"{spaces}{pattern.namespace}:" if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, address, space)
            continue
        address = _GROUPED.sub("1", address) if isinstance(pattern.pattern, RegexPattern) else address
        for name, converter in pattern.pattern.converters.items():
            kind = next((k for k in _SAMPLES if f"<{k}:{name}>" in address), "str")
            sample = converter.to_url(_SAMPLES[kind])
            address = address.replace(f"<{kind}:{name}>", sample).replace(f"<{name}>", sample)
        yield address, spaces + (pattern.name or ""), pattern.callback


#: (address, full view name, view) of every pattern
ADDRESSES = list(_walk(get_resolver().url_patterns))
