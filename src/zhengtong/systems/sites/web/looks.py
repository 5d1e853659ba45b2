"""The look of a site: its form on the desk, and the stylesheet of a colour."""

import uuid
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from zhengtong.kernel.errors import Conflict, Invalid
from zhengtong.kernel.policy import actor_of, public, requires
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.sites.constants import ADMIN, PUBLISHER, THEME_COLOURS, Theme
from zhengtong.systems.sites.models import GovernmentSite, SiteLook
from zhengtong.systems.sites.rules import looks as rules
from zhengtong.systems.sites.selectors import keeping as selectors
from zhengtong.systems.sites.selectors.public import look_of
from zhengtong.systems.sites.services import looks as services
from zhengtong.systems.sites.services.files import PlainPicture, plain_picture

#: the colour is in the address: what stands there never changes
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_MOST: Final = 20 * 1024 * 1024
_PICTURES: Final = {"accept": ".jpg,.jpeg,.png"}


class LookForm(forms.Form):
    """A colour, a line, two pictures."""

    own_colour = forms.BooleanField(label=gettext_lazy("用网站自己的颜色"), required=False)
    colour = forms.CharField(
        label=gettext_lazy("颜色"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("页头、导航和小标题用它；不勾选上面一项就随主题。配白字要看得清，太浅的不能用。"),
        widget=forms.TextInput(attrs={"type": "color", "class": "form-control-color"}),
    )
    tagline = forms.CharField(
        label=gettext_lazy("题注"),
        required=False,
        max_length=rules.TAGLINE,
        help_text=gettext_lazy("网站名称下面的一行小字，如英文名称、服务热线。"),
    )
    emblem = forms.FileField(
        label=gettext_lazy("标识图"),
        required=False,
        help_text=gettext_lazy(
            "放在网站名称前面，PNG 或 JPG，最好是透明底。国徽只能由法律规定应当悬挂的机关使用（国徽法，待核实）。"
        ),
        widget=forms.ClearableFileInput(attrs=_PICTURES),
    )
    without_emblem = forms.BooleanField(label=gettext_lazy("不要标识图"), required=False)
    header = forms.FileField(
        label=gettext_lazy("头图"),
        required=False,
        help_text=gettext_lazy("页头上方的横幅，如 1920×320；窄屏上左右会裁掉，图里不要放文字。"),
        widget=forms.ClearableFileInput(attrs=_PICTURES),
    )
    without_header = forms.BooleanField(label=gettext_lazy("不要头图"), required=False)

    def __init__(self, *args: Any, look: SiteLook | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in services.PICTURES:
            if look is None or {"emblem": look.emblem_id, "header": look.header_id}[name] is None:
                del self.fields[f"without_{name}"]

    def wish(self) -> services.WishedLook:
        """The look that is asked for; raises Invalid at the field of a picture that cannot be taken."""
        sent = self.cleaned_data
        pictures = {name: _plain(name, sent[name]) for name in services.PICTURES if sent.get(name)}
        without = frozenset(name for name in services.PICTURES if sent.get(f"without_{name}"))
        colour = sent["colour"] if sent["own_colour"] else ""
        return services.WishedLook(colour=colour, tagline=sent["tagline"], pictures=pictures, without=without)


@requires(PUBLISHER, ADMIN)
@require_http_methods(["GET", "HEAD", "POST"])
def look(request: HttpRequest, site_id: uuid.UUID) -> HttpResponse:
    """How the site looks now, and the form to change it."""
    actor = actor_of(request)
    site = selectors.site_in_reach(actor, site_id)
    stands = look_of(site)
    if request.method != "POST":
        return _shown(request, site, stands, LookForm(look=stands, initial=_initial(site, stands)))
    form = LookForm(request.POST, request.FILES, look=stands)
    refusal = ""
    if form.is_valid():
        try:
            services.set_look(actor=actor, site_id=site_id, wish=form.wish())
        except Invalid as refused:
            for field, sentence in (refused.errors or {refused.field: refused.message}).items():
                form.add_error(field if field in form.fields else None, sentence)
        except Conflict as refused:
            refusal = refused.message
        else:
            messages.success(request, _("网站外观已经保存，网站的每一页都已更新。"))
            return redirect("sites_desk:site_look", site_id=site_id)
    return _shown(request, site, stands, form, refusal=refusal, status=409 if refusal else 422)


@public
def colours(request: HttpRequest, colour: str) -> HttpResponse:
    """The stylesheet of a colour a site has chosen."""
    if rules.colour_fault(colour) or rules.read_colour(colour) != f"#{colour}":
        raise Http404(_("没有这个样式。"))
    answer = HttpResponse(rules.stylesheet(f"#{colour}"), content_type="text/css; charset=utf-8")
    answer["Cache-Control"] = _FOR_EVER
    return answer


def _plain(name: str, upload: Any) -> PlainPicture:
    if upload.size > _MOST:
        raise Invalid(_("图片超过 20 MB。请缩小后重新上传。"), field=name)
    try:
        return plain_picture(checked_upload(upload.name or "", upload.read()))
    except Invalid as refused:
        raise Invalid(refused.message, field=name) from refused


def _initial(site: GovernmentSite, stands: SiteLook | None) -> dict[str, Any]:
    own = stands.colour if stands is not None else ""
    return {
        "own_colour": bool(own),
        "colour": own or THEME_COLOURS[Theme(site.theme)][1],
        "tagline": stands.tagline if stands is not None else "",
    }


def _shown(
    request: HttpRequest,
    site: GovernmentSite,
    stands: SiteLook | None,
    form: LookForm,
    *,
    refusal: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {"site": site, "look": stands, "form": form, "refusal": refusal}
    return render(request, "sites/keeping/look.html", context, status=status)
