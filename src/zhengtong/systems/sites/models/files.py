"""Pictures and documents of a site, and on which page before the public each stands."""

import dataclasses
import uuid
from collections.abc import Collection
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import models
from django.db.models import Q
from django.forms.utils import flatatt
from django.urls import reverse
from django.utils.deconstruct import deconstructible
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from taggit.managers import TaggableManager
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, Filter, ImageQuerySet, Rendition
from wagtail.models import Page

from zhengtong.kernel import storage
from zhengtong.kernel.fields import TenantField
from zhengtong.kernel.inventory import of_official, personal
from zhengtong.kernel.models import StoredFile
from zhengtong.kernel.office_files import ENDINGS
from zhengtong.kernel.old_office_files import OLD_ENDINGS
from zhengtong.systems.sites.constants import WEB_PAGES
from zhengtong.systems.sites.rules import pictures


@deconstructible
class FileStore(Storage):
    """Wagtail's view of the one door of files: a name is ``<county>/<identifier>.<ending>``; writing is a service's."""

    def _open(self, name: str, mode: str = "rb") -> File:
        tenant, identifier = _parts(name)
        return ContentFile(storage.read(tenant=tenant, file_id=identifier)[1], name=name)

    def exists(self, name: str) -> bool:
        """True for a file that is stored."""
        tenant, identifier = _parts(name)
        return StoredFile.objects.filter(tenant=tenant, pk=identifier).exists()

    def size(self, name: str) -> int:
        """Bytes of a file."""
        return StoredFile.objects.get(pk=_parts(name)[1]).size

    def delete(self, name: str) -> None:
        """Nothing: contents leave with the rows that name them."""


def _parts(name: str) -> tuple[str, uuid.UUID]:
    tenant, _slash, rest = name.partition("/")
    return tenant, uuid.UUID(rest.partition(".")[0])


def stored_name(row: StoredFile) -> str:
    """How Wagtail's file field names a stored file."""
    return f"{row.tenant}/{row.pk}{(ENDINGS | OLD_ENDINGS).get(row.content_type, '')}"


class ShownPicture:
    """A picture in one size, as templates take it from Wagtail; made when a browser first asks for it."""

    def __init__(self, picture: "SitePicture", spec: str) -> None:
        self.image = picture
        self.width, self.height = pictures.fitted(spec, picture.width, picture.height)
        self.url = picture.address(pictures.step(2 * self.width, picture.width))
        self.full_url = self.url
        self.is_whole = spec.startswith("original")

    @property
    def alt(self) -> str:
        """What is read out in its place."""
        if self.image.decorative:
            return ""
        return self.image.contextual_alt_text or str(self.image.default_alt_text)

    @property
    def attrs_dict(self) -> dict[str, Any]:
        """What stands in the ``img``."""
        found: dict[str, Any] = {"src": self.url, "width": self.width, "height": self.height, "alt": self.alt}
        if self.width > pictures.WIDTHS[0]:
            found["srcset"] = self.image.srcset
            found["sizes"] = f"(max-width: {self.width + 40}px) 92vw, {self.width}px"
        return found

    @property
    def attrs(self) -> SafeString:
        """The same as text."""
        return flatatt(self.attrs_dict)

    def img_tag(self, extra_attributes: dict[str, Any] | None = None) -> SafeString:
        """The ``img``."""
        return mark_safe(f"<img{flatatt({**self.attrs_dict, 'loading': 'lazy', **(extra_attributes or {})})}>")  # noqa: S308  # flatatt escapes

    def __html__(self) -> SafeString:
        return self.img_tag()


class PictureQuerySet(ImageQuerySet):
    """Pictures: their sizes are not rows, so nothing is fetched for them."""

    def prefetch_renditions(self, *filters: Any) -> "PictureQuerySet":
        """The same pictures."""
        return self


