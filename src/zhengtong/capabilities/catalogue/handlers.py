"""What the catalogue hears from others."""

from zhengtong.capabilities.catalogue.services import count_use
from zhengtong.contracts.cases import CaseOpened


def case_opened(event: CaseOpened) -> None:
    """Somebody applied for an item."""
    count_use(tenant=event.tenant, code=event.item_code)
