"""Tables of the site group: sites, their pages in Wagtail's tree, their pictures and documents."""

from zhengtong.systems.sites.models.files import FileUse, SiteDocument, SitePicture
from zhengtong.systems.sites.models.pages import ArticlePage, ColumnPage, CountyPage, HomePage, SitePage
from zhengtong.systems.sites.models.sites import GovernmentSite

__all__ = [
    "ArticlePage",
    "ColumnPage",
    "CountyPage",
    "FileUse",
    "GovernmentSite",
    "HomePage",
    "SiteDocument",
    "SitePage",
    "SitePicture",
]
