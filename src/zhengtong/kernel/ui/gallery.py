"""Sample data of the gallery page: every component with its states. Nothing here is a real person or case."""

import datetime as dt
from typing import Any

from django import forms

from zhengtong.kernel.paging import Page
from zhengtong.kernel.ui.fields import DayField
from zhengtong.kernel.ui.qr import qr_svg

_FIRST_DAY = dt.date(2026, 11, 16)
_STATES = (*["counted"] * 2, *["paused"] * 2, "counted", *["holiday"] * 2, "counted", *["remaining"] * 2)


class SampleForm(forms.Form):
    """One field of every kind that pages use."""

    name = forms.CharField(label="单位名称", help_text="与营业执照上的名称一致。")
    phone = forms.CharField(label="联系电话", required=False, widget=forms.TextInput(attrs={"type": "tel"}))
    opened = DayField(label="计划开业日期")
    kind = forms.ChoiceField(label="经营方式", choices=[("", "请选择"), ("eat", "堂食"), ("take", "外带")])
    kitchen = forms.ChoiceField(
        label="是否使用明火", choices=[("yes", "使用"), ("no", "不使用")], widget=forms.RadioSelect
    )
    reach = forms.MultipleChoiceField(
        label="接收通知的方式",
        required=False,
        choices=[("sms", "短信"), ("site", "站内消息")],
        widget=forms.CheckboxSelectMultiple,
    )
    remark = forms.CharField(label="补充说明", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    lease = forms.FileField(label="房屋租赁合同", help_text="PDF 或照片，不超过 20 MB。")
    truthful = forms.BooleanField(label="我确认填写的内容真实")


def samples() -> dict[str, Any]:
    """The context of the gallery page."""
    return {
        **_lists(),
        **_records(),
        **_tables(),
        **_charts(),
        "form": SampleForm(
            {"name": "", "phone": "13800005678", "opened": "2026-12-01", "kind": "eat", "reach": ["sms"]}
        ),
        "breadcrumbs": [{"label": "首页", "url": "/"}, {"label": "组件", "url": ""}],
        "desk_title": "组件",
        "desk_nav": _desk_nav(),
        "desk_user": {"unit": "示例单位", "post": "经办人", "name": "张一"},
        "a_date": _FIRST_DAY,
        "a_moment": dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC),
    }


def _desk_nav() -> list[dict[str, Any]]:
    return [
        {"label": "队列"},
        {"label": "今天到期", "url": "#", "count": 3, "active": True},
        {"label": "已超期", "url": "#", "count": 1, "late": True},
        {"label": "等别人", "url": "#", "count": 12},
        {"label": "受托办理", "url": "#", "count": 0},
        {"label": "查询"},
        {"label": "全部记录", "url": "#"},
    ]


def _lists() -> dict[str, Any]:
    return {
        "news": [
            {"title": "关于调整窗口服务时间的公告", "url": "#", "date": dt.date(2026, 11, 20), "tag": "公告"},
            {
                "title": "题目很长的一条消息：标题可以省略，右边的日期在任何宽度下都不会被遮住",
                "url": "#",
                "date": dt.date(2026, 11, 18),
            },
            {"title": "十月份服务情况通报", "url": "#", "date": dt.date(2026, 11, 3)},
        ],
        "tiles": [
            {"title": "开办餐饮店", "note": "一次申请，四家单位同时审查", "mark": "餐", "meta": "8 个工作日"},
            {"title": "办件进度查询", "note": "凭受理编号和查询码", "mark": "查", "meta": ""},
            {"title": "证照真伪验证", "note": "扫码或输入编号", "mark": "验", "meta": ""},
        ],
        "hot": [
            {"label": "开办餐饮店", "url": "#"},
            {"label": "居住证", "url": "#"},
            {"label": "进度查询", "url": "#"},
        ],
        "sections": [
            {"label": "申请人", "url": "#", "state": "done"},
            {"label": "经营场所", "url": "#", "state": "current"},
            {"label": "材料", "url": "#", "state": "todo"},
            {"label": "核对并签名", "url": "#", "state": "todo"},
        ],
        "problems": {"name": "请填写单位名称。", "lease": "附件“租赁合同.pdf”超过 20 MB，请压缩后重新上传。"},
    }


_OPINIONS: list[dict[str, Any]] = [
    {
        "unit": "消防救援大队",
        "post": "审查员",
        "who": "李二",
        "at": dt.datetime(2026, 11, 18, 2, 5, tzinfo=dt.UTC),
        "verdict": "agree",
        "text": "现场符合要求。",
        "files": [{"name": "现场照片.jpg", "url": "#"}],
    },
    {
        "unit": "城管执法局",
        "post": "审查员",
        "who": "王三",
        "at": dt.datetime(2026, 11, 19, 7, 40, tzinfo=dt.UTC),
        "verdict": "return",
        "text": "门头尺寸图缺少标注，请补充长和高。",
    },
    {
        "unit": "住建局",
        "post": "科员",
        "who": "赵四",
        "verdict": "waiting",
        "lamp": "yellow",
        "lamp_note": "剩 1 个工作日",
    },
]


