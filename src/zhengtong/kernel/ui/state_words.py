"""The words of states that components print: steps, materials, opinions, seals."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

Words = dict[str, str | Promise]

STEP_WORDS: Words = {
    "done": gettext_lazy("已完成"),
    "current": gettext_lazy("正在进行"),
    "todo": gettext_lazy("尚未开始"),
}
WAITING_WORDS: Words = {"you": gettext_lazy("等您办理"), "us": gettext_lazy("等我们办理")}
MATERIAL_WORDS: Words = {
    "missing": gettext_lazy("未提交"),
    "ready": gettext_lazy("已上传"),
    "reused": gettext_lazy("已有，免提交"),
    "checking": gettext_lazy("核对中"),
    "accepted": gettext_lazy("合格"),
    "rejected": gettext_lazy("需更正"),
}
OPINION_WORDS: Words = {
    "agree": gettext_lazy("同意"),
    "return": gettext_lazy("退回补正"),
    "refuse": gettext_lazy("不同意"),
    "waiting": gettext_lazy("等待意见"),
}
SEAL_WORDS: dict[str, tuple[str, str | Promise]] = {
    "valid": ("✓", gettext_lazy("验证通过")),
    "invalid": ("✕", gettext_lazy("验证未通过")),
    "revoked": ("✕", gettext_lazy("已经失效")),
    "unknown": ("?", gettext_lazy("无法判断")),
}
