"""Pictures and documents: as the public reads them, and the forms by which editors bring them in."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.documents.forms import BaseDocumentForm
from wagtail.documents.views.documents import DeleteView as DocumentDeleteView
from wagtail.images.forms import BaseImageForm
from wagtail.images.views.images import DeleteView as PictureDeleteView

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.office_files import ENDINGS, checked_attachment
from zhengtong.kernel.policy import actor_of, public
from zhengtong.kernel.uploads import checked_upload
from zhengtong.systems.sites.models import SiteDocument, SitePicture
from zhengtong.systems.sites.selectors import files as selectors
from zhengtong.systems.sites.services import files as services

_GONE = "没有这个文件，它可能已经撤下。"
#: a browser keeps it for a month; caches between ask again each minute, so that what is taken down is gone there
_LONG = "public, max-age=2592000, s-maxage=60"
#: pictures an editor sends, and documents
_MOST = {"picture": 20, "document": 50}
_INLINE = frozenset({"application/pdf", "image/jpeg", "image/png"})


@public
def picture(request: HttpRequest, key: int, mark: str, width: int) -> HttpResponse:
    """A picture in one size."""
    found = selectors.readable_picture(actor_of(request), key)
    if found is None or not str(found.stored_id).endswith(mark):
        raise Http404(_(_GONE))
    tag = f'"{found.stored.digest[:32]}-{width}"'
    if request.headers.get("If-None-Match") == tag:
        return _cached(HttpResponse(status=304), tag)
    content = selectors.picture_content(found, width)
    if content is None:
        raise Http404(_(_GONE))
    return _cached(HttpResponse(content, content_type=found.stored.content_type), tag)


@public
def document(request: HttpRequest, key: int, mark: str) -> HttpResponse:
    """A document: shown where a browser can, else offered under its title."""
    found = selectors.readable_document(actor_of(request), key)
    if found is None or not str(found.stored_id).endswith(mark):
        raise Http404(_(_GONE))
    tag = f'"{found.stored.digest[:32]}"'
    if request.headers.get("If-None-Match") == tag:
        return _cached(HttpResponse(status=304), tag)
    kind = found.stored.content_type
    answer = HttpResponse(selectors.content_of(found), content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(kind not in _INLINE, found.filename) or "attachment"
    return _cached(answer, tag)


def _cached(answer: HttpResponse, tag: str) -> HttpResponse:
    answer["Cache-Control"], answer["ETag"] = _LONG, tag
    return answer


class _FileForm(forms.BaseForm):
    """What both forms share: a file comes in once and is never exchanged, for pages that were signed for show it."""

    sent: Any = None
    instance: Any
    collections: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.actor: Any = getattr(kwargs.get("user"), "acting", None)
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("file", "collection"):
                self.fields.pop(name, None)

    def clean_file(self) -> Any:
        """Look at the file before anything is written."""
        upload = self.cleaned_data["file"]
        try:
            self.sent = self.checked(upload.name, upload)
        except Invalid as refusal:
            raise ValidationError(refusal.message) from refusal
        return upload

    def checked(self, name: str, upload: Any) -> Any:
        """What the service takes; raises Invalid."""
        raise NotImplementedError

    def keep(self) -> Any:
        """The kept file."""
        raise NotImplementedError

    def save(self, commit: bool = True) -> Any:  # noqa: FBT001  # as Django calls it
        """By the service; Wagtail always saves at once."""
        if len(self.collections) == 1 and not self.instance.pk:
            self.instance.collection = self.collections[0]
        if self.instance.pk:
            return services.rename_file(actor=self.actor, file=self.instance)
        return self.keep()


def _content(upload: Any, most: int) -> bytes:
    if upload.size > most * 1024 * 1024:
        raise Invalid(_("文件超过 %(n)d MB。请压缩后重新上传。") % {"n": most}, field="file")
    return bytes(upload.read())


class PictureForm(_FileForm, BaseImageForm):
    """A picture: checked, drawn anew, kept."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("JPG 或 PNG，不超过 20 MB；拍摄地点等附带信息会自动去掉。"),
        widget=forms.FileInput(attrs={"accept": ".jpg,.jpeg,.png", **BaseImageForm._meta.widgets["file"].attrs}),
    )

    def checked(self, name: str, upload: Any) -> services.PlainPicture:
        """The picture, drawn anew."""
        return services.plain_picture(checked_upload(name, _content(upload, _MOST["picture"])))

    def keep(self) -> SitePicture:
        """By the service."""
        return services.keep_picture(actor=self.actor, picture=self.instance, plain=self.sent)


class DocumentForm(_FileForm, BaseDocumentForm):
    """A document: checked, kept."""

    file = forms.FileField(
        label=gettext_lazy("文件"),
        help_text=gettext_lazy("PDF、OFD、docx、xlsx、pptx，不超过 50 MB；带宏或密码的不接收。"),
        widget=forms.FileInput(
            attrs={"accept": ",".join(ENDINGS.values()), **BaseDocumentForm._meta.widgets["file"].attrs}
        ),
    )

    def checked(self, name: str, upload: Any) -> Any:
        """The document, as it was sent."""
        return checked_attachment(name, _content(upload, _MOST["document"]))

    def keep(self) -> SiteDocument:
        """By the service."""
        return services.keep_document(actor=self.actor, document=self.instance, upload=self.sent)


class RemovePicture(PictureDeleteView):
    """Wagtail's question, our act."""

    def delete_action(self) -> None:
        """Take it away."""
        services.remove_file(actor=actor_of(self.request), file=self.object)


class RemoveDocument(DocumentDeleteView):
    """The same for documents."""

    def delete_action(self) -> None:
        """Take it away."""
        services.remove_file(actor=actor_of(self.request), file=self.object)


def one_by_one(name: str) -> Any:
    """Stands in for Wagtail's screen of many uploads at once: its forms would go past ours."""

    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return redirect(name)

    return view
