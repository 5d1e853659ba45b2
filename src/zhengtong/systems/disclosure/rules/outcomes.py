"""答复类型: how a request may end, on what article, and in which row of the yearly report it is counted.

政府信息公开条例 第十四条至第十六条、第三十条、第三十六条至第三十九条；年度报告的行次按统一格式（待核实）。
"""

import dataclasses
from typing import Final


@dataclasses.dataclass(frozen=True)
class Outcome:
    """One way to end: ``row`` is its row in table 2, ``article`` the law, ``says`` the sentence of the letter.

    ``gives``: information goes out, so the answer says how it is had. ``names_agency``: the answer names who answers
    for it. ``by_clock``: only the platform ends a request so, when a limit has passed.
    """

    key: str
    label: str
    row: str
    article: str
    says: str
    gives: bool = False
    names_agency: bool = False
    by_clock: bool = False


def _one(key: str, label: str, row: str, article: str, says: str, **more: bool) -> Outcome:
    return Outcome(key, label, row, f"《政府信息公开条例》{article}", says, **more)


_ALL: Final = (
    _one(
        "already",
        "已主动公开",
        "open",
        "第三十六条第一项",
        "您申请公开的信息已经主动公开，现告知获取的方式和途径。",
        gives=True,
    ),
    _one("provide", "予以公开", "open", "第三十六条第二项", "经审查，您申请公开的信息予以公开。", gives=True),
    _one(
        "partial",
        "部分公开",
        "partial",
        "第三十七条",
        "您申请公开的信息含有不应当公开的内容，能够作区分处理，现公开可以公开的部分，并说明不予公开的理由。",
        gives=True,
    ),
    _one(
        "refuse_secret",
        "不予公开：国家秘密",
        "refuse_secret",
        "第十四条、第三十六条第三项",
        "您申请公开的信息依法确定为国家秘密，不予公开。",
    ),
    _one(
        "refuse_banned",
        "不予公开：法律、行政法规禁止公开",
        "refuse_banned",
        "第十四条、第三十六条第三项",
        "您申请公开的信息属于法律、行政法规禁止公开的信息，不予公开。",
    ),
    _one(
        "refuse_safety",
        "不予公开：危及“三安全一稳定”",
        "refuse_safety",
        "第十四条、第三十六条第三项",
        "您申请公开的信息公开后可能危及国家安全、公共安全、经济安全、社会稳定，不予公开。",
    ),
    _one(
        "refuse_third",
        "不予公开：保护第三方合法权益",
        "refuse_third",
        "第十五条、第三十二条、第三十六条第三项",
        "您申请公开的信息涉及第三方合法权益，第三方不同意公开且有合理理由，不予公开。",
    ),
    _one(
        "refuse_internal",
        "不予公开：属于三类内部事务信息",
        "refuse_internal",
        "第十六条第一款、第三十六条第三项",
        "您申请公开的信息属于本机关的内部事务信息，不予公开。",
    ),
    _one(
        "refuse_process",
        "不予公开：属于四类过程性信息",
        "refuse_process",
        "第十六条第二款、第三十六条第三项",
        "您申请公开的信息属于本机关履行职责过程中形成的过程性信息，不予公开。",
    ),
    _one(
        "refuse_casefile",
        "不予公开：属于行政执法案卷",
        "refuse_casefile",
        "第十六条第二款、第三十六条第三项",
        "您申请公开的信息属于行政执法案卷信息，不予公开。",
    ),
    _one(
        "refuse_query",
        "按特别规定办理：属于行政查询事项",
        "refuse_query",
        "第三十六条第七项",
        "您申请的信息属于工商、不动产登记资料等信息，法律、行政法规对信息的获取有特别规定，请依照规定办理。",
    ),
    _one(
        "not_ours",
        "不属于本机关负责公开",
        "none_held",
        "第三十六条第五项",
        "您申请公开的信息不属于本机关负责公开。",
        names_agency=True,
    ),
    _one(
        "not_exist",
        "信息不存在",
        "none_held",
        "第三十六条第四项",
        "经检索，您申请公开的信息本机关没有制作或者获取，信息不存在。",
    ),
    _one(
        "needs_making",
        "没有现成信息需要另行制作",
        "none_made",
        "第三十八条",
        "您申请公开的信息需要本机关对现有政府信息进行加工、分析，本机关不予提供。",
    ),
    _one(
        "still_unclear",
        "补正后申请内容仍不明确",
        "none_unclear",
        "第三十条、第三十六条",
        "您补正后的申请内容仍不明确，本机关无法提供。",
    ),
    _one(
        "not_petition",
        "不予处理：信访举报投诉类申请",
        "skip_petition",
        "第三十九条第一款",
        "您以政府信息公开申请的形式进行信访、投诉、举报等活动，本机关不作为政府信息公开申请处理，请通过相应渠道提出。",
    ),
    _one(
        "not_repeat",
        "不予处理：重复申请",
        "skip_repeat",
        "第三十六条第六项",
        "您重复申请公开相同的政府信息，本机关此前已经作出答复，不予重复处理。",
    ),
    _one(
        "not_publication",
        "不予处理：要求提供公开出版物",
        "skip_publication",
        "第三十九条第二款",
        "您要求提供政府公报、报刊、书籍等公开出版物，现告知获取的途径。",
    ),
    _one(
        "not_flood",
        "不予处理：无正当理由大量反复申请",
        "skip_flood",
        "第三十五条",
        "您申请公开政府信息的数量、频次明显超过合理范围，说明的理由不合理，本机关不予处理。",
    ),
    _one(
        "not_confirm",
        "不予处理：要求确认或者重新出具已获取信息",
        "skip_confirm",
        "第三十六条",
        "您要求本机关确认或者重新出具已经获取的信息，本机关不予处理。",
    ),
    _one(
        "uncorrected",
        "逾期不补正，视为放弃申请",
        "other_uncorrected",
        "第三十条",
        "您无正当理由逾期不补正，视为放弃申请，本机关不再处理该申请。",
        by_clock=True,
    ),
    _one(
        "unpaid",
        "逾期不缴纳信息处理费，视为放弃申请",
        "other_unpaid",
        "第四十二条和国办函〔2020〕109号",
        "您逾期没有缴纳信息处理费，视为放弃申请，本机关不再处理该申请。",
        by_clock=True,
    ),
    _one("withdrawn", "申请人撤回", "other", "第四十五条", "您已经撤回申请，本机关不再处理。", by_clock=True),
    _one("other", "其他处理", "other", "第三十六条", "您的申请按下列意见办理。"),
)
OUTCOMES: Final = {one.key: one for one in _ALL}

