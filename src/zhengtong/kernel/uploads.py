"""What an uploaded file really is, and whether it may come in: decided from its bytes, not from its name."""

import dataclasses
import io
import pathlib
import unicodedata
import warnings

import filetype
import pikepdf
from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.scanning import refuse_infected
from zhengtong.kernel.transactions import refuse_inside

MAX_BYTES = 50 * 1024 * 1024
#: the longest form: five files as large as one may be, and what is typed beside them
MAX_REQUEST_BYTES = 5 * MAX_BYTES + 5 * 1024 * 1024
ACCEPTED = {"application/pdf": "PDF", "image/jpeg": "JPG", "image/png": "PNG"}
_MAX_PIXELS = 40_000_000
#: what a PDF may not do by itself or at a click: run, start, send or load something (ISO 32000-2 §12.6.4)
_ACTIVE = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToE"})
#: files inside a PDF that are data of the PDF itself: the XML of an electronic invoice
_INNER = (".xml",)
_DEEPEST = 6  # dictionaries written inside one another; actions stand higher


@dataclasses.dataclass(frozen=True, kw_only=True)
class CheckedUpload:
    """A stranger's file that may come in, with its cleaned name; only the checks of uploads make one."""

    name: str
    content: bytes = dataclasses.field(repr=False)
    content_type: str

    @property
    def is_picture(self) -> bool:
        """True for a photograph, not for a PDF."""
        return self.content_type.startswith("image/")


def clean_name(name: str) -> str:
    """The last part of a file name without control characters, at most 120 characters."""
    base = pathlib.PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(ch for ch in unicodedata.normalize("NFC", base) if ch.isprintable() and ch not in '<>:"|?*')
    stem, dot, suffix = kept.rpartition(".")
    return f"{stem[:110]}{dot}{suffix[:9]}" if dot else kept[:120]


def checked_upload(name: str, content: bytes) -> CheckedUpload:
    """An acceptable file, decoded and scanned; raises Invalid with a sentence for the person who sent it.

    RuntimeError inside a transaction: the scanner may be slow, and rows would stay locked as long.
    """
    refuse_inside("a file is checked")
    shown = clean_name(name) or _("附件")
    if not content:
        raise Invalid(_("附件“%(name)s”是空文件。请重新选择文件上传。") % {"name": shown}, field="file")
    if len(content) > MAX_BYTES:
        raise Invalid(
            _("附件“%(name)s”超过 50 MB。请压缩后重新上传，已填写的内容都还在。") % {"name": shown}, field="file"
        )
    kind = filetype.guess(content)
    mime = kind.mime if kind else ""
    if mime not in ACCEPTED:
        raise Invalid(
            _("附件“%(name)s”不是可接收的类型。请上传 PDF、JPG 或 PNG 文件，已填写的内容都还在。") % {"name": shown},
            field="file",
        )
    if mime == "application/pdf":
        _check_pdf(shown, content)
    else:
        _check_image(shown, content)
    refuse_infected(shown, content)
    return CheckedUpload(name=clean_name(name), content=content, content_type=mime)


def _check_pdf(shown: str, content: bytes) -> None:
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages, active = len(pdf.pages), any(_is_active(each, _DEEPEST) for each in pdf.objects)
    except pikepdf.PasswordError:
        raise Invalid(_("附件“%(name)s”设有打开密码。请去掉密码后重新上传。") % {"name": shown}, field="file") from None
    except (pikepdf.PdfError, ValueError):
        raise Invalid(
            _("附件“%(name)s”已损坏，打不开。请重新导出 PDF 后上传。") % {"name": shown}, field="file"
        ) from None
    if not pages:
        raise Invalid(_("附件“%(name)s”没有一页内容。请重新导出 PDF 后上传。") % {"name": shown}, field="file")
    if active:
        raise Invalid(
            _("附件“%(name)s”里有会自动运行的内容或者夹带的文件，没有接收。请用“打印”另存为普通 PDF，或者改传照片。")
            % {"name": shown},
            field="file",
        )


def _is_active(value: pikepdf.Object, deep: int) -> bool:
    """True for an action that does more than turn pages, a dynamic form, a file carried along, and what holds one."""
    if isinstance(value, pikepdf.Array):
        return deep > 0 and any(_is_active(each, deep - 1) for each in value if _is_inside(each))
    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if "/JS" in value or "/XFA" in value or str(value.get("/S", "")) in _ACTIVE:
        return True
    if "/EF" in value and not str(value.get("/UF", value.get("/F", ""))).lower().endswith(_INNER):
        return True
    return deep > 0 and any(_is_active(each, deep - 1) for _key, each in value.items() if _is_inside(each))


def _is_inside(value: object) -> bool:
    """Written inside another object; what has a number of its own is looked at by itself."""
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def _check_image(shown: str, content: bytes) -> None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content)) as image:
                if image.width * image.height > _MAX_PIXELS:
                    raise Image.DecompressionBombError
                image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(
            _("图片“%(name)s”尺寸过大，没有接收。请重新拍照，或者缩小到 4000 万像素以内再上传。") % {"name": shown},
            field="file",
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Invalid(
            _("图片“%(name)s”已损坏，打不开。请重新拍照或扫描后上传。") % {"name": shown}, field="file"
        ) from None
