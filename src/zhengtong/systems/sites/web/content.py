"""The content management: Wagtail's screens for writing pages, behind a policy; every other screen of it stays shut.

Nothing is taken away from Wagtail's addresses, for its pages name them; those that are not opened here admit nobody.
"""

import functools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase
from django.urls import URLPattern, URLResolver
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import urls as wagtail_urls
from wagtail.admin.forms.choosers import ExternalLinkChooserForm, URLOrAbsolutePathField
from wagtail.admin.views.chooser import ExternalLinkView

from zhengtong.kernel.errors import NotFound
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.kernel.refusals import content_policy
from zhengtong.systems.sites.constants import STAFF_ROLES
from zhengtong.systems.sites.web import files
from zhengtong.systems.sites.web.adding import AddPage

_PAGES = "wagtailadmin_pages:"
_CHOOSE = "wagtailadmin_choose_page"
_PICTURES, _DOCUMENTS = "wagtailimages:", "wagtaildocs:"
_INTERFACE = "wagtailadmin_api:"
_FILE_CHOOSERS = ("wagtailimages_chooser", "wagtaildocs_chooser")
_CHOOSING = ("choose", "choose_results", "chosen", "chosen_multiple", "create")
#: writing, looking at versions, choosing pages, pictures and documents; publishing, moving, people and reports are ours
OPENED: Final = frozenset(
    {
        "wagtailadmin_home",
        "wagtailadmin_explore_root",
        "wagtailadmin_explore",
        "wagtailadmin_explore_results",
        "wagtailadmin_api:pages:listing",
        "wagtailadmin_api:pages:detail",
        "wagtailadmin_api:pages:find",
        "wagtailadmin_block_preview",
        "wagtailadmin_dismissibles",
        "wagtailadmin_editing_sessions:ping",
        "wagtailadmin_editing_sessions:release",
        "wagtailadmin_javascript_catalog",
        "wagtailadmin_sprite",
        *(
            _PAGES + name
            for name in (
                "add",
                "add_subpage",
                "edit",
                "history",
                "history_results",
                "lock",
                "preview_on_add",
                "preview_on_edit",
                "revisions_compare",
                "revisions_index",
                "revisions_revert",
                "revisions_view",
                "search",
                "search_results",
                "unlock",
                "usage",
                "view_draft",
            )
        ),
        *(
            _PICTURES + name
            for name in ("index", "index_results", "add", "add_multiple", "edit", "delete", "image_usage")
        ),
        *(
            _DOCUMENTS + name
            for name in ("index", "index_results", "add", "add_multiple", "edit", "delete", "document_usage")
        ),
        *(f"{chooser}:{name}" for chooser in _FILE_CHOOSERS for name in _CHOOSING),
        "wagtailimages_chooser:select_format",
        *(
            _CHOOSE + name
            for name in (
                "",
                "_child",
                "_search",
                "_chosen_multiple",
                "_external_link",
                "_email_link",
                "_phone_link",
                "_anchor_link",
            )
        ),
    }
)

#: shown in a frame of the editing screen
_FRAMED: Final = frozenset(
    {"wagtailadmin_block_preview", f"{_PAGES}preview_on_add", f"{_PAGES}preview_on_edit", f"{_PAGES}revisions_view"}
)

#: the editor of rich text makes style sheets of its own as one types; scripts stay refused there, too
_STYLED: Final = frozenset({f"{_PAGES}add", f"{_PAGES}edit"})

#: the keys that choosers read from their question
_KEYS_ASKED: Final = ("parent_page_id", "id", "target_pages[]")
_KEY: Final = re.compile(r"[0-9]{0,9}")

View = Callable[..., HttpResponseBase]


class _LinkField(URLOrAbsolutePathField):
    """Wagtail's field, which cannot stand a form sent without it."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(value or "")


class _LinkForm(ExternalLinkChooserForm):
    url = _LinkField(label=_("网址"))


class _LinkView(ExternalLinkView):
    form_class = _LinkForm


#: screens of Wagtail that stand in for its own
_INSTEAD: Final[dict[str, View]] = {
    f"{_CHOOSE}_external_link": _LinkView.as_view(),
    f"{_PAGES}add": AddPage.as_view(),
    f"{_PICTURES}delete": files.RemovePicture.as_view(),
    f"{_DOCUMENTS}delete": files.RemoveDocument.as_view(),
    f"{_PICTURES}add_multiple": files.one_by_one(f"{_PICTURES}add"),
    f"{_DOCUMENTS}add_multiple": files.one_by_one(f"{_DOCUMENTS}add"),
}


def _mounted(view: View, name: str) -> View:
    @functools.wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if name.startswith((_CHOOSE, _INTERFACE, *_FILE_CHOOSERS)):
            _check_question(request, str(kwargs.get("pk", "")))
        account: Any = request.user
        account.acting, account.rights = actor_of(request), frozenset({"wagtailadmin.access_admin"})
        answer = view(request, *args, **kwargs)
        if name in _FRAMED:
            answer.headers["Content-Security-Policy"] = content_policy(frame_ancestors="'self'")
            answer.headers["X-Frame-Options"] = "SAMEORIGIN"
        elif name in _STYLED:
            answer.headers["Content-Security-Policy"] = content_policy(styles="'unsafe-inline'")
        return answer

    inner.csrf_exempt = False  # type: ignore[attr-defined]  # Wagtail's interface for its own screens does without
    # a policy of no role admits nobody
    return requires(*(STAFF_ROLES if name in OPENED else ()))(inner)


def _check_question(request: HttpRequest, key: str) -> None:
    """Choosers and the interface take keys from the address as they are and break on what is none. Raises NotFound."""
    keys = [key, *(one for asked in _KEYS_ASKED for one in request.GET.getlist(asked))]
    if any(not _KEY.fullmatch(one) for one in keys) or "" in request.GET.getlist("id"):
        raise NotFound(gettext("没有要选的这一项，请回到列表重新选择。"))
    if request.GET.get("tag"):
        raise NotFound(gettext("图片没有标签，请按标题查找。"))


def _walk(patterns: Sequence[Any], above: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from _walk(one.url_patterns, f"{above}{one.namespace}:" if one.namespace else above)
        else:
            yield above + (one.name or ""), one


def _mount(patterns: list[Any]) -> list[Any]:
    for name, one in _walk(patterns):
        one.callback = _mounted(_INSTEAD.get(name, one.callback), name)
        one.__dict__.pop("lookup_str", None)
    return patterns


# what has no name are Wagtail's pages for addresses that do not exist: the house has its own
urlpatterns = _mount([one for one in wagtail_urls.urlpatterns if isinstance(one, URLResolver) or one.name])
