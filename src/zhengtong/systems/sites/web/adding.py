"""Wagtail's screen for a new page, on which what is sent twice makes one page."""

import datetime as dt
from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from wagtail.admin.views.pages.create import CreateView
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Page

from zhengtong.kernel.clock import now
from zhengtong.kernel.transactions import hold

#: nobody writes two pages of one title in one place within so short a while; a button is pressed twice
_TWICE: Final = dt.timedelta(seconds=60)


class AddPage(CreateView):
    """Saves when the button is pressed, never by itself: a page saved both ways at one moment would be two.

    Once it is there it is saved by itself as it is written, as every page.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Without saving by itself."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {"autosave_enabled": False}

    @transaction.atomic
    def post(self, request: HttpRequest) -> HttpResponse:
        """Make the page; what is sent again is the next version of the one that was made, so that nothing is lost."""
        hold(f"sites:add:{request.user.pk}:{self.parent_page.pk}")
        made = self._just_made(request)
        answer: HttpResponse = EditView.as_view()(request, made.pk) if made is not None else super().post(request)
        return answer

    def _just_made(self, request: HttpRequest) -> Page | None:
        rows = self.parent_page.get_children().filter(owner=request.user, live=False, first_published_at=None)
        title = request.POST.get("title", "").strip()
        found: Page | None = rows.filter(
            draft_title=title,
            latest_revision_created_at__gt=now() - _TWICE,
            content_type__model=self.page_class.__name__.lower(),
        ).first()
        return found
