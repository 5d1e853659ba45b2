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
from zhengtong.systems.sites.selectors.sharing import Answer
from zhengtong.systems.sites.services.banners import approve_banner, end_banner, propose_banner
from zhengtong.systems.sites.services.editions import renew, shelf, shelf_folder
from zhengtong.systems.sites.services.importing import ArticleWords, import_articles
from zhengtong.systems.sites.services.opening import Opened, open_site, open_sites
from zhengtong.systems.sites.services.publishing import publish_page, withdraw_page
from zhengtong.systems.sites.services.sharing import decline_offer, offer_article, take_offer
from zhengtong.systems.sites.services.whereabouts import still_there

__all__ = [
    "Answer",
    "ArticleWords",
    "Kept",
    "Opened",
    "Place",
    "Shelf",
    "approve_banner",
    "decline_offer",
    "end_banner",
    "import_articles",
    "navigation",
    "offer_article",
    "open_site",
    "open_sites",
    "own_sites",
    "page_in_reach",
    "portal",
    "propose_banner",
    "publish_page",
    "published_page",
    "renew",
    "shelf",
    "shelf_folder",
    "site_by_code",
    "site_by_host",
    "sites_of_kind",
    "still_there",
    "take_offer",
    "waiting_to_be_signed",
    "withdraw_page",
]