class SitePicture(AbstractImage):
    """图片：属于一个网站；拍摄地点等附带信息在上传时去掉，各种尺寸用到时才生成。

    Personal data: the account that uploaded it; people may be seen in it (see StoredFile). Kept until it is removed.
    """

    PERSONAL_DATA = personal(of_official("uploaded_by_user", activity=WEB_PAGES))

    file = models.ImageField(
        _("文件"), upload_to="-", storage=FileStore(), width_field="width", height_field="height", max_length=100
    )
    tenant = TenantField()
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # Wagtail looks for it
    tags = TaggableManager(verbose_name=_("标签"), blank=True, help_text=None, related_name="site_pictures+")
    stored = models.ForeignKey(StoredFile, verbose_name=_("存储的文件"), on_delete=models.PROTECT, related_name="+")

    objects = PictureQuerySet.as_manager()
    admin_form_fields: ClassVar[tuple[str, ...]] = ("title", "file", "description", "collection")

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(width__gt=0, height__gt=0), name="sites_picture_has_a_size")
        ]

    @classmethod
    def get_rendition_model(cls) -> type[Rendition]:
        """Wagtail's own, whose table stays empty: sizes are files beside the platform, not rows."""
        return Rendition

    def get_rendition(self, filter: Filter | str) -> ShownPicture:  # noqa: A002  # Wagtail's name
        """The picture in one size."""
        return ShownPicture(self, filter if isinstance(filter, str) else filter.spec)

    def get_renditions(self, *filters: Filter | str) -> dict[str, ShownPicture]:
        """The picture in several sizes."""
        found = [(one if isinstance(one, str) else one.spec) for one in filters]
        return {spec: self.get_rendition(spec) for spec in found}

    def address(self, width: int = 0) -> str:
        """Where it is shown so wide; 0: as it is kept."""
        return reverse("sites:picture", args=[self.pk, str(self.stored_id)[-12:], width])

    @property
    def whole(self) -> ShownPicture:
        """The picture in the width of an article's text."""
        return self.get_rendition("width-800")

    @property
    def srcset(self) -> str:
        """All its sizes, for a browser to choose."""
        return ", ".join(f"{self.address(one)} {one or self.width}w" for one in pictures.steps(self.width))

    def is_stored_locally(self) -> bool:
        """Not as a file of Wagtail's."""
        return False


class SiteDocument(AbstractDocument):
    """附件：属于一个网站，供公众下载的文件。

    Personal data: the account that uploaded it; what the file says (see StoredFile). Kept until it is removed.
    """

    PERSONAL_DATA = personal(of_official("uploaded_by_user", activity=WEB_PAGES))

    file = models.FileField(_("文件"), upload_to="-", storage=FileStore(), max_length=100)
    tenant = TenantField()
    uploaded_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("上传人"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    uploaded_by_user.wagtail_reference_index_ignore = True  # type: ignore[attr-defined]  # Wagtail looks for it
    tags = TaggableManager(verbose_name=_("标签"), blank=True, help_text=None, related_name="site_documents+")
    stored = models.ForeignKey(StoredFile, verbose_name=_("存储的文件"), on_delete=models.PROTECT, related_name="+")

    admin_form_fields: ClassVar[tuple[str, ...]] = ("title", "file", "collection")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("附件")
        verbose_name_plural = _("附件")

    @property
    def url(self) -> str:
        """Where it is downloaded."""
        return reverse("sites:document", args=[self.pk, str(self.stored_id)[-12:]])

    @property
    def filename(self) -> str:
        """The name it is saved under: its title with the ending of what it is."""
        ending = self.file_ending
        return self.title if self.title.lower().endswith(ending) else f"{self.title}{ending}"

    @property
    def kind_words(self) -> str:
        """``PDF`` and so on, for who downloads it."""
        return self.file_ending[1:].upper()

    @property
    def file_ending(self) -> str:
        """``.pdf`` and so on, by what it is."""
        return "." + str(self.file.name).rpartition(".")[2]

    def is_stored_locally(self) -> bool:
        """Not as a file of Wagtail's."""
        return False


class FileUse(models.Model):
    """文件引用：哪个已发布的网页用着哪个图片或附件；没有发布的网页在用，文件就不公开。

    Personal data: none.
    """

    PERSONAL_DATA = personal()

    tenant = TenantField()
    page = models.ForeignKey(Page, verbose_name=_("网页"), on_delete=models.CASCADE, related_name="+")
    picture = models.ForeignKey(
        SitePicture, verbose_name=_("图片"), on_delete=models.PROTECT, null=True, related_name="uses"
    )
    document = models.ForeignKey(
        SiteDocument, verbose_name=_("附件"), on_delete=models.PROTECT, null=True, related_name="uses"
    )
    wagtail_reference_index_ignore = True

    class Meta:
        verbose_name = _("文件引用")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(picture__isnull=False, document__isnull=True)
                | Q(picture__isnull=True, document__isnull=False),
                name="sites_file_use_of_one",
            ),
            models.UniqueConstraint(fields=["page", "picture"], name="sites_file_use_picture"),
            models.UniqueConstraint(fields=["page", "document"], name="sites_file_use_document"),
        ]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.picture_id or self.document_id}"


