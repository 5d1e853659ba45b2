"""行政许可法所定期限：停止计时事由、延长规则、告知期限。Data with its article; another law is another row."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from zhengtong.capabilities.cases.rules.terms import Limit, Unit

_ARTICLE_45 = "行政许可法 第四十五条"


@dataclass(frozen=True)
class StopReason:
    """A ground on which time is not counted; the applicant is told in writing how long it takes (同条)."""

    code: str
    label: str
    legal_basis: str


@dataclass(frozen=True)
class ExtensionRule:
    """How far a limit may be extended, by whom, and how often."""

    code: str
    label: str
    limit: Limit
    extra: Limit
    approver: str
    legal_basis: str
    times: int = 1


STOP_REASONS: Mapping[str, StopReason] = MappingProxyType(
    {
        code: StopReason(code, label, _ARTICLE_45)
        for code, label in (
            ("hearing", "听证"),
            ("tender", "招标"),
            ("auction", "拍卖"),
            ("inspection", "检验"),
            ("testing", "检测"),
            ("quarantine", "检疫"),
            ("appraisal", "鉴定"),
            ("expert_review", "专家评审"),
        )
    }
)

EXTENSION_RULES: Mapping[str, ExtensionRule] = MappingProxyType(
    {
        "single": ExtensionRule(
            code="single",
            label="单部门办理",
            limit=Limit(20, Unit.WD),
            extra=Limit(10, Unit.WD),
            approver="本行政机关负责人",
            legal_basis="行政许可法 第四十二条第一款",
        ),
        "joint": ExtensionRule(
            code="joint",
            label="统一办理、联合办理、集中办理",
            limit=Limit(45, Unit.WD),
            extra=Limit(15, Unit.WD),
            approver="本级人民政府负责人",
            legal_basis="行政许可法 第四十二条第二款",
        ),
    }
)

HEARING_REQUEST_LIMIT = Limit(5, Unit.WD)
HEARING_HOLD_LIMIT = Limit(20, Unit.WD)
HEARING_NOTICE_AHEAD = Limit(7, Unit.WD)
HEARING_BASIS = "行政许可法 第四十七条第一款"
HEARING_NOTICE_BASIS = "行政许可法 第四十八条第一款第（一）项"

RENEWAL_BASIS = "行政许可法 第五十条"

NOTICE_LIMIT = Limit(5, Unit.WD)
NOTICE_BASIS = "行政许可法 第三十二条第一款第（四）项"


def stop_label(reason_code: str) -> str:
    """The Chinese word of a stop reason; a local reason is already written in words."""
    known = STOP_REASONS.get(reason_code)
    return known.label if known else reason_code
