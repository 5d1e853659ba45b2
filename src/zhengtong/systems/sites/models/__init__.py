"""Tables of the site group: sites, their pages and files, and the way of a page to the public and back."""

from zhengtong.systems.sites.models.banners import Banner
from zhengtong.systems.sites.models.bin import DeletedPage
from zhengtong.systems.sites.models.closing import Closing
from zhengtong.systems.sites.models.duties import Duty
from zhengtong.systems.sites.models.files import FileUse, SiteDocument, SitePicture
from zhengtong.systems.sites.models.inspection import (
    DutyReminder,
    InspectionRun,
    PageReading,
    SiteCheck,
    SiteFinding,
    SiteReach,
)
from zhengtong.systems.sites.models.looks import SiteLook
from zhengtong.systems.sites.models.migrating import Migration, MigrationFile, MigrationRow
from zhengtong.systems.sites.models.offers import ArticleOffer
from zhengtong.systems.sites.models.old_addresses import OldAddress, OldHost
from zhengtong.systems.sites.models.outside import OutsideLink
from zhengtong.systems.sites.models.pages import ArticlePage, ColumnPage, CountyPage, HomePage, SitePage
from zhengtong.systems.sites.models.previews import PreviewLink
from zhengtong.systems.sites.models.reviewing import ReviewPlan, Submission
from zhengtong.systems.sites.models.scheduling import Schedule
from zhengtong.systems.sites.models.sites import GovernmentSite
from zhengtong.systems.sites.models.visits import VisitCount, VisitMark
from zhengtong.systems.sites.models.words import WordList
from zhengtong.systems.sites.models.work_report import SiteWorkReport

__all__ = [
    "ArticleOffer",
    "ArticlePage",
    "Banner",
    "Closing",
    "ColumnPage",
    "CountyPage",
    "DeletedPage",
    "Duty",
    "DutyReminder",
    "FileUse",
    "GovernmentSite",
    "HomePage",
    "InspectionRun",
    "Migration",
    "MigrationFile",
    "MigrationRow",
    "OldAddress",
    "OldHost",
    "OutsideLink",
    "PageReading",
    "PreviewLink",
    "ReviewPlan",
    "Schedule",
    "SiteCheck",
    "SiteDocument",
    "SiteFinding",
    "SiteLook",
    "SitePage",
    "SitePicture",
    "SiteReach",
    "SiteWorkReport",
    "Submission",
    "VisitCount",
    "VisitMark",
    "WordList",
]
