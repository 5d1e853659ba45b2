"""Ways into complaints from other pages: an application, an item's guide, a rating, the portal's start, the counter."""

from urllib.parse import urlencode

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.pages import Matter
from zhengtong.kernel.policy import actor_of
from zhengtong.systems.complaints.constants import INTAKE_ROLES, Kind


def applicant_act(request: HttpRequest, matter: Matter) -> str | None:
    """To bring something forward about one's own application."""
    if matter.ref.kind != "application" or actor_of(request).kind == "official":
        return None
    url = f"{reverse('complaints:new')}?{urlencode({'about': f'application:{matter.ref.id}'})}"
    return render_to_string("complaints/parts/act.html", {"url": url, "label": _("咨询或者投诉这个办件")})


def guide_act(request: HttpRequest, matter: Matter) -> str | None:
    """To ask about an item, or complain."""
    if not matter.code:
        return None
    url = f"{reverse('complaints:new')}?{urlencode({'about': f'item:{matter.code}'})}"
    return render_to_string("complaints/parts/act.html", {"url": url, "label": _("咨询或者投诉这个事项")})


def rating_act(request: HttpRequest, ref: ObjectRef) -> str | None:
    """To complain where what a unit did about a bad rating does not satisfy either."""
    if actor_of(request).kind == "official":
        return None
    url = f"{reverse('complaints:new')}?{urlencode({'about': f'rating:{ref}', 'kind': Kind.COMPLAINT})}"
    return render_to_string("complaints/parts/act.html", {"url": url, "label": _("对处理不满意，向监察机构投诉")})


def counter_place(actor: Actor) -> tuple[str, str] | None:
    """At the counter: what people come to say of the service is taken down there, too."""
    return (_("登记来件"), reverse("complaints:intake")) if actor.has_role(*INTAKE_ROLES) else None


def home_block(request: HttpRequest) -> str | None:
    """The way in from the portal's start page."""
    return render_to_string("complaints/parts/home_block.html", {}, request=request)
