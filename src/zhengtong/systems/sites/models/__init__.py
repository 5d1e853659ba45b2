"""Tables of the site group: sites, their pages in Wagtail's tree, their pictures and documents."""

from zhengtong.systems.sites.models.banners import Banner
from zhengtong.systems.sites.models.files import FileUse, SiteDocument, SitePicture
from zhengtong.systems.sites.models.offers import ArticleOffer
from zhengtong.systems.sites.models.pages import ArticlePage, ColumnPage, CountyPage, HomePage, SitePage
from zhengtong.systems.sites.models.sites import GovernmentSite
from zhengtong.systems.sites.models.words import WordList

__all__ = [
    "ArticleOffer",
    "ArticlePage",
    "Banner",
    "ColumnPage",
    "CountyPage",
    "FileUse",
    "GovernmentSite",
    "HomePage",
    "SiteDocument",
    "SitePage",
    "SitePicture",
    "WordList",
]
