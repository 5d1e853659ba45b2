"""The text format of Prometheus, version 0.0.4: families of samples, written by hand in thirty lines."""

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Final

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclasses.dataclass
class Family:
    """Samples of one name; ``kind`` is counter, gauge or histogram."""

    name: str
    kind: str
    help: str
    samples: list[str] = dataclasses.field(default_factory=list)

    def add(self, value: float, *, suffix: str = "", **labels: str) -> "Family":
        """One more sample; ``suffix`` is ``_bucket``, ``_sum`` or ``_count`` of a histogram."""
        pairs = ",".join(f'{name}="{_escaped(text)}"' for name, text in labels.items())
        shown = f"{{{pairs}}}" if pairs else ""
        self.samples.append(f"{self.name}{suffix}{shown} {_number(value)}")
        return self

    def histogram(
        self, bounds: Iterable[float], counts: Iterable[float], total: float, labels: Mapping[str, str]
    ) -> None:
        """The samples of one histogram from the counts between the bounds and beyond the last."""
        below, counts = 0.0, list(counts)
        for bound, count in zip([*map(_number, bounds), "+Inf"], counts, strict=True):
            below += count
            self.add(below, suffix="_bucket", **labels, le=bound)
        self.add(total, suffix="_sum", **labels)
        self.add(below, suffix="_count", **labels)

    @property
    def text(self) -> str:
        """The family with its two comments; nothing where there is no sample."""
        if not self.samples:
            return ""
        head = [f"# HELP {self.name} {self.help}", f"# TYPE {self.name} {self.kind}"]
        return "\n".join([*head, *self.samples]) + "\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(float(value))
