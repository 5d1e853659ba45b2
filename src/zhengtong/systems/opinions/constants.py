"""Words of public consultations and surveys: states, verdicts, limits, what is kept how long."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhengtong.kernel import parameters, retention
from zhengtong.kernel.inventory import FILE_COPY, LEDGER_COPY, Activity, Basis


class State(models.TextChoices):
    """Where a consultation or a survey stands; whether it is open is a matter of the clock (``rules.phases``)."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待签发")
    PUBLISHED = "published", _("已发布")
    ANSWERED = "answered", _("已公布结果")
    WITHDRAWN = "withdrawn", _("已撤回")


class Phase(models.TextChoices):
    """What a reader is told of its state at a moment."""

    DRAFT = "draft", _("起草中")
    SUBMITTED = "submitted", _("待签发")
    WAITING = "waiting", _("尚未开始")
    OPEN = "open", _("正在进行")
    CLOSED = "closed", _("已截止")
    ANSWERED = "answered", _("已公布结果")
    WITHDRAWN = "withdrawn", _("已撤回")


class Voice(models.TextChoices):
    """For whom an opinion is given."""

    PERSON = "person", _("个人")
    ENTERPRISE = "enterprise", _("企业")
    ASSOCIATION = "association", _("社会组织、行业协会")
    OFFICE = "office", _("机关、事业单位")


class Verdict(models.TextChoices):
    """What became of an opinion."""

    ADOPTED = "adopted", _("采纳")
    PARTLY = "partly", _("部分采纳")
    NOT_ADOPTED = "not_adopted", _("未采纳")
    UNRELATED = "unrelated", _("与征集内容无关")


class QuestionKind(models.TextChoices):
    """How a question of a survey is answered."""

    SINGLE = "single", _("单选")
    MULTIPLE = "multiple", _("多选")
    SCALE = "scale", _("打分（1 到 5 分）")
    TEXT = "text", _("简短文字")


class ResultsShown(models.TextChoices):
    """When the public sees the results of a survey."""

    ALWAYS = "always", _("随时可以看")
    VOTED = "voted", _("答完以后可以看")
    CLOSED = "closed", _("截止以后公布")


class ActKind(models.TextChoices):
    """What was done, as the time line says it."""

    DRAFT = "draft", _("起草")
    SUBMIT = "submit", _("提请签发")
    RETURN = "return", _("退回修改")
    PUBLISH = "publish", _("签发发布")
    OPEN = "open", _("开始")
    CLOSE = "close", _("截止")
    EXTEND = "extend", _("延长")
    WITHDRAW = "withdraw", _("撤回")
    REPLY = "reply", _("记录采纳情况")
    UNDO = "undo", _("取消采纳记录")
    FEEDBACK = "feedback", _("起草结果公告")
    ANSWER = "answer", _("公布结果")
    WARN = "warn", _("临近公布期限")
    OVERDUE = "overdue", _("超过公布期限")
    READ = "read", _("查看联系方式")
    EXCERPT = "excerpt", _("摘登文字答案")
    DROP = "drop", _("撤下摘登")
    HAND_OVER = "hand_over", _("移交承继单位")


TOPIC, POLL, COMMENT = "opinions_topic", "opinions_poll", "opinions_comment"
LEADER, EDITOR, PUBLISHER, AUTHORITY = "leader", "site_editor", "site_publisher", "site_admin"
#: who drafts and reads what came in; who signs; who reads all of the county
OFFICERS: Final = ("clerk", "reviewer", LEADER, EDITOR, PUBLISHER)
SIGNERS: Final = (LEADER, PUBLISHER)
DESK_ROLES: Final = (*OFFICERS, AUTHORITY)

TITLE_MAX, TEXT_MAX, BASIS_MAX, CONTACT_MAX, REASON_MAX = 120, 8000, 500, 200, 1000
REASON_MIN, PURPOSE_MIN = 5, 5
QUESTIONS_MAX, QUESTION_MAX, FILES_MAX, LONGEST_DAYS = 10, 200, 6, 365
COMMENT_MIN, COMMENT_MAX, NAME_MAX, PHONE_MAX, GIST_MAX = 5, 3000, 60, 30, 500
#: of surveys: questions, signs of an excerpt
POLL_QUESTIONS_MAX, EXCERPT_MAX = 30, 300

