"""What the catalogue tells: items published and retired. No personal data: codes, names and units only.

And which paper is the form itself: guides and applications must say the same of it.
"""

import dataclasses
import re
import uuid
from collections.abc import Mapping
from typing import ClassVar

from zhengtong.kernel.events import Event

_FORM_NAMES = re.compile(r"一张表单|书面申请$|(申请|申领|申报|登记|备案)[^，,;；]{0,4}[表书](\(在线填报\))?[”）)]?$")


def is_online_form(material: Mapping[str, object]) -> bool:
    """True for the paper that is the form filled in on the page: nothing is to be uploaded for it.

    申请书采用格式文本的，由行政机关提供；网上填写的表单就是申请表（行政许可法 第二十九条、第三十三条）。
    """
    return material["key"] == "application_form" or bool(_FORM_NAMES.search(str(material["name"])))


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemEvent(Event):
    """Base: ``object_ref`` is the item; ``version`` counts its publications from 1."""

    item_id: uuid.UUID
    code: str
    name: str
    org_id: uuid.UUID
    org_name: str
    version: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemPublished(ItemEvent):
    """A version of an item was published; running cases stay on the version they began with."""

    NAME: ClassVar[str] = "catalogue.item_published.v1"
    version_id: uuid.UUID


@dataclasses.dataclass(frozen=True, kw_only=True)
class ItemRetired(ItemEvent):
    """An item was taken out of use; it can no longer be applied for."""

    NAME: ClassVar[str] = "catalogue.item_retired.v1"