def _records() -> dict[str, Any]:
    days = [{"day": _FIRST_DAY + dt.timedelta(days=number), "state": state} for number, state in enumerate(_STATES)]
    days[7]["today"] = True
    days[9]["due"] = True
    return {
        "steps": [
            {"label": "提交", "state": "done", "time": dt.date(2026, 11, 16), "note": "网上提交"},
            {"label": "补齐材料", "state": "current", "waiting": "you", "note": "还缺 1 份：房屋租赁合同（复印件）"},
            {"label": "联合审查", "state": "todo"},
            {"label": "领证", "state": "todo", "note": "可以下载，也可以到窗口领取"},
        ],
        "days": days,
        "late_days": [*days[:8], *({"day": dt.date(2026, 11, d), "state": "overdue"} for d in (24, 25))],
        "qr": qr_svg("https://example.test/verify/9807-2311"),
        "receipt_rows": [{"label": "事项", "value": "开办餐饮店"}, {"label": "提交时间", "value": _FIRST_DAY}],
        "opinions": _OPINIONS,
        "materials": [
            {"name": "营业执照", "state": "reused", "note": "从电子证照中取得，不用提交"},
            {"name": "身份证", "state": "accepted", "file": {"name": "身份证.pdf", "url": "#", "size": 231_000}},
            {
                "name": "房屋租赁合同（复印件）",
                "state": "rejected",
                "reason": "第 3 页缺少出租方签字。",
                "file": {"name": "租赁合同.pdf", "url": "#", "size": 2_310_000},
                "act": {"label": "重新上传", "url": "#"},
            },
            {"name": "平面布置图", "state": "missing", "required": False, "act": {"label": "上传", "url": "#"}},
        ],
        "events": [
            {
                "at": dt.datetime(2026, 11, 19, 7, 40, tzinfo=dt.UTC),
                "title": "退回补正",
                "who": "城管执法局 王三",
                "lamp": "yellow",
            },
            {"at": dt.datetime(2026, 11, 16, 1, 12, tzinfo=dt.UTC), "title": "收到申请", "note": "系统自动发出回执。"},
        ],
        "seal_rows": [{"label": "签发单位", "value": "示例单位"}, {"label": "签发日期", "value": _FIRST_DAY}],
    }


def _charts() -> dict[str, Any]:
    months = (("8月", 120, 101, 6, 10), ("9月", 118, 115, None, None), ("10月", 130, 128, 4.5, 8))
    keys = ("label", "applied", "decided", "median", "p90")
    return {
        "volumes": [dict(zip(keys, month, strict=True)) for month in months],
        "volume_series": [{"key": "applied", "label": "收件"}, {"key": "decided", "label": "办结"}],
        "day_series": [{"key": "median", "label": "中位数"}, {"key": "p90", "label": "九成办件不超过"}],
    }


def _tables() -> dict[str, Any]:
    rows = [
        ("9807232611160012", "第一家面馆", dt.date(2026, 11, 16), 1250, ("yellow", "剩 1 个工作日"), True),
        ("9807232611170003", "河畔小馆", dt.date(2026, 11, 17), 0, ("green", "剩 5 个工作日"), False),
        ("9807232611050041", "老街烧饼铺", dt.date(2026, 11, 5), 86.5, ("red", "超过 2 个工作日"), False),
        ("9807232610090007", "城南茶社", dt.date(2026, 10, 9), None, ("deep_red", "超过 9 个工作日"), False),
    ]
    keys = ("number", "who", "day", "fee", "lamp", "active")
    return {
        "columns": [
            {"key": "number", "label": "受理编号", "kind": "code", "sortable": True},
            {"key": "who", "label": "申请人"},
            {"key": "day", "label": "收到日期", "kind": "date", "sortable": True},
            {"key": "fee", "label": "费用", "kind": "money"},
            {"key": "lamp", "label": "时限", "kind": "lamp"},
        ],
        "rows": [
            {**dict(zip(keys, row, strict=True)), "lamp": {"state": row[4][0], "note": row[4][1]}, "url": "#"}
            for row in rows
        ],
        "totals": {"number": "合计", "fee": 1336.5},
        "no_rows": [],
        "no_rows_words": {
            "title": "今天没有到期的办件",
            "why": "按现在的进度，下一件在 11 月 26 日到期。",
            "act_label": "查看全部办件",
            "act_url": "#",
        },
        "tabs": [{"label": "待办", "url": "#", "active": True}, {"label": "已办", "url": "#"}],
        "filters": [
            {"name": "q", "label": "编号或申请人", "type": "text"},
            {
                "name": "state",
                "label": "时限",
                "type": "select",
                "options": [("", "全部"), ("red", "超期"), ("yellow", "临期")],
            },
            {"name": "since", "label": "收到日期起", "type": "date"},
        ],
        "page": Page(rows=rows, number=4, size=20, total=183),
        "bars": [
            {"label": "住建局", "value": 3, "lamp": "red", "note": "3 件", "url": "#"},
            {"label": "市场监督管理局", "value": 12, "lamp": "green", "note": "全部按时"},
            {"label": "烟草局", "value": 5, "lamp": "yellow", "note": "2 件"},
        ],
    }
