"""Mail: nothing a person typed reaches the head of a message as a line of its own."""

import pytest
from django.core.mail import EmailMessage


@pytest.mark.parametrize(
    "given",
    [
        {"subject": "通知\r\nBcc: x@evil.example", "to": ["a@qinghe.example"]},
        {"subject": "通知", "to": ["a@qinghe.example\nBcc: x@evil.example"]},
        {"subject": "通知", "to": ["a@qinghe.example"], "from_email": "b@qinghe.example\r\nX: y"},
    ],
)
def test_no_line_end_reaches_a_header(given: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="newline"):
        EmailMessage(body="正文", **given).message()  # type: ignore[arg-type]  # one dictionary for several kinds
