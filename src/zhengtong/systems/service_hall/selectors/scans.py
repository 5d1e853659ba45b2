"""Reading the pages of a material that is scanned page by page."""

import uuid

from django.db.models import Count
from django.utils.translation import gettext as _

from zhengtong.kernel.errors import NotFound
from zhengtong.systems.service_hall.constants import MaterialState
from zhengtong.systems.service_hall.models import Application, MaterialFile, ScannedPage


def scans_of(row: Application, material_key: str) -> list[ScannedPage]:
    """The pages of a material that were collected so far, in their order."""
    return list(ScannedPage.objects.filter(application=row, material_key=material_key).order_by("place", "created_at"))


def scan_of(row: Application, page_id: uuid.UUID) -> ScannedPage:
    """One page of an application; NotFound."""
    page = ScannedPage.objects.filter(application=row, pk=page_id).first()
    if page is None:
        raise NotFound(_("没有找到这一页，可能已经移除。"))
    return page


def scan_counts(row: Application) -> dict[str, int]:
    """By material, how many pages wait to be put together."""
    rows = ScannedPage.objects.filter(application=row).values_list("material_key")
    return dict(rows.annotate(many=Count("id")))


def current_file(row: Application, material_key: str) -> MaterialFile | None:
    """The file that counts today for a material."""
    rows = MaterialFile.objects.filter(application=row, material_key=material_key, state=MaterialState.CURRENT)
    return rows.order_by("-created_at").first()
