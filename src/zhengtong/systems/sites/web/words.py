"""The page of the county's dictionary."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.errors import DomainError
from zhengtong.kernel.policy import actor_of, requires
from zhengtong.systems.sites.constants import ADMIN
from zhengtong.systems.sites.selectors import checking
from zhengtong.systems.sites.services.words import keep_words

_COLUMNS = [
    {"key": "version", "label": gettext_lazy("版次")},
    {"key": "note", "label": gettext_lazy("修改说明")},
    {"key": "at", "label": gettext_lazy("保存时间"), "kind": "datetime"},
]


@requires(ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def words(request: HttpRequest) -> HttpResponse:
    """Read it, and save a new version."""
    actor, refusal, status = actor_of(request), "", 200
    text, version = checking.dictionary_text(actor.tenant)
    note = request.POST.get("note", "")
    if request.method == "POST":
        text = request.POST.get("text", "")
        seen = request.POST.get("seen", "")
        try:
            row = keep_words(actor=actor, text=text, note=note, seen=int(seen) if seen.isdecimal() else -1)
        except DomainError as error:
            refusal, status = error.message, 422
        else:
            messages.success(request, _("用词表已保存为第 %(n)d 版。") % {"n": row.version})
            return redirect("sites_desk:words")
    context = {
        "text": text,
        "note": note,
        "version": version,
        "refusal": refusal,
        "columns": _COLUMNS,
        "versions": [
            {"version": one.version, "note": one.note, "at": one.created_at} for one in checking.versions(actor.tenant)
        ],
    }
    return render(request, "sites/words.html", context, status=status)
