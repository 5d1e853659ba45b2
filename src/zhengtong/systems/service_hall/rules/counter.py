"""窗口代录规则：where an application is taken in, and what proves that somebody may act for another."""

import datetime as dt

_CHANNELS = {"乡镇级": "township", "村(社区)级": "village", "村（社区）级": "village"}


def channel_of_level(level: str) -> str:
    """counter, township or village, by the level of the organisation whose window it is."""
    return _CHANNELS.get(level, "counter")


_OF_CHILDREN = frozenset({"household_register", "birth_certificate", "adoption"})
# an adult's guardian is named by somebody: a register of births proves nothing about him (民法典第二十八条至第三十二条)
_NAMING_GUARDIANS = frozenset({"notarised", "appointed", "judgment"})


def relation_proofs(relation: str, *, minor: bool = True) -> frozenset[str]:
    """The papers that prove a relation: guardian of a minor or of an adult, representative, agent."""
    if relation == "guardian":
        return _OF_CHILDREN | _NAMING_GUARDIANS if minor else _NAMING_GUARDIANS
    return {"representative": frozenset({"licence"}), "agent": frozenset({"letter"})}.get(relation, frozenset())


def relation_errors(
    *,
    relation: str,
    proof: str,
    today: dt.date,
    minor: bool = True,
    signed_on: dt.date | None = None,
    valid_until: dt.date | None = None,
    has_copy: bool = False,
) -> dict[str, str]:
    """A sentence for each part that does not prove the relation; empty when it is proved.

    授权委托书应当载明代理期限并签名或者盖章（民法典第一百六十五条）：a letter without its date, not yet or no longer in
    force proves nothing.
    """
    errors = {}
    if proof not in relation_proofs(relation, minor=minor):
        errors["proof"] = (
            "被监护人已满十八周岁，要有监护公证书、指定监护的文件或者人民法院判决书。"
            if relation == "guardian" and not minor
            else "请选择核对了哪一种证明材料。"
        )
    if relation == "agent":
        if signed_on is None:
            errors["signed_on"] = "请填写授权委托书的签署日期。"
        elif signed_on > today:
            errors["signed_on"] = "签署日期在今天以后，请核对授权委托书。"
        if valid_until is None:
            errors["valid_until"] = "请填写授权委托书写明的截止日期。"
        elif valid_until < today:
            errors["valid_until"] = "授权已经到期，请委托单位重新出具授权委托书。"
        elif signed_on is not None and valid_until < signed_on:
            errors["valid_until"] = "截止日期早于签署日期，请核对授权委托书。"
    if not has_copy and relation != "representative":
        errors["copy"] = "请扫描或者拍下证明材料，它要随申请保存。"
    return errors
