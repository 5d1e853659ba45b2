"""A text is kept whole or refused."""

import pytest

from zhengtong.kernel.errors import Invalid
from zhengtong.kernel.texts import whole_text


def test_a_text_is_kept_as_the_browser_counted_it() -> None:
    assert whole_text("  一\r\n二\x00 ", 3, label="理由") == "一\n二"


def test_a_text_too_long_is_refused_and_not_cut() -> None:
    with pytest.raises(Invalid, match="理由最多 3 个字，现在有 4 个字") as refusal:
        whole_text("一二三四", 3, label="理由", field="reason")

    assert refusal.value.field == "reason"
