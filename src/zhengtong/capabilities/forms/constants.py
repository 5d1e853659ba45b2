"""Words of forms that other apps may use: roles, acts, why an answer was put aside."""

from typing import Final

#: roles of those who make forms (``identity.constants.Role``): for their unit, and for the whole county
UNIT_EDITOR: Final = "item_editor"
COUNTY_EDITOR: Final = "item_admin"

FORM_KIND: Final = "form"
#: characters of the title of a form
TITLE_LIMIT: Final = 120

#: acts in the ledger → Chinese words
ACT_LABELS: Final = {
    "forms.declare": "启用表单版本",
    "forms.draft": "新建表单草稿",
    "forms.publish": "发布表单版本",
    "forms.discard": "删除表单草稿",
}

#: facts about the applicant that may answer a question beforehand (``Field.prefill``) → what they are called
PREFILL_LABELS: Final = {
    "applicant_kind": "申请人类型（个人或单位）",
    "name": "姓名",
    "citizen_number": "公民身份号码",
    "phone": "手机号码",
    "principal": "经营者（法定代表人、负责人或本人）",
    "legal_name": "单位名称",
    "uscc": "统一社会信用代码",
    "legal_representative": "法定代表人",
    "has_licence": "是否已有营业执照",
}

#: why an answer was put aside → how a page says it
ASIDE_LABELS: Final = {
    "replaced": "另一处同时填写，后保存的替换了它",
    "dropped": "定稿时不再要求填写",
    "left_over": "更换表单版本时没有对应的问题",
}
