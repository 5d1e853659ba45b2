"""What a version changes against the published one, field by field, as Wagtail compares them."""

import dataclasses

from django.http import HttpRequest
from django.utils.safestring import SafeString

from zhengtong.systems.sites.models import SitePage


@dataclasses.dataclass(frozen=True)
class Difference:
    """A field that changed, and how, as HTML Wagtail has escaped."""

    label: str
    html: SafeString


def differences(request: HttpRequest, page: SitePage, version: SitePage) -> list[Difference] | None:
    """What changed; None where nothing is published to compare with."""
    if not page.live:
        return None
    panel = type(page).get_edit_handler().get_bound_panel(instance=page, request=request, form=None)
    found = (compare(page, version) for compare in panel.get_comparison())
    return [Difference(str(one.field_label()), one.htmldiff()) for one in found if one.has_changed()]
