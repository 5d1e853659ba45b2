"""``python -m benchmarks.wagtail_peer.fill WORDS``: tables, and the pages that a file of words (JSON) describes."""

import datetime as dt
import json
import os
import sys
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.wagtail_peer.settings"


def main() -> int:
    """Make everything; 0."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", interactive=False, verbosity=0)
    from wagtail.models import Page, Site

    from benchmarks.wagtail_peer.models import ArticlePage, ColumnPage, HomePage, Service

    words = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=HomePage(title=words["name"], slug="peer"))
    columns = {}
    for column in words["columns"]:
        page = home.add_child(instance=ColumnPage(title=column["title"], slug=column["slug"], show_in_menus=True))
        columns[column["slug"]] = page
        for number, article in enumerate(column["articles"]):
            one = ArticlePage(
                title=article["title"],
                slug=f"a{number}",
                published_on=dt.date.fromisoformat(article["day"]),
                summary=article["summary"],
                body=article["text"],
            )
            page.add_child(instance=one)
    Service.objects.bulk_create(Service(**service) for service in words["services"])
    modules = []
    for module in words["modules"]:
        value = dict(module["value"])
        if "column" in value:
            value["column"] = columns[value["column"]].pk
        modules.append({"type": module["type"], "value": value})
    home.modules = json.dumps(modules)
    home.save_revision().publish()
    Site.objects.update(root_page=home)
    return 0


if __name__ == "__main__":
    sys.exit(main())
