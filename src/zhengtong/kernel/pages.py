"""What apps show on pages that belong to no single app: the portal's start page, the page of a matter."""

import dataclasses
import datetime as dt
import logging
import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest

from zhengtong.kernel.actors import Actor, ObjectRef
from zhengtong.kernel.registry import Registry

log = logging.getLogger(__name__)

#: name → function that gives the block's HTML (safe: rendered from a template), or None when it has nothing to say
#: to this reader; called on each view of the start page, so it takes one or two statements at most
home_blocks: Registry[Callable[[HttpRequest], str | None]] = Registry("home_blocks")


@dataclasses.dataclass(frozen=True)
class Matter:
    """A matter on a page: what it is, which unit answers for it, and in ``detail`` the view of the system that owns it.

    ``code`` is the item's code, empty where there is none; only blocks of the owning system read ``detail``.
    """

    ref: ObjectRef
    code: str
    org_id: uuid.UUID
    org_name: str
    open: bool
    detail: Any


@dataclasses.dataclass(frozen=True)
class Entrance:
    """A way into a system for the public: the name of its address, its words, and what one does there."""

    address: str
    label: Any
    words: Any


@dataclasses.dataclass(frozen=True, kw_only=True)
class PageAsk:
    """What a module of a page of the sites asks another system for.

    ``org_code`` is the unit whose site it is, empty for the county's own: it shows what all units have. ``number`` of
    lines, the one thing that was ``chosen`` by its number, the ``layout``, and a ``part`` of identifiers on the page.
    """

    tenant: str
    org_code: str
    number: int = 7
    chosen: str = ""
    layout: str = ""
    part: str = ""


@dataclasses.dataclass(frozen=True)
class PageLine:
    """A line a module lists: its words, where it leads, its day, a sentence, whose it is."""

    title: str
    url: str
    day: dt.date | None = None
    summary: str = ""
    source: str = ""


@dataclasses.dataclass(frozen=True)
class PageShown:
    """What a module shows: lines and where all of them stand, or HTML (safe: rendered from a template).

    The page is the same for every reader and kept: nothing of who asks, no token.
    """

    lines: Sequence[PageLine] = ()
    more: str = ""
    html: str = ""


@dataclasses.dataclass(frozen=True)
class PageModule:
    """A module of pages that another system fills: ``show`` what it has, ``sample`` what the gallery shows instead."""

    show: Callable[[PageAsk], PageShown]
    sample: Callable[[PageAsk], PageShown]


#: name → a module of pages that another system fills; asked each time a page is made anew
page_modules: Registry[PageModule] = Registry("page_modules")

#: name → a way in that the sites of the county show, in the order of registration
public_entrances: Registry[Entrance] = Registry("public_entrances")

#: name → HTML (safe: rendered from a template) of a block on a matter's page, or None when there is nothing to say;
#: the page has checked that its reader may see the matter. What the applicant may do now, in the aside:
applicant_acts: Registry[Callable[[HttpRequest, Matter], str | None]] = Registry("applicant_acts")
#: what the applicant is shown, with its own heading, below the steps and limits
applicant_blocks: Registry[Callable[[HttpRequest, Matter], str | None]] = Registry("applicant_blocks")
#: what the officials who take part are shown, a ``section`` with its own heading
desk_blocks: Registry[Callable[[HttpRequest, Matter], str | None]] = Registry("desk_blocks")
#: what a visitor of an item's guide may do besides applying; ``ref`` is the item, ``detail`` its published version
guide_acts: Registry[Callable[[HttpRequest, Matter], str | None]] = Registry("guide_acts")
#: what a person may do besides where a unit answers for what he rated; ``ref`` is what was rated, and it is his own
rating_acts: Registry[Callable[[HttpRequest, ObjectRef], str | None]] = Registry("rating_acts")
#: places an official at the counter goes to besides: (label, address), or None for one who may not
counter_places: Registry[Callable[[Actor], tuple[str, str] | None]] = Registry("counter_places")
#: what the guide shows besides, with its own heading, below the procedure
guide_blocks: Registry[Callable[[HttpRequest, Matter], str | None]] = Registry("guide_blocks")


def matter_blocks(
    registry: Registry[Callable[[HttpRequest, Matter], str | None]], request: HttpRequest, matter: Matter
) -> list[str]:
    """The blocks of a registry that have something to say of a matter, in the order of registration."""
    found = (block(request, matter) for _name, block in registry.items())
    return [html for html in found if html]


def rendered_home_blocks(request: HttpRequest) -> list[str]:
    """The registered blocks that have something to say to the reader, in the order of registration.

    A block that fails is logged and left out: the way into the services stays open.
    """
    found = []
    for name, block in home_blocks.items():
        try:
            html = block(request)
        except Exception:
            log.exception("block %s of the start page failed", name)
            continue
        if html:
            found.append(html)
    return found
