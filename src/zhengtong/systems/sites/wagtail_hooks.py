"""What Wagtail's screens show to whom: only one's own sites, and no door to what is shut."""

from collections.abc import Iterator
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.views.bulk_action.registry import bulk_action_registry
from wagtail.admin.widgets import Button

from zhengtong.kernel.policy import actor_of
from zhengtong.systems.sites.models import SitePage
from zhengtong.systems.sites.selectors.desk import pages_in_reach

#: what stays of Wagtail's main menu
_MENU = frozenset({"explorer", "desk", "images", "documents"})
#: buttons of lists and pages that lead to screens that are shut
_COUNTY_DEPTH = SitePage.HOME_DEPTH - 1
_SHUT = ("move", "copy", "delete", "unpublish", "sort", "aliases", "translate", "privacy")


# what Wagtail does to many ticked pages leads to screens that are shut
bulk_action_registry.has_scanned_for_bulk_actions = True


@hooks.register("register_admin_menu_item")
def desk_item() -> MenuItem:
    """Back to the desk of the house."""
    return MenuItem(_("网站工作台"), reverse("sites_desk:desk"), name="desk", icon_name="home", order=1)


@hooks.register("construct_main_menu")
def only_ours(request: HttpRequest, items: list[Any]) -> None:
    """Pages and the way back; people, files, reports and settings are elsewhere."""
    items[:] = [item for item in items if item.name in _MENU]


@hooks.register("construct_homepage_panels")
def no_panels(request: HttpRequest, panels: list[Any]) -> None:
    """The start is the desk."""
    panels.clear()


@hooks.register("construct_page_chooser_queryset")
def choose_own(pages: Any, request: HttpRequest) -> Any:
    """Links are chosen among the pages of one's own sites."""
    return pages_in_reach(actor_of(request), pages)


@hooks.register("construct_explorer_page_queryset")
def explore_own(parent: Any, pages: Any, request: HttpRequest) -> Any:
    """Lists show one's own sites."""
    own = pages_in_reach(actor_of(request), pages)
    # asked row by row, the site that each address and button reads was fifty statements a list
    return own.prefetch_related("site") if parent.depth >= _COUNTY_DEPTH else own


@hooks.register("register_page_header_buttons")
@hooks.register("register_page_listing_buttons")
def signing_button(page: Any, user: Any, next_url: Any = None, **kwargs: Any) -> Iterator[Button]:
    """To the page of the house where a version is signed for or taken down."""
    if page.depth >= SitePage.HOME_DEPTH:
        yield Button(_("签发和撤下"), reverse("sites_desk:one", args=[page.pk]), icon_name="check", priority=5)


@hooks.register("construct_page_listing_buttons")
def open_buttons(buttons: list[Any], page: Any, user: Any, context: Any = None) -> None:
    """Without those that lead to shut screens."""
    buttons[:] = [one for one in buttons if not any(word in (one.url or "") for word in _addresses(page))]


def _addresses(page: Any) -> list[str]:
    return [f"/{page.pk}/{word}/" for word in _SHUT]


@hooks.register("insert_global_admin_css")
def house_colours() -> str:
    """The colours and letters of the house."""
    return format_html('<link rel="stylesheet" href="{}">', static("sites/content.css"))


@hooks.register("insert_global_admin_js")
def choosers() -> str:
    """Choosers of days, started without scripts in the page."""
    return format_html('<script src="{}"></script>', static("sites/choosers.js"))
