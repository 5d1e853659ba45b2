"""Fields of forms: label, help and error together, dates and wrong values in words of people."""

import datetime as dt

import pytest
from django import forms

from zhengtong.kernel.ui.fields import DayField, MomentField, view_of
from zhengtong.kernel.ui.tests.test_components import render, tree, words


class Sample(forms.Form):
    """Fields of the kinds whose markup is our own."""

    name = forms.CharField(label="名称", help_text="写全称")
    day = forms.DateField(label="日期")
    moment = forms.DateTimeField(label="时刻", required=False)
    kind = forms.ChoiceField(label="方式", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    paper = forms.FileField(label="合同")
    agreed = forms.BooleanField(label="属实")
    secret = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_field_joins_label_help_and_error() -> None:
    field = tree("{% field form.name %}", form=Sample({}))

    control = field.xpath("//input")[0]
    assert field.xpath("//label/@for") == [control.get("id")]
    assert control.get("aria-invalid") == "true"
    assert control.get("aria-describedby") == "id_name_error id_name_help"
    assert "请填写名称。" in words(field.xpath("//*[@id='id_name_error']")[0])
    assert words(field.xpath("//*[@id='id_name_help']")[0]) == "写全称"


@pytest.mark.parametrize(
    ("tag", "name", "words"),
    [
        ("{% field form.day %}", "id_day", "例如 2026-11-22"),
        ("{% field form.moment %}", "id_moment", "例如 2026-11-22 09:00"),
        (
            '{% form_field name="m" label="月份" kind="month" error="错" help_text="到上月" %}',
            "id_m",
            "例如 2026-11",
        ),
        ("{% filter_bar filters %}", "filter-since", "例如 2026-11-22"),
    ],
)
def test_how_a_date_is_written_is_said_in_chinese_and_tied_to_the_field(tag: str, name: str, words: str) -> None:
    filters = [{"name": "since", "label": "自", "type": "date"}]

    document = tree(tag, form=Sample(), filters=filters)

    [control] = document.xpath(f"//input[@id='{name}']")
    [hint] = document.xpath(f"//*[@id='{name}_format']")
    assert hint.text == words
    assert f"{name}_format" in control.get("aria-describedby").split()


class Numbers(forms.Form):
    """Fields whose wrong values Django itself speaks of."""

    count = forms.IntegerField(label="份数", min_value=1, max_value=9)
    area = forms.DecimalField(label="面积")
    mail = forms.EmailField(label="电子邮箱")
    way = forms.ChoiceField(label="方式", choices=[("a", "甲")])
    own = forms.ChoiceField(label="去处", choices=[("a", "甲")], error_messages={"invalid_choice": "没有这个去处。"})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("count", "三", "份数请填写整数。"),
        ("count", "0", "份数不能小于 1。"),
        ("count", "10", "份数不能大于 9。"),
        ("area", "大", "面积请填写数字。"),
        ("mail", "somebody", "电子邮箱写得不对，应类似 name@example.cn。"),
        ("way", "z", "请从列出的选项里选择方式。"),
        ("own", "z", "没有这个去处。"),
    ],
)
def test_a_wrong_value_is_answered_in_words_of_people(name: str, value: str, sentence: str) -> None:
    form = Numbers({name: value})

    assert view_of(form[name]).errors == (sentence,)


@pytest.mark.parametrize("text", ["2026-11-02", "2026/11/2", "2026年11月2日", "２０２６年１１月２日"])
def test_a_form_reads_days_as_people_type_them(text: str) -> None:
    assert DayField().clean(text) == dt.date(2026, 11, 2)


def test_a_form_reads_a_moment_in_the_time_of_the_county() -> None:
    assert MomentField().clean("2026年11月2日 9:05") == dt.datetime(2026, 11, 2, 1, 5, tzinfo=dt.UTC)
    with pytest.raises(forms.ValidationError, match="请写成 2026-11-22 09:00 的样子"):
        MomentField().clean("2026-11-02")


def test_a_form_says_how_a_day_is_written() -> None:
    with pytest.raises(forms.ValidationError, match="请写成 2026-11-22 的样子"):
        DayField().clean("明天")
    assert DayField(required=False).clean(" ") is None


def test_dates_reach_the_browser_in_its_own_notation() -> None:
    moment = dt.datetime(2026, 11, 21, 6, 32, tzinfo=dt.UTC)
    form = Sample(initial={"day": dt.date(2026, 11, 21), "moment": moment})

    values = tree("{% field form.day %}{% field form.moment %}", form=form).xpath("//input")

    assert [(value.get("type"), value.get("value")) for value in values] == [
        ("date", "2026-11-21"),
        ("datetime-local", "2026-11-21T14:32"),
    ]


def test_a_group_of_choices_is_a_fieldset_and_keeps_the_choice() -> None:
    group = tree("{% field form.kind %}", form=Sample({"kind": "b"}))

    assert words(group.xpath("//fieldset/legend")[0]) == "方式"
    assert group.xpath("//input[@checked]/@value") == ["b"]
    assert group.xpath("//label/@for") == ["id_kind_0", "id_kind_1"]


def test_the_summary_links_every_error_to_its_control() -> None:
    fields = tree("{% form_fields form %}", form=Sample({}))

    links = {link.get("href"): words(link) for link in fields.xpath("//*[@role='alert']//a")}

    assert links == {
        "#id_name": "请填写名称。",
        "#id_day": "请填写日期。",
        "#id_kind_0": "请选择方式。",
        "#id_paper": "请上传合同。",
        "#id_agreed": "请勾选“属实”。",
    }
    assert {href[1:] for href in links} <= set(fields.xpath("//@id"))
    assert fields.xpath("//input[@type='hidden']/@name") == ["secret"]


def test_the_summary_takes_a_mapping_and_prints_nothing_without_errors() -> None:
    assert tree("{% error_summary e %}", e={"name": "太长"}).xpath("//a/@href") == ["#id_name"]
    assert render("{% error_summary e %}", e={}).strip() == ""
    assert render("{% error_summary e %}", e=Sample()).strip() == ""
