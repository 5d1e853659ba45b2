"""Tables of the site group: sites, and their pages in Wagtail's tree."""

from zhengtong.systems.sites.models.pages import ArticlePage, ColumnPage, CountyPage, HomePage, SitePage
from zhengtong.systems.sites.models.sites import GovernmentSite

__all__ = ["ArticlePage", "ColumnPage", "CountyPage", "GovernmentSite", "HomePage", "SitePage"]
