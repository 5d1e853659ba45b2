import errno
import io

import pikepdf
import pytest
from PIL import Image

from zhengtong.kernel import storage
from zhengtong.kernel.errors import Invalid, NoRoom, NotFound
from zhengtong.kernel.ids import new_id
from zhengtong.kernel.refusals import refusal_page
from zhengtong.kernel.uploads import checked_upload, clean_name


def picture(kind: str = "PNG", size: tuple[int, int] = (20, 20)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind)
    return out.getvalue()


def pdf(*, script: bool = False, password: str = "") -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as document:
        document.add_blank_page()
        if script:
            document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        encryption = pikepdf.Encryption(owner=password, user=password) if password else False
        document.save(out, encryption=encryption)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "mime"), [(picture(), "image/png"), (picture("JPEG"), "image/jpeg"), (pdf(), "application/pdf")]
)
def test_acceptable_files_are_known_by_their_bytes(content, mime):
    assert checked_upload("材料.bin", content).content_type == mime


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "空文件"),
        (b"MZ\x90\x00" + b"\0" * 200, "不是可接收的类型"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "不是可接收的类型"),
        (pdf(script=True), "会自动运行的内容"),
        (pdf(password="secret"), "打开密码"),
        (pdf()[:60], "已损坏"),
        (picture()[:60], "已损坏"),
    ],
)
def test_refusal_names_the_file_and_says_why(content, words):
    with pytest.raises(Invalid) as refusal:
        checked_upload("营业执照.pdf", content)

    assert words in refusal.value.message
    assert "营业执照.pdf" in refusal.value.message


def test_picture_of_too_many_points_is_refused_before_it_is_unpacked():
    with pytest.raises(Invalid, match="尺寸过大"):
        checked_upload("大图.png", picture(size=(8000, 5200)))


def test_too_many_bytes_are_refused(monkeypatch):
    monkeypatch.setattr("zhengtong.kernel.uploads.MAX_BYTES", 100)

    with pytest.raises(Invalid, match="超过 50 MB"):
        checked_upload("大文件.pdf", pdf())


@pytest.mark.parametrize(
    ("name", "clean"),
    [("C:\\我的\\营业执照.pdf", "营业执照.pdf"), ("../../etc/passwd", "passwd"), ("a\x00b<c>.png", "abc.png")],
)
def test_names_lose_paths_and_control_characters(name, clean):
    assert clean_name(name) == clean


def test_long_name_keeps_its_ending():
    assert clean_name("长" * 300 + ".pdf") == "长" * 110 + ".pdf"


@pytest.mark.django_db
def test_stored_file_comes_back_and_belongs_to_its_tenant(settings, tmp_path):
    settings.ZHENGTONG_VAR = str(tmp_path)
    content = pdf()
    row = storage.store_upload(tenant="980723", upload=checked_upload("材料.pdf", content))

    assert storage.read(tenant="980723", file_id=row.id)[1] == content
    with pytest.raises(NotFound):
        storage.read(tenant="980724", file_id=row.id)
    with pytest.raises(NotFound):
        storage.read(tenant="980723", file_id=new_id())


@pytest.mark.django_db
def test_damaged_content_is_never_served(settings, tmp_path):
    settings.ZHENGTONG_VAR = str(tmp_path)
    row = storage.store(tenant="980723", name="a.txt", content=b"hello", content_type="text/plain")
    stored = next(path for path in (tmp_path / "files").rglob("*") if path.is_file())
    stored.write_bytes(b"jello")

    with pytest.raises(NotFound, match="损坏"):
        storage.read(tenant="980723", file_id=row.id)
    stored.unlink()
    with pytest.raises(NotFound, match="损坏"):
        storage.read(tenant="980723", file_id=row.id)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_and_keeps_no_half_file(settings, tmp_path, monkeypatch, code):
    settings.ZHENGTONG_VAR = str(tmp_path)

    def full(_descriptor: int) -> None:
        raise OSError(code, "no room")

    monkeypatch.setattr(storage.os, "fsync", full)

    with pytest.raises(NoRoom, match="存储空间已满"):
        storage.store_upload(tenant="980723", upload=checked_upload("材料.pdf", pdf()))
    with pytest.raises(OSError, match="no room"):
        storage.store(tenant="980723", name="a.txt", content=b"hello", content_type="text/plain")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_broken_disk_is_no_full_one(settings, tmp_path, monkeypatch):
    settings.ZHENGTONG_VAR = str(tmp_path)

    def broken(_descriptor: int) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(storage.os, "fsync", broken)

    with pytest.raises(OSError, match="broken"):
        storage.store_upload(tenant="980723", upload=checked_upload("材料.pdf", pdf()))


def test_no_room_has_a_page_of_its_own(rf):
    answer = refusal_page(rf.get("/"), NoRoom("文件没有存下：平台的存储空间已满。"))

    assert answer.status_code == 507
    assert "存储空间不足" in answer.content.decode()
