"""What the platform holds about a person who wrote signed in, and who has opened his name."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.kernel.actors import Actor
from zhengtong.kernel.personal_data import Holding, Readable
from zhengtong.systems.complaints.constants import OBJECT_KIND
from zhengtong.systems.complaints.models import Complaint
from zhengtong.systems.complaints.selectors.complaints import own_list


def holdings_of_writer(actor: Actor) -> list[Holding]:
    """The complaints he wrote; anonymous ones are not his, for nothing says that they are."""
    rows = own_list(actor)
    return [
        Holding(
            key="complaints",
            label=_("咨询投诉"),
            count=rows.count(),
            purpose=_("办理您提出的咨询、投诉、举报和建议"),
            kept=_("办结后五年"),
            rows=lambda: [_row(row) for row in rows],
            url=reverse("complaints:mine"),
        )
    ]


def readables_of_writer(actor: Actor) -> list[Readable]:
    """Who opened his name."""
    ids = [str(key) for key in own_list(actor).values_list("id", flat=True)]
    return [Readable(kind=OBJECT_KIND, ids=ids, acts=("complaints.read_identity", "complaints.open_file"))]


def _row(row: Complaint) -> dict[str, Any]:
    return {
        "编号": row.number,
        "类别": row.get_kind_display(),
        "保密要求": row.get_protection_display(),
        "收到时间": row.received_at.isoformat(),
        "标题": row.title,
        "内容": row.content,
        "希望怎样处理": row.wish,
        "姓名": row.name,
        "联系电话": row.phone,
        "公民身份号码": row.citizen_number,
        "住址": row.address,
        "状态": row.get_state_display(),
        "答复": row.answer,
    }
