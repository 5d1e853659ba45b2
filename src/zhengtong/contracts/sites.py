"""What the site group tells: a site was opened, a page was published or taken down. No words of the page."""

import dataclasses
import uuid
from typing import ClassVar

from zhengtong.kernel.events import Event


@dataclasses.dataclass(frozen=True, kw_only=True)
class SiteOpened(Event):
    """A unit has a site now; ``object_ref`` is the site, ``kind`` a word of ``sites.constants.SiteKind``."""

    NAME: ClassVar[str] = "sites.site_opened.v1"
    kind: str
    org_code: str
    org_name: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageEvent(Event):
    """Base of both; ``object_ref`` is the page, ``path`` where it answers."""

    site_id: uuid.UUID
    org_code: str
    org_name: str
    column: str
    path: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class PagePublished(PageEvent):
    """What stands there now was published; ``again``: it stood there before."""

    NAME: ClassVar[str] = "sites.page_published.v1"
    again: bool


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageWithdrawn(PageEvent):
    """It was taken down, with a reason the ledger keeps."""

    NAME: ClassVar[str] = "sites.page_withdrawn.v1"


@dataclasses.dataclass(frozen=True, kw_only=True)
class BannerRaised(Event):
    """An emergency banner was approved; ``sites``: over how many sites, 0 for all of the county."""

    NAME: ClassVar[str] = "sites.banner_raised.v1"
    level: str
    sites: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class BannerEnded(Event):
    """An emergency banner was ended before its time."""

    NAME: ClassVar[str] = "sites.banner_ended.v1"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SiteLampChanged(Event):
    """The daily inspection found a site better or worse than before; ``before`` is empty the first time.

    Lamps are green, yellow, red; ``vetoes`` counts the single vetoes (单项否决).
    """

    NAME: ClassVar[str] = "sites.lamp_changed.v1"
    org_code: str
    org_name: str
    lamp: str
    before: str
    vetoes: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class WorkReportPublished(Event):
    """The yearly work report of a site (政府网站工作年度报表) was frozen and published."""

    NAME: ClassVar[str] = "sites.work_report_published.v1"
    site_id: uuid.UUID
    org_code: str
    org_name: str
    year: int
