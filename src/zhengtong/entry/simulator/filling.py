"""Answers and papers of simulated applications: right ones, as an applicant of the trade would give them."""

import functools
import io
import random
from typing import Any

import pikepdf

from zhengtong.capabilities.forms import api as forms
from zhengtong.entry.demo.answers import ANSWERS

_STREETS = ("政务路", "滨河路", "人民路", "文昌路", "城关老街", "河口大道", "兴业路", "学府路")
_SHOPS = ("老街面馆", "河畔小炒", "城关早点", "禾香饭店", "山里人家", "转角烘焙", "学府快餐", "滨河茶餐厅")
_PAPERS = ("申请人提供的材料", "情况说明", "图纸和照片", "证明文件", "合同复印件")


def answers_for(form_key: str, item_name: str, dice: random.Random) -> dict[str, Any]:
    """Answers to a form; the facts known of the applicant are left to the prefilling."""
    address = f"青禾县{dice.choice(_STREETS)} {dice.randrange(1, 260)} 号"
    if form_key not in ANSWERS:
        return {
            "address": address,
            "content": f"申请办理“{item_name}”，地点在{address}，计划于三个月内开展。",
            "consent_true": "yes",
            "consent_share": "yes",
        }
    found = dict(ANSWERS[form_key])
    for key, value in (("premises", address), ("shop_name", dice.choice(_SHOPS)), ("address", address)):
        if key in found:
            found[key] = value
    return found


def without_known(view: forms.SubmissionView, answers: dict[str, Any]) -> dict[str, Any]:
    """The answers without those that the form has already filled in from what is known of the applicant."""
    filled = {key for key, value in view.answers.items() if value}
    return {key: value for key, value in answers.items() if key not in filled}


@functools.cache
def paper(kind: int) -> bytes:
    """A page of PDF that says what it stands for; few different ones, so that they are stored once."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.docinfo["/Title"] = _PAPERS[kind % len(_PAPERS)]
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()
