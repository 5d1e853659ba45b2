"""Who may open an address: every view carries a policy, and one without is refused.

Object-level questions (whose case is this?) are answered in selectors; a policy answers only what can be
known before the object is read.
"""

import dataclasses
from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.errors import NotPermitted
from zhengtong.kernel.refusals import kept_page, refusal_page

View = TypeVar("View", bound=Callable[..., Any])


@dataclasses.dataclass(frozen=True)
class Policy:
    """``kind`` is public, signed_in or roles; ``roles`` the words of which one is needed.

    ``fresh_factor``: the second factor must have been given a short while ago; identity asks for it, before the page
    is shown and, when that was too long ago, together with what was sent.
    """

    kind: str
    roles: frozenset[str] = frozenset()
    fresh_factor: bool = False

    def admits(self, actor: Actor) -> bool:
        """True when the actor may open the address."""
        if self.kind == "public":
            return True
        if self.kind == "signed_in":
            return actor.signed_in
        return actor.has_role(*self.roles)


PUBLIC = Policy("public")
SIGNED_IN = Policy("signed_in")


def public(view: View) -> View:
    """Anybody may open the address."""
    return _mark(view, PUBLIC)


def signed_in(view: View) -> View:
    """Any person who has signed in may open the address."""
    return _mark(view, SIGNED_IN)


def requires(*roles: str, fresh_factor: bool = False) -> Callable[[View], View]:
    """Only holders of one of the roles may open the address; for sensitive acts with a fresh second factor."""
    policy = Policy("roles", frozenset(roles), fresh_factor)
    return lambda view: _mark(view, policy)


def policy_of(view: Any) -> Policy | None:
    """The policy of a resolved view, None when it has none."""
    found = getattr(view, "zt_policy", None) or getattr(getattr(view, "view_class", None), "zt_policy", None)
    return found if isinstance(found, Policy) else None


def actor_of(request: HttpRequest) -> Actor:
    """Who asks; set by the identity middleware for every request."""
    actor: Actor = request.actor  # type: ignore[attr-defined]  # Django's request has no place for it
    return actor


def _mark(view: View, policy: Policy) -> View:
    view.zt_policy = policy  # type: ignore[attr-defined]  # a mark on any callable
    return view


class PolicyMiddleware:
    """Refuses every view whose policy does not admit ``request.actor``, and every view without a policy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass on; the decision is taken when the view is known."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """None to go on, a redirect to the sign-in page for strangers, the page of a refusal for everybody else.

        Whose session ended while he was typing gets a page that holds what he typed.

        Raising would end as a fault of ours: Django shows exceptions of ``process_view`` to no other middleware.
        """
        policy = policy_of(view)
        actor = actor_of(request)
        if policy is not None and policy.admits(actor):
            return None
        if policy is not None and not actor.signed_in:
            words = _("登录已经失效，这一次没有提交。填写的内容都在这个页面上，没有丢失：请重新登录，再继续提交。")
            return kept_page(request, words, sign_in=True) or redirect_to_login(request.get_full_path())
        sentence = _("您现在的身份不能打开这个页面。请换一个身份再试；仍然不行的，请拨打页面底部的电话。")
        if actor.kind == "official":
            sentence = _("您现在的身份不能打开这个页面。如因工作需要，请联系本单位管理员开通相应岗位。")
        return refusal_page(request, NotPermitted(sentence))
