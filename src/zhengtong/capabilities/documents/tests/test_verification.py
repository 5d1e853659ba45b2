import datetime as dt
import io

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhengtong.capabilities.documents import api
from zhengtong.capabilities.documents.api import Verdict
from zhengtong.capabilities.documents.engine.codes import grouped, new_code
from zhengtong.capabilities.documents.engine.contents import content_of
from zhengtong.capabilities.documents.engine.fingerprints import claimed_codes
from zhengtong.capabilities.documents.engine.papers import render_paper
from zhengtong.capabilities.documents.tests.doubles import official
from zhengtong.capabilities.documents.tests.factories import case_ref, file_of, issued, seal_id
from zhengtong.capabilities.documents.tests.papers import CODE, heading, licence_fields
from zhengtong.kernel.clock import local_date
from zhengtong.kernel.errors import Invalid

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def test_a_code_typed_as_printed_finds_the_paper() -> None:
    paper = issued()

    found = api.verify_by_code(f" {grouped(paper.verification_code).lower()} ")

    assert found.verdict is Verdict.GENUINE
    assert (found.number, found.title, found.issuer) == (paper.number, "食品经营许可证", "青禾县市场监督管理局")
    assert found.holder == "青禾县味之源餐饮管理有限公司"
    assert found.sm3 == paper.sm3
    assert found.same_file is None


def test_a_persons_name_is_masked() -> None:
    paper = issued(holder=api.Holder(name="堃喆赟", is_person=True))

    found = api.verify_by_code(paper.verification_code)

    assert found.holder == "堃**"
    assert "喆" not in repr(found)


def test_codes_mistyped_and_codes_never_issued_are_told_apart() -> None:
    paper = issued()
    last = paper.verification_code[-1]
    typo = paper.verification_code[:-1] + ("3" if last != "3" else "4")

    assert api.verify_by_code(typo).verdict is Verdict.MISTYPED
    assert api.verify_by_code("").verdict is Verdict.MISTYPED
    assert api.verify_by_code(new_code()).verdict is Verdict.UNKNOWN


def test_withdrawn_superseded_expired_and_future_papers_say_so() -> None:
    today = local_date()
    withdrawn = issued()
    api.withdraw_document(
        actor=official(), document_id=withdrawn.id, reason="地址登记错误", ground=api.EndGround.MISTAKE
    )
    subject = case_ref()
    superseded = issued(object_ref=subject)
    issued(object_ref=subject, supersedes=superseded.id, reason="变更")
    expired = issued(valid_from=today - 9 * DAY, valid_until=today - DAY)
    future = issued(valid_from=today + DAY)
    last_day = issued(valid_until=today)

    verdicts = [api.verify_by_code(p.verification_code) for p in (withdrawn, superseded, expired, future, last_day)]

    assert [found.verdict for found in verdicts] == [
        Verdict.WITHDRAWN,
        Verdict.SUPERSEDED,
        Verdict.EXPIRED,
        Verdict.NOT_YET_VALID,
        Verdict.GENUINE,
    ]
    assert all(found.message for found in verdicts)
    assert verdicts[0].ended_ground == "登记内容有误"
    assert "地址登记错误" not in repr(verdicts[0])


def test_the_file_itself_is_recognised_with_its_seal() -> None:
    paper = issued(seal_id=seal_id())

    found = api.verify_file(file_of(paper))

    assert (found.verdict, found.same_file) == (Verdict.GENUINE, True)
    assert "完全一致" in found.message
    assert found.signatures
    assert all(signature.valid for signature in found.signatures)
    assert found.signatures[0].unit == "青禾县市场监督管理局"


def test_a_withdrawn_paper_is_withdrawn_even_as_the_same_file() -> None:
    paper = issued()
    content = file_of(paper)
    api.withdraw_document(actor=official(), document_id=paper.id, reason="地址登记错误")

    found = api.verify_file(content)

    assert (found.verdict, found.same_file) == (Verdict.WITHDRAWN, True)


def test_every_flipped_byte_is_noticed() -> None:
    paper = issued(seal_id=seal_id())
    content = file_of(paper)

    for place in range(40, len(content), max(1, len(content) // 12)):
        changed = bytearray(content)
        changed[place] ^= 0x01
        found = api.verify_file(bytes(changed))
        assert found.verdict is Verdict.ALTERED, place
        assert found.same_file is False
        assert found.number == paper.number


def test_a_flipped_byte_breaks_the_seal_too() -> None:
    content = bytearray(file_of(issued(seal_id=seal_id())))
    stream = content.index(b"stream\n") + 20
    content[stream] ^= 0xFF

    found = api.verify_file(bytes(content))

    assert found.verdict is Verdict.ALTERED
    assert not any(signature.valid for signature in found.signatures)


def test_something_appended_is_called_by_its_name() -> None:
    content = file_of(issued())

    found = api.verify_file(content + b"\n% more\n")

    assert found.verdict is Verdict.ALTERED
    assert "追加" in found.message


def test_a_rewritten_paper_that_names_our_code_is_altered() -> None:
    paper = issued()
    forged_heading = heading(
        holder="李二黑心作坊", code=paper.verification_code, verify_url=paper.verify_url, number=paper.number
    )
    forged = render_paper("licence", heading=forged_heading, content=content_of("licence", licence_fields())).pdf

    found = api.verify_file(forged)

    assert found.verdict is Verdict.ALTERED
    assert found.holder == "青禾县味之源餐饮管理有限公司"


def test_a_code_that_stands_only_in_the_text_is_found() -> None:
    pdf = render_paper("licence", heading=heading(), content=content_of("licence", licence_fields())).pdf
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        del file.docinfo["/Keywords"]
        del file.Root["/Metadata"]
        file.save(buffer)

    assert claimed_codes(buffer.getvalue()) == [CODE]


def test_a_foreign_pdf_is_not_ours() -> None:
    buffer = io.BytesIO()
    with pikepdf.new() as file:
        file.add_blank_page()
        file.save(buffer)

    found = api.verify_file(buffer.getvalue())

    assert (found.verdict, found.number, found.same_file) == (Verdict.UNKNOWN, "", False)


def test_what_is_no_pdf_or_too_large_is_refused() -> None:
    with pytest.raises(Invalid, match="不是 PDF"):
        api.verify_file(b"GIF89a")
    with pytest.raises(Invalid, match="20 MB"):
        api.verify_file(b"%PDF-1.7" + b"0" * (20 * 1024 * 1024))


@settings(max_examples=40, deadline=None)
@given(body=st.binary(max_size=400))
def test_rubbish_never_breaks_the_search_for_codes(body: bytes) -> None:
    assert claimed_codes(b"%PDF-1.7\n" + body) == []
