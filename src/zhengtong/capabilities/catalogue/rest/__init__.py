"""The list for other systems: what is open to everybody, as JSON."""

from zhengtong.capabilities.catalogue.rest.items import router

__all__ = ["router"]