ACT_LABELS = {
    "opinions.write_topic": "起草意见征集",
    "opinions.attach": "添加征集附件",
    "opinions.detach": "移除征集附件",
    "opinions.submit": "提请签发",
    "opinions.return": "退回修改",
    "opinions.publish": "签发发布",
    "opinions.open": "到时开始",
    "opinions.close": "到时截止",
    "opinions.extend": "延长征集",
    "opinions.withdraw": "撤回",
    "opinions.comment": "提交意见",
    "opinions.reply": "记录意见采纳情况",
    "opinions.undo_reply": "取消意见采纳记录",
    "opinions.write_feedback": "起草采纳情况公告",
    "opinions.publish_feedback": "公布采纳情况",
    "opinions.read_contact": "查看提出人联系方式",
    "opinions.warn": "采纳情况临近公布期限",
    "opinions.overdue": "采纳情况超过公布期限",
    "opinions.hand_over": "移交意见征集和调查",
    "opinions.write_poll": "起草网上调查",
    "opinions.write_question": "编写调查题目",
    "opinions.remove_question": "删除调查题目",
    "opinions.excerpt": "摘登文字答案",
    "opinions.drop_excerpt": "撤下摘登",
}
OBJECT_LABELS = {TOPIC: "意见征集", POLL: "网上调查", COMMENT: "公众意见"}

_OURS = "本平台设定"


def _declared(key: str, default: object, label: str, unit: str, source: str = _OURS) -> str:
    return parameters.declare(
        f"opinions.{key}", default=default, label=label, unit=unit, source=source, confirmed=False
    ).key


PERIOD_DAYS = _declared(
    "period_days", 30, "意见征集期限（默认）", "日", "《规章制定程序条例》第十五条（一般不少于三十日）"
)
FEEDBACK_LIMIT = _declared(
    "feedback_limit",
    "15 WD",
    "公布意见采纳情况的期限，从截止的次日起算（WD 工作日，D 日）",
    "",
    "地方重大行政决策程序规定",
)
YELLOW_RATIO = _declared("yellow_ratio", 0.8, "公布意见采纳情况黄灯起点（占期限的比例）", "")
SENT_BY_ADDRESS = _declared("sent_by_address", 10, "同一网络地址一天内不登录提交意见最多几次", "次")
TRIES_OF_ADDRESS = _declared("tries_of_address", 10, "同一网络地址十分钟内查错回执号最多几次", "次")
BALLOTS_OF_ADDRESS = _declared("ballots_of_address", 5, "同一网络地址一天内不登录答同一份调查最多几次", "次")
FEWEST_TEXTS = _declared("fewest_texts", 5, "文字答案少于几条时，不公布摘登", "条")

#: what is kept of people who gave opinions
OPINION = Activity(
    purpose="公开征求意见和调查",
    basis=Basis.DUTY,
    kept="结果公布以后",
    period=retention.days("opinions", 1096, label="公众意见里的个人信息保留时间", source="本平台设定（三年，待核实）"),
    copies=(LEDGER_COPY, FILE_COPY),
)
#: written answers to surveys, which belong to no ballot
TEXTS = Activity(
    purpose="公开征求意见和调查",
    basis=Basis.DUTY,
    kept="调查截止以后",
    period=OPINION.period,
    stays="与答卷和任何人都没有联系，找不出是谁写的，期满自动删除",
)
#: a mark that somebody has answered, so that nobody answers twice
MARKS = Activity(
    purpose="一人一份答卷",
    basis=Basis.DUTY,
    kept="调查截止以后",
    period=retention.days("opinions_marks", 30, label="调查已答标记保留时间", source="本平台设定（待核实）"),
    stays="只有分不出是谁的摘要，与答卷没有联系，期满自动删除",
)
