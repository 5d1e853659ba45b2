"""What an item still needs before it can be published, each sentence with the place where it is mended."""

import dataclasses
import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from zhengtong.capabilities.catalogue import rules
from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.rules import ItemDraft
from zhengtong.capabilities.catalogue.selectors.surroundings import surroundings_of

# field of the draft → (part, id of the control)
_PLACES = {
    "code": ("basic", "id_code"),
    "name": ("basic", "id_name"),
    "department": ("basic", "id_department"),
    "power_type": ("basic", "id_power_type"),
    "applicant_type": ("basic", "id_applicant_type_0"),
    "handling_kind": ("basic", "id_handling_kind_0"),
    "online_depth": ("basic", "id_online_depth_0"),
    "kind": ("basic", "id_kind_0"),
    "parent_code": ("basic", "id_parent_code"),
    "visits": ("basic", "id_visits"),
    "exercise_level": ("basis", "id_exercise_level"),
    "executors": ("basis", "executors"),
    "legal_basis": ("basis", "id_legal_basis"),
    "conditions": ("basis", "id_conditions"),
    "quantity": ("basis", "id_quantity"),
    "statutory_limit": ("limits", "id_statutory_limit_0"),
    "promised_limit": ("limits", "id_promised_limit_0"),
    "special_steps": ("limits", "special_steps"),
    "materials": ("materials", "materials"),
    "fee": ("fees", "id_fee"),
    "fees": ("fees", "fees"),
    "commitment": ("commitment", "id_told"),
    "form_key": ("form", "id_form_key"),
    "form_version": ("form", "id_form_key"),
    "process_key": ("process", "id_process_key"),
    "process_version": ("process", "id_process_key"),
    "joint_units": ("process", "joint_units"),
    "flow": ("process", "id_flow"),
    "members": ("members", "members"),
}
# what rules.guide_gaps says → field, and the sentence for who has to state it
_GAPS = {
    "依据": "legal_basis",
    "条件": "conditions",
    "数量": "quantity",
    "程序": "flow",
    "需要提交的全部材料的目录": "materials",
    "申请书示范文本": "materials",
}


_WEIGHTS = ("stop", "gap", "look", "done")


@dataclasses.dataclass(frozen=True)
class Finding:
    """One sentence; ``weight`` is stop (it cannot be sent), gap (the guide is not complete), look (it wants a reason
    or another look) or done (the reason was given).
    """

    field: str
    sentence: str
    weight: str
    part: str = ""
    url: str = ""


def findings(row: ItemVersion, draft: ItemDraft) -> list[Finding]:
    """Everything that is missing or odd, the weightiest first."""
    stops = _stops(row.tenant, draft)
    found = [Finding(field, sentence, "stop") for field, sentence in stops.items()]
    for label in rules.guide_gaps(draft):
        field = _GAPS.get(label, "")
        if field and field not in stops:
            found.append(Finding(field, _gap_sentence(label), "gap"))
    found += [
        Finding(each.field, each.sentence, "done" if row.answers.get(each.key) else "look")
        for each in rules.oddities(draft)
    ]
    found += [Finding("joint_units", unit.note, "look") for unit in draft.joint_units if unit.note]
    found = [
        dataclasses.replace(each, part=part_of(each.field), url=place_of(row.item_id, each.field)) for each in found
    ]
    return sorted(found, key=lambda each: _WEIGHTS.index(each.weight))


def part_of(field: str) -> str:
    """The part in which a field is typed."""
    return _PLACES.get(field, ("basic", ""))[0]


def place_of(item_id: uuid.UUID, field: str) -> str:
    """Where a field of the draft is typed."""
    part, target = _PLACES.get(field, ("basic", "content"))
    if part == "members":
        return f"{reverse('catalogue_desk:desk_members', args=[item_id])}#{target}"
    return f"{reverse('catalogue_desk:desk_edit', args=[item_id, part])}#{target}"


def judgement(draft: ItemDraft) -> tuple[str, str]:
    """(tone, sentence) of the two limits beside each other."""
    statutory, promised = draft.statutory_limit, draft.promised_limit
    if not (rules.is_limit(statutory) and rules.is_limit(promised)):
        return "plain", _("填写两个时限以后，这里给出核对结果。")
    odd = rules.odd_promise(statutory, promised)
    if odd:
        return "red", odd
    if statutory == "NONE":
        return "plain", _("法律没有规定时限，按承诺时限%(promised)s计时。") % {"promised": rules.words_of(promised)}
    if promised == "NONE":
        return "yellow", _("没有承诺时限，按法定时限%(limit)s计时。") % {"limit": rules.words_of(statutory)}
    if promised == statutory:
        return "green", _("承诺时限与法定时限相同。")
    if _comparable(statutory, promised):
        less = int(statutory.split(" ")[0]) - int(promised.split(" ")[0])
        total = int(statutory.split(" ")[0])
        share = round(100 * less / total) if total else 0
        return "green", _("承诺时限比法定时限短，压缩了 %(share)d%%。") % {"share": share}
    return "plain", _("两个时限的单位不同，不折算；请自行确认承诺时限不长于法定时限。")


def _comparable(one: str, other: str) -> bool:
    return one.split(" ")[1] == other.split(" ")[1]


def _stops(tenant: str, draft: ItemDraft) -> dict[str, str]:
    """What stands against publication, with plainer words for what was only not typed yet."""
    found = rules.all_refusals(draft, surroundings_of(tenant, draft))
    if not draft.code:
        found["code"] = _("还没有填写实施编码（31 位）。")
    for field, label in (("statutory_limit", _("法定时限")), ("promised_limit", _("承诺时限"))):
        text = getattr(draft, field)
        if not rules.is_limit(text):
            said = _("%(label)s没有填完整，数和单位都要有。") if text else _("还没有填写%(label)s。")
            found[field] = said % {"label": label}
    return found


def _gap_sentence(label: str) -> str:
    if label == "申请书示范文本":
        return _("没有一份材料有示例说明或者样表（申请书示范文本）。")
    return _("办事指南还没有写明%(label)s。") % {"label": label}
