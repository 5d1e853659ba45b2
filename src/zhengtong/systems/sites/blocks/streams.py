"""The column in which a page keeps its blocks."""

from typing import Any

from wagtail.fields import StreamField


class BlocksField(StreamField):
    """JSON to the database whatever blocks there are: a new module, also of another system, is no migration."""

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        """As a stream of no blocks: what migrations write down of it."""
        name, _path, _blocks, kwargs = super().deconstruct()
        return name, "wagtail.fields.StreamField", [[]], kwargs | {"block_lookup": {}}
