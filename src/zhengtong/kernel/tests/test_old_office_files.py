"""Files of before 2007 that a former site offered: harmless ones come in as they are, anything active does not."""

import contextlib
import io
import struct

import olefile
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhengtong.kernel import old_office_files
from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.office_files import checked_attachment
from zhengtong.kernel.old_office_files import checked_old_attachment
from zhengtong.kernel.testing.old_office import compound, doc, ppt, record, xls

CARRIED = struct.pack("<HHI", 0x0, 0x1011, 4) + b"abcd"


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("通知.doc", doc(), "application/msword"),
        ("通知.wps", doc(), "application/msword"),
        ("台账.xls", xls(record(0x0085, b"\0\0\0\0\0\0\x02\0ab")), "application/vnd.ms-excel"),
        ("台账.et", xls(record(0x01AE, b"\x01\x00\x01\x04")), "application/vnd.ms-excel"),
        ("课件.ppt", ppt(struct.pack("<HHI", 0, 0x0FA8, 4) + b"text"), "application/vnd.ms-powerpoint"),
    ],
)
def test_harmless_files_come_in_as_they_are(name, content, kind):
    found = checked_old_attachment(name, content)

    assert (found.name, found.content, found.content_type) == (name, content, kind)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (doc(**{"Macros/VBA/dir": b"x"}), "宏"),
        (doc(**{"ObjectPool/_123/Contents": b"x"}), "夹带"),
        (doc(**{"\x01Ole10Native": b"x"}), "夹带"),
        (compound({"WordDocument": b"\xec\xa5\xc1\x00" + b"\0" * 6 + b"\x00\x01" + b"\0" * 20}), "密码"),
        (compound({"EncryptionInfo": b"x", "EncryptedPackage": b"y"}), "密码"),
        (doc(WordDocument=b"\0" * 40 + b"\x13 DDEAUTO cmd"), "别处"),
        (doc(WordDocument=b"\0" * 40 + "INCLUDETEXT".encode("utf-16-le")), "别处"),
        (xls(record(0x002F, b"\0" * 6)), "密码"),
        (xls(record(0x0085, b"\0\0\0\0\0\x01\x02\0ab")), "宏"),
        (xls(record(0x01AE, b"\x01\x00\x05\x00\x00http")), "别处"),
        (compound({"Workbook": b"", "_VBA_PROJECT_CUR/VBA/dir": b"x"}), "宏"),
        (compound({"Workbook": b"", "MBD0001/Package": b"x"}), "夹带"),
        (ppt(CARRIED), "夹带"),
        (ppt(struct.pack("<HHI", 0xF, 0x03FF, 0)), "宏"),
        (ppt(user=0xF3D1C4DF), "密码"),
        (compound({"Contents": b"x"}), "不是可接收的类型"),
        (doc()[:700], "已损坏"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "已损坏"),
    ],
)
def test_anything_active_locked_or_broken_does_not(content, words):
    with pytest.raises(Invalid, match=words):
        checked_old_attachment("附件.doc", content)


def test_who_uploads_today_saves_anew():
    with pytest.raises(Invalid, match="另存为 docx"):
        checked_attachment("通知.doc", doc())


def test_files_of_the_new_formats_pass_the_same_door_as_ever():
    with pytest.raises(Invalid, match="不是可接收的类型"):
        checked_old_attachment("a.exe", b"MZ\x90\x00" + b"\0" * 300)


@given(st.binary(max_size=1500), st.integers(0, 8000))
def test_no_file_whatever_makes_the_examination_fail_otherwise(junk, place):
    content = doc(**{"1Table": b"x"})
    place = 8 + place % (len(content) - 8)
    broken = content[:place] + junk + content[place + len(junk) :]
    with contextlib.suppress(Invalid):
        assert old_office_files._examined("a", broken) in old_office_files.OLD_ENDINGS


def test_what_the_tests_build_has_no_defect_a_strict_reader_would_name():
    built = io.BytesIO(doc(**{"Macros/VBA/dir": b"x"}))

    with olefile.OleFileIO(built, raise_defects=olefile.DEFECT_POTENTIAL) as file:
        assert file.listdir() == [["Macros", "VBA", "dir"], ["WordDocument"]]
