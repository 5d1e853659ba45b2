"""Events the catalogue sends."""

from zhengtong.contracts.catalogue import ItemPublished, ItemRetired

__all__ = ["ItemPublished", "ItemRetired"]
