"""The door of the site group."""

from zhengtong.systems.sites.engine.shelf import Kept, Place, Shelf
from zhengtong.systems.sites.selectors.desk import own_sites, page_in_reach, waiting_to_be_signed
from zhengtong.systems.sites.selectors.public import (
    navigation,
    portal,
    published_page,
    site_by_code,
    site_by_host,
    sites_of_kind,
)
from zhengtong.systems.sites.services.editions import renew, shelf, shelf_folder
from zhengtong.systems.sites.services.importing import ArticleWords, import_articles
from zhengtong.systems.sites.services.opening import Opened, open_site, open_sites
from zhengtong.systems.sites.services.publishing import publish_page, withdraw_page

__all__ = [
    "ArticleWords",
    "Kept",
    "Opened",
    "Place",
    "Shelf",
    "import_articles",
    "navigation",
    "open_site",
    "open_sites",
    "own_sites",
    "page_in_reach",
    "portal",
    "publish_page",
    "published_page",
    "renew",
    "shelf",
    "shelf_folder",
    "site_by_code",
    "site_by_host",
    "sites_of_kind",
    "waiting_to_be_signed",
    "withdraw_page",
]
