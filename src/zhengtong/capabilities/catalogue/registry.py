"""What higher systems plug into the catalogue."""

from collections.abc import Callable

from zhengtong.kernel.registry import Registry

#: system → (what is under way, how many) for the item with a code: said before an item is taken out of use
item_uses: Registry[Callable[[str, str], tuple[str, int]]] = Registry("item_uses")
