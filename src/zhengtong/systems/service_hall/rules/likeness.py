"""How alike two applications for the same item are, by their answers."""

from collections.abc import Mapping
from typing import Any


def likeness(one: Mapping[str, Any], other: Mapping[str, Any]) -> float:
    """The share (0 to 1) of the questions answered in both that are answered alike; 0 where none is."""
    both = [key for key, value in one.items() if value not in ("", None, [], {}) and other.get(key) not in ("", None)]
    if not both:
        return 0.0
    alike = [key for key in both if one[key] == other[key]]
    return len(alike) / len(both)
