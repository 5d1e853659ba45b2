"""``python -m benchmarks.wagtail_peer.desk``: keeps the plain Wagtail group; does what each line of JSON says.

A line is a list of a name and its arguments; the answer is a line of JSON when it is done.
"""

import datetime as dt
import json
import os
import sys
import uuid
from collections.abc import Callable
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "benchmarks.wagtail_peer.settings"

_BATCH = 2_000


class Group:
    """Sites as a Wagtail developer sets them up: pages, site record, folder and a group of editors for each."""

    def __init__(self) -> None:
        from django.core.management import call_command

        call_command("migrate", interactive=False, verbosity=0)
        self._columns: list[Any] = []
        self._editors: list[Any] = []
        self._clients: dict[int, Any] = {}

    def open(self, names: list[str], slugs: list[str]) -> int:
        """One site for each name, with these columns."""
        for name in names:
            self._open(name, slugs)
        return len(self._columns)

    def _open(self, name: str, slugs: list[str]) -> None:
        from django.contrib.auth.models import Group as Editors
        from django.contrib.auth.models import Permission
        from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

        from benchmarks.wagtail_peer.models import ColumnPage, HomePage

        number = len(self._columns)
        home = Page.objects.get(depth=1).add_child(instance=HomePage(title=name, slug=f"s{number}"))
        columns = [home.add_child(instance=ColumnPage(title=slug, slug=slug, show_in_menus=True)) for slug in slugs]
        home.modules = json.dumps(
            [{"type": "news", "value": {"heading": "要闻", "column": columns[0].pk, "number": 7, "lead": True}}]
        )
        home.save_revision().publish()
        Site.objects.create(hostname=f"s{number}.test", root_page=home, site_name=name)
        folder = Collection.get_first_root_node().add_child(name=name)
        editors = Editors.objects.create(name=name)
        editors.permissions.add(Permission.objects.get(codename="access_admin"))
        for codename in ("add_page", "change_page"):
            GroupPagePermission.objects.create(
                group=editors, page=home, permission=Permission.objects.get(codename=codename)
            )
        GroupCollectionPermission.objects.create(
            group=editors, collection=folder, permission=Permission.objects.get(codename="add_image")
        )
        self._columns.append(columns[0])
        self._editors.append(editors)

    def fill(self, titles: list[str], before: int) -> int:
        """Articles of these titles, dealt out to the sites in turn behind ``before`` earlier ones."""
        from django.core.management import call_command

        for start in range(0, len(titles), _BATCH):
            self._plant(titles[start : start + _BATCH], before + start)
        call_command("update_index", verbosity=0)
        return len(titles)

    def _plant(self, titles: list[str], before: int) -> None:
        from django.contrib.contenttypes.models import ContentType
        from django.db import connection
        from django.utils import timezone
        from wagtail.models import Locale, Page

        from benchmarks.wagtail_peer.models import ArticlePage

        kind, locale, now = ContentType.objects.get_for_model(ArticlePage), Locale.get_default(), timezone.now()
        rows = []
        for number, title in enumerate(titles, start=before):
            column = self._columns[number % len(self._columns)]
            column.numchild += 1
            rows.append(
                Page(
                    path=Page._get_path(column.path, column.depth + 1, column.numchild), depth=column.depth + 1,
                    numchild=0, title=title, draft_title=title, slug=f"a{number}", live=True, content_type=kind,
                    url_path=f"{column.url_path}a{number}/", locale=locale, translation_key=uuid.uuid4(),
                    first_published_at=now, last_published_at=now, latest_revision_created_at=now,
                )
            )  # fmt: skip
        Page.objects.bulk_create(rows)
        table = ArticlePage._meta.db_table
        with connection.cursor() as cursor:
            cursor.executemany(
                f"insert into {table} (page_ptr_id, published_on, summary, body) values (%s, %s, %s, %s)",
                [(row.pk, dt.date(2026, 11, 1), row.title, f"<p>{row.title}</p>") for row in rows],
            )
        for column in self._columns:
            Page.objects.filter(pk=column.pk).update(numchild=column.numchild)

    def visit(self, what: str, word: str, times: int) -> int:
        """The editor of the first site opens a screen so often; the length of what was shown last."""
        from django.urls import reverse

        client, column = self._signed_in(), self._columns[0]
        address = {
            "start": lambda: reverse("wagtailadmin_home"),
            "explorer": lambda: reverse("wagtailadmin_explore", args=[column.pk]),
            "chooser": lambda: reverse("wagtailadmin_choose_page_child", args=[column.pk]),
            "search": lambda: f"{reverse('wagtailadmin_pages:search_results')}?q={word}",
        }[what]()
        shown = b""
        for _ in range(times):
            answer = client.get(address)
            shown = answer.content
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
        return len(shown)

    def found(self, word: str) -> int:
        """How many of the articles the administration's search finds by a word."""
        from benchmarks.wagtail_peer.models import ArticlePage

        return int(ArticlePage.objects.all().autocomplete(word).count())

    def _signed_in(self) -> Any:
        from django.contrib.auth import get_user_model
        from django.test import Client

        if 0 not in self._clients:
            person: Any = get_user_model()(username="editor")
            person.save()
            person.groups.add(self._editors[0])
            self._clients[0] = Client(SERVER_NAME="localhost")
            self._clients[0].force_login(person)
        return self._clients[0]


def main() -> int:
    """Answer until the input ends."""
    import django

    django.setup()
    group = Group()
    print(json.dumps("ready"), flush=True)
    acts: dict[str, Callable[..., int]] = {
        "open": group.open, "fill": group.fill, "visit": group.visit, "found": group.found
    }  # fmt: skip
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(acts[name](*arguments)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
