"""``python -m benchmarks.publishing_probe VAR CODE HOME N``: seconds from publishing to being seen, as a list of JSON.

Each article is written by one account and published through the service by another one; the home page is asked for
until its title stands there.
"""

import json
import sys
import time
import urllib.request
from pathlib import Path


def main() -> int:
    """Publish one after the other."""
    from zhengtong.entry.runtime.environment import connected
    from zhengtong.entry.runtime.state_folder import StateFolder

    state, code, home, number = sys.argv[1:]
    with connected(StateFolder(Path(state)), role="app"):
        print(json.dumps([_until_seen(code, home, each) for each in range(int(number))]))
    return 0


def _until_seen(code: str, home: str, number: int) -> float:
    from django.conf import settings

    from zhengtong.capabilities.identity import api as identity
    from zhengtong.kernel.clock import local_date, now
    from zhengtong.systems.sites import api as sites
    from zhengtong.systems.sites.models import ArticlePage, ColumnPage

    site = sites.site_by_code(settings.ZHENGTONG_TENANT, code)
    if site is None:
        raise LookupError(code)
    publisher = identity.find_actor("site.publisher")
    title = f"刚刚发布的第 {number} 篇 {time.monotonic_ns()}"
    column = ColumnPage.objects.get(site=site, slug="news")
    page = ArticlePage(
        title=title,
        slug=f"probe-{time.monotonic_ns()}",
        tenant=site.tenant,
        site=site,
        source=site.org_name,
        published_on=local_date(now()),
        body=[("text", "<p>内容</p>")],
        live=False,
    )
    column.add_child(instance=page)
    page.save_revision()
    _seen(home)  # it stands on the shelf
    begun = time.perf_counter()
    sites.publish_page(actor=publisher, page_id=page.pk)
    while title not in _seen(home):
        if time.perf_counter() - begun > 30:
            raise TimeoutError(title)
        time.sleep(0.002)
    return time.perf_counter() - begun


def _seen(home: str) -> str:
    with urllib.request.urlopen(home, timeout=30) as answer:
        return str(answer.read().decode())


if __name__ == "__main__":
    sys.exit(main())