#: 更正本机关记录的与本人有关的信息 (第四十一条): these end such a request, and no other
DATA_OUTCOMES: Final = {
    "data_corrected": "已更正",
    "data_transferred": "转送有权更正的机关",
    "data_refused": "不予更正",
}

#: a request that was split counts by its parts
SPLIT: Final = "split"
#: every way a request ends, with its words
CHOICES: Final = [
    *((one.key, one.label) for one in _ALL),
    *DATA_OUTCOMES.items(),
    (SPLIT, "已拆分，另行办理"),
]

#: the rows of part three of table 2, in their order
ROWS: Final = (
    ("open", "（一）予以公开"),
    ("partial", "（二）部分公开（区分处理的，只计这一情形）"),
    ("refuse_secret", "（三）不予公开：1. 属于国家秘密"),
    ("refuse_banned", "2. 其他法律行政法规禁止公开"),
    ("refuse_safety", "3. 危及“三安全一稳定”"),
    ("refuse_third", "4. 保护第三方合法权益"),
    ("refuse_internal", "5. 属于三类内部事务信息"),
    ("refuse_process", "6. 属于四类过程性信息"),
    ("refuse_casefile", "7. 属于行政执法案卷"),
    ("refuse_query", "8. 属于行政查询事项"),
    ("none_held", "（四）无法提供：1. 本机关不掌握相关政府信息"),
    ("none_made", "2. 没有现成信息需要另行制作"),
    ("none_unclear", "3. 补正后申请内容仍不明确"),
    ("skip_petition", "（五）不予处理：1. 信访举报投诉类申请"),
    ("skip_repeat", "2. 重复申请"),
    ("skip_publication", "3. 要求提供公开出版物"),
    ("skip_flood", "4. 无正当理由大量反复申请"),
    ("skip_confirm", "5. 要求行政机关确认或重新出具已获取信息"),
    ("other_uncorrected", "（六）其他处理：1. 申请人无正当理由逾期不补正"),
    ("other_unpaid", "2. 申请人逾期未按收费通知要求缴纳费用"),
    ("other", "3. 其他"),
)


def row_of(outcome: str) -> str:
    """The row of table 2 that an ended request is counted in; empty for one that is not counted (更正、拆分)."""
    found = OUTCOMES.get(outcome)
    return found.row if found else ""


def missing_of(outcome: str, *, reason: str, access: str, agency: str) -> dict[str, str]:
    """What an answer of this kind still needs, as a sentence for each field."""
    found, errors = OUTCOMES.get(outcome), {}
    if outcome in DATA_OUTCOMES:
        return {} if len(reason) >= 5 else {"reason": "请写明核实的情况和理由。"}
    if found is None or found.by_clock:
        return {"outcome": "请选择答复类型。"}
    if found.gives and not access:
        errors["access"] = "请写明申请人怎样获取，或者附上要提供的信息。"
    if found.names_agency and not agency:
        errors["agency"] = "能够确定负责公开的机关的，请写明名称和联系方式；不能确定的，写“不能确定”。"
    if (not found.gives or outcome == "partial") and len(reason) < 5:
        errors["reason"] = "请说明理由，至少 5 个字。"
    return errors
