"""Who builds and keeps which site: what posts allow, also as the policies Wagtail's screens ask."""

import dataclasses
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from wagtail.models import Collection as Folder
from wagtail.models import Page
from wagtail.permission_policies.collections import (
    CollectionManagementPermissionPolicy,
    CollectionOwnershipPermissionPolicy,
)
from wagtail.permission_policies.pages import PagePermissionPolicy

from zhengtong.capabilities.identity import api as identity
from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.systems.sites.constants import ADMIN, INSPECTION_READERS, PUBLISHER, STAFF_ROLES
from zhengtong.systems.sites.models import GovernmentSite

_NOTHING = Q(pk__in=[])
#: what an editor may do to pages on Wagtail's screens; publishing, moving and deleting run through our services
_ON_PAGES: Final = ("add_page", "change_page", "lock_page", "unlock_page")
_ON_FILES: Final = ("add", "change", "choose")


def reach(actor: Actor, *roles: str) -> Q:
    """The sites an official reaches by these roles: his unit's, those of units below, or all, as his post says.

    The platform itself reaches all of its county: it carries out what was signed for a moment.
    """
    if actor.kind not in ("official", "system"):
        return _NOTHING
    return identity.org_scope_filter(actor, *roles, org="org_id")


def editable_sites(actor: Actor) -> QuerySet[GovernmentSite]:
    """The sites whose pages the actor may write."""
    return GovernmentSite.objects.filter(reach(actor, *STAFF_ROLES)).order_by("kind", "code")


def inspected(actor: Actor, *, site: str = "") -> Q:
    """The sites whose inspection the actor reads (``site``: the way to them); supervisors and group keepers all."""
    if actor.kind == "official" and actor.has_role(ADMIN, "supervisor"):
        return Q(**{f"{site}tenant": actor.tenant})
    if actor.kind not in ("official", "system"):
        return _NOTHING
    return identity.org_scope_filter(actor, *INSPECTION_READERS, org=f"{site}org_id")


def check_may_publish(actor: Actor, site: GovernmentSite) -> None:
    """Raises NotPermitted for who may not sign for pages of the site."""
    if not GovernmentSite.objects.filter(reach(actor, PUBLISHER, ADMIN), pk=site.pk).exists():
        raise NotPermitted(_("“%(site)s”的网页由它的签发人发布，您没有这个权限。") % {"site": site.name})


def check_may_open_sites(actor: Actor) -> None:
    """Raises NotPermitted for who may not open new sites: the keeper of the group, and the platform itself."""
    if actor.kind != "system" and not (actor.kind == "official" and actor.has_role(ADMIN)):
        raise NotPermitted(_("开通网站由网站群管理员办理。"))


def check_may_raise_banners(actor: Actor) -> None:
    """Raises NotPermitted for who may not put words over the sites of the whole county."""
    if not (actor.kind == "official" and actor.has_role(ADMIN)):
        raise NotPermitted(_("紧急提示由网站群管理员办理。"))


def check_may_keep_words(actor: Actor) -> None:
    """Raises NotPermitted for who may not keep the county's dictionary."""
    if not (actor.kind == "official" and actor.has_role(ADMIN)):
        raise NotPermitted(_("用词表由网站群管理员维护。"))


@dataclasses.dataclass(frozen=True)
class _Permission:
    codename: str


@dataclasses.dataclass(frozen=True)
class _Grant:
    """What Wagtail reads of its own rows of rights, made from a post for one request."""

    place: Any
    permission: _Permission

    @property
    def page(self) -> Page:
        return self.place

    @property
    def page_id(self) -> int:
        return int(self.place.pk)

    @property
    def collection(self) -> Folder:
        return self.place

    @property
    def collection_id(self) -> int:
        return int(self.place.pk)


def _grants(user: Any, place: str, codenames: Iterable[str]) -> list[_Grant]:
    actor = getattr(user, "acting", None)
    if actor is None or not user.is_active:
        return []
    sites = editable_sites(actor).select_related(place)
    return [_Grant(getattr(site, place), _Permission(name)) for site in sites for name in codenames]


def below(homes: Collection[Page]) -> Q:
    """These pages and all under them, as one flat condition: joined one by one they cost the square of their number.

    Where they are all the sites of their county, what stands under the county says it at once.
    """
    if not homes:
        return _NOTHING
    county = Page.objects.filter(path=next(iter(homes)).path[: -Page.steplen]).first()
    if county is not None and len(homes) == county.numchild:
        return Q(path__startswith=county.path, depth__gt=county.depth)
    return Q(*(("path__startswith", home.path) for home in homes), _connector=Q.OR)


class SitePagePolicy(PagePermissionPolicy):
    """Pages on Wagtail's screens: whoever keeps a site writes its pages; nobody publishes, moves or deletes there."""

    def get_all_permissions_for_user(self, user: Any) -> list[_Grant]:
        """One right for each site of the acting post and each act."""
        return _grants(user, "home", _ON_PAGES)

    def instances_user_has_any_permission_for(self, user: Any, actions: Any) -> Any:
        """The pages of one's sites, where one of the acts is among those every keeper of a site may do."""
        rows = self.model._default_manager
        if not self._get_permission_codenames(actions) & set(_ON_PAGES):
            return rows.none()
        return rows.filter(below(self._homes(user)))

    def explorable_instances(self, user: Any) -> Any:
        """The pages of one's sites, and the county above them."""
        homes = self._homes(user)
        above = {home.path[: -Page.steplen] for home in homes}
        return self.model._default_manager.filter(below(homes) | Q(path__in=above))

    def _homes(self, user: Any) -> dict[Page, None]:
        """In their order, each once."""
        return dict.fromkeys(grant.page for grant in self.get_cached_permissions_for_user(user))

    def users_with_any_permission(self, actions: Any, include_superusers: Any = True) -> Any:
        """Nobody: Wagtail writes no messages, and its lists of people stay closed."""
        return self._nobody()

    def users_with_any_permission_for_instance(
        self, actions: Any, instance: Any, include_superusers: Any = True
    ) -> Any:
        """The same for one page."""
        return self._nobody()

    @staticmethod
    def _nobody() -> Any:
        from django.contrib.auth import get_user_model

        return get_user_model()._default_manager.none()


class FilePolicy(CollectionOwnershipPermissionPolicy):
    """Pictures and documents on Wagtail's screens: whoever keeps a site uses the folder of that site and no other."""

    def __init__(self, model: Any) -> None:
        super().__init__(model, owner_field_name="uploaded_by_user")
        # Wagtail keeps a user's rights under one name for all models: what is asked first would hide the other
        self.permission_cache_name = f"_{model._meta.model_name}_permission_cache"

    def get_all_permissions_for_user(self, user: Any) -> list[_Grant]:
        """One right for each folder of the sites of the acting post and each act."""
        kind = self.model._meta.model_name
        return _grants(user, "collection", [f"{act}_{kind}" for act in _ON_FILES])


class SiteFolderPolicy(CollectionManagementPermissionPolicy):
    """Folders of pictures and documents: nobody makes or removes them on Wagtail's screens."""

    def get_all_permissions_for_user(self, user: Any) -> list[_Grant]:
        """None."""
        return []