@dataclasses.dataclass(frozen=True)
class Named:
    """Keys of the pictures and documents a page names."""

    pictures: frozenset[int]
    documents: frozenset[int]

    def without(self, pictures: Collection[int], documents: Collection[int]) -> "Named":
        """What is left when these are taken away."""
        return Named(self.pictures - frozenset(pictures), self.documents - frozenset(documents))

    def __bool__(self) -> bool:
        return bool(self.pictures or self.documents)


def files_named(page: Page) -> Named:
    """The pictures and documents a page shows or offers, as it stands in memory, in modules, text and fields."""
    found: dict[Any, set[int]] = {SitePicture: set(), SiteDocument: set()}
    for field in page._meta.concrete_fields:
        if hasattr(field, "extract_references"):
            for model, key, _model_path, _content_path in field.extract_references(getattr(page, field.attname)):
                if model in found and str(key).isdecimal():
                    found[model].add(int(key))
        elif field.remote_field is not None and field.remote_field.model in found and getattr(page, field.attname):
            found[field.remote_field.model].add(getattr(page, field.attname))
    return Named(frozenset(found[SitePicture]), frozenset(found[SiteDocument]))


def strange_files(page: Page, collection_id: int) -> Named:
    """What a page names that neither lies in the folder of its site nor stands on it before the public already."""
    named = files_named(page)
    if not named:
        return named
    own = named.without(
        SitePicture.objects.filter(pk__in=named.pictures, collection_id=collection_id).values_list("pk", flat=True),
        SiteDocument.objects.filter(pk__in=named.documents, collection_id=collection_id).values_list("pk", flat=True),
    )
    shown = FileUse.objects.filter(page_id=page.pk) if own and page.pk else FileUse.objects.none()
    pairs = list(shown.values_list("picture_id", "document_id"))
    return own.without([one for one, _other in pairs if one], [other for _one, other in pairs if other])


def wordless_pictures(page: Page) -> int:
    """How many pictures of a page have neither words in their place nor are called decoration.

    Wagtail asks for them in its form, but not of who only saves for later.
    """
    streams = [getattr(page, field.attname) for field in page._meta.concrete_fields if hasattr(field, "stream_block")]
    return sum(_wordless(stream.get_prep_value()) for stream in streams)


def _wordless(raw: Any) -> int:
    if isinstance(raw, list):
        return sum(_wordless(one) for one in raw)
    if not isinstance(raw, dict):
        return 0
    if raw.get("image") and "alt_text" in raw and not raw.get("decorative") and not (raw["alt_text"] or "").strip():
        return 1
    return sum(_wordless(one) for one in raw.values())
