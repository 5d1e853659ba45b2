"""Planting many pages at once: the tree, the pages and their own tables by three statements.

Page by page Wagtail takes about 16 ms of a processor each; a county of 240 sites has thousands before its first day.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Max
from treebeard.mp_tree import MP_Node
from wagtail.models import Collection, Locale, Page

from zhengtong.kernel.clock import now
from zhengtong.kernel.many import insert_values
from zhengtong.systems.sites.models import SitePage

_PAGE = Page._meta.db_table


def plant(parent: Page, pages: Sequence[SitePage]) -> None:
    """Put new pages of one kind below ``parent``, published; part of the caller's transaction.

    Each needs title and slug, its site and its own fields; slugs are new among the children (the caller's matter). No
    revision is written: the first edit makes one of what stands there.
    """
    if not pages:
        return
    above = Page.objects.select_for_update().get(pk=parent.pk)
    step = _steps_taken(above)
    keys, moment, locale = (
        _keys(len(pages)),
        now(),
        Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)[0],
    )
    kind = ContentType.objects.get_for_model(type(pages[0]))
    for place, (page, key) in enumerate(zip(pages, keys, strict=True), start=step + 1):
        page.pk = page.id = page.page_ptr_id = key
        page.path, page.depth, page.numchild = Page._get_path(above.path, above.depth + 1, place), above.depth + 1, 0
        page.url_path, page.draft_title = f"{above.url_path}{page.slug}/", page.title
        page.content_type, page.locale, page.translation_key = kind, locale, uuid.uuid4()
        page.live, page.show_in_menus, page.has_unpublished_changes = True, True, False
        page.first_published_at = page.last_published_at = page.latest_revision_created_at = moment
    insert_values(_PAGE, [_columns(page, Page) for page in pages])
    insert_values(pages[0]._meta.db_table, [_columns(page, type(page)) for page in pages])
    for page in pages:
        page._state.adding, page._state.db = False, connection.alias
    Page.objects.filter(pk=above.pk).update(numchild=above.numchild + len(pages))
    parent.numchild = above.numchild + len(pages)


def add_folder(name: str) -> Collection:
    """A new folder below the root, behind all others; part of the caller's transaction.

    Wagtail's own way sorts folders by name: each new one moves those that follow, so that many cost their square.
    """
    root = Collection.objects.select_for_update().filter(depth=1).first() or Collection.add_root(name="root")
    path = Collection._get_path(root.path, root.depth + 1, _steps_taken(root) + 1)
    folder = Collection.objects.create(name=name, path=path, depth=root.depth + 1, numchild=0)
    Collection.objects.filter(pk=root.pk).update(numchild=root.numchild + 1)
    return folder


def _steps_taken(above: MP_Node) -> int:
    """The highest place among the children; zero where there are none."""
    kind = type(above)
    children = kind.objects.filter(path__startswith=above.path, depth=above.depth + 1)
    last = children.aggregate(last=Max("path"))["last"]
    return 0 if last is None else int(kind._str2int(last[-kind.steplen :]))


def _keys(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select nextval(pg_get_serial_sequence(%s, 'id')) from generate_series(1, %s)", [f'"{_PAGE}"', count]
        )
        return [key for (key,) in cursor.fetchall()]


def _columns(page: Page, model: type[Page]) -> dict[str, Any]:
    """The row of one table."""
    fields = model._meta.local_concrete_fields
    return {str(field.column): field.get_prep_value(getattr(page, field.attname)) for field in fields}
