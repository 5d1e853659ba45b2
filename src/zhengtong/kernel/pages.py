"""What apps show on pages that belong to no single app: blocks of the portal's start page."""

import logging
from collections.abc import Callable

from django.http import HttpRequest

from zhengtong.kernel.registry import Registry

log = logging.getLogger(__name__)

#: name → function that gives the block's HTML (safe: rendered from a template), or None when it has nothing to say
#: to this reader; called on each view of the start page, so it takes one or two statements at most
home_blocks: Registry[Callable[[HttpRequest], str | None]] = Registry("home_blocks")


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
