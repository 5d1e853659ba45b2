"""Reading BPMN: hostile files, everything outside the subset, all refusals at once with element, name and line."""

import re

import pytest

from zhengtong.capabilities.cases.constants import END_RESULTS, Phase
from zhengtong.capabilities.cases.engine.model import Graph, Kind
from zhengtong.capabilities.cases.engine.parse import parse
from zhengtong.capabilities.cases.engine.vocabulary import PHASES, RESULTS
from zhengtong.capabilities.cases.tests.drawings import drawing, graph_of
from zhengtong.capabilities.cases.web.words import sentences

GOOD = 'start s\nuser a\nxor g\nuser b\nend e\ns -> a\na -> g\ng -> b : outcome == "x"\ng => e\nb -> e'

FORK = "start s\nand f\nuser x\nuser y\nand j\nend e\ns -> f\nf -> x\nf -> y\nx -> j\ny -> j\nj -> e"


def refusals_of(text: str, variables: str = "outcome:text;departments:list") -> dict[str, str]:
    parsed = parse(drawing(text, variables))
    assert parsed.graph is None
    return {refusal.element_id: refusal.message for refusal in parsed.refusals}


def test_a_graph_survives_json():
    graph = graph_of(GOOD + '\nboundary t on=a for="5 WD" keep\nend e2\nt -> e2')

    again = Graph.from_json(graph.to_json())

    assert again == graph
    assert again.conditions.keys() == graph.conditions.keys()
    assert again.nodes["t"].kind is Kind.BOUNDARY_TIMER
    assert again.nodes["t"].interrupting is False


XXE = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = (
    "<!DOCTYPE d [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {b} '{('&' + a + ';') * 10}'>" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


@pytest.mark.parametrize("prolog", [XXE, LAUGHS, "<!DOCTYPE d SYSTEM 'http://example.invalid/x.dtd'>"])
def test_document_types_and_entities_are_refused(prolog):
    declaration, _, rest = drawing(GOOD).partition("\n")
    hostile = f"{declaration}\n{prolog}{rest.replace('测试', '&a;' if 'ENTITY a' in prolog else '&x;')}"

    (refusal,) = parse(hostile).refusals

    assert "DOCTYPE" in refusal.message


@pytest.mark.parametrize(
    "data",
    [
        drawing(GOOD).encode("utf-16"),
        drawing(GOOD).encode("gb18030"),
        b"",
        b"not xml",
        b"<a><b></a>",
        b"<a/>",
        b"<x>" * 100_000,
        b" " * 2_000_001,
        drawing(GOOD).replace("UTF-8", "UTF-7").encode().replace(b"<b:process", b"+ADw-b:process"),
    ],
)
def test_broken_or_foreign_files_are_refused_in_chinese(data):
    parsed = parse(data)

    assert parsed.graph is None
    assert "文件" in parsed.refusals[0].message


def test_a_byte_order_mark_is_no_problem():
    assert parse(b"\xef\xbb\xbf" + drawing(GOOD).encode()).graph is not None


@pytest.mark.parametrize(
    ("snippet", "name"),
    [
        ('<b:scriptTask id="q" name="脚本"/>', "脚本任务"),
        ('<b:callActivity id="q" name="调用"/>', "调用活动"),
        ('<b:task id="q" name="某事"/>', "未分类任务"),
        ('<b:manualTask id="q" name="手工"/>', "手工任务"),
        ('<b:intermediateThrowEvent id="q" name="抛"/>', "中间抛出事件"),
        ('<b:adHocSubProcess id="q" name="自由"/>', "自由子流程"),
        ('<b:transaction id="q" name="事务"/>', "事务子流程"),
        ('<b:complexGateway id="q" name="复杂"/>', "复杂网关"),
        ('<b:dataObject id="q" name="数据"/>', "数据对象"),
        ('<x:thing xmlns:x="urn:other" id="q" name="别的"/>', "thing"),
        ('<b:subProcess id="q" name="事件" triggeredByEvent="true"/>', "triggeredByEvent"),
        ('<b:userTask id="q" name="循环"><b:standardLoopCharacteristics/></b:userTask>', "循环标记"),
        ('<b:userTask id="q" name="补偿" isForCompensation="true"/>', "isForCompensation"),
        ('<b:userTask id="q" name="别家" c:form="x" xmlns:c="http://camunda.org/schema/1.0/bpmn"/>', "其他产品"),
        ('<b:userTask id="q"><b:extensionElements><x:x xmlns:x="x"/></b:extensionElements></b:userTask>', "扩展设置"),
        ('<b:startEvent id="q" name="信号"><b:signalEventDefinition/></b:startEvent>', "信号事件"),
        ('<b:endEvent id="q" name="错误"><b:errorEventDefinition/></b:endEvent>', "没有指定错误"),
        ('<b:endEvent id="q"><b:errorEventDefinition errorRef="none"/></b:endEvent>', "没有定义"),
        ('<b:endEvent id="q"><b:terminateEventDefinition/><b:errorEventDefinition/></b:endEvent>', "一种触发方式"),
        ('<b:intermediateCatchEvent id="q"><b:errorEventDefinition/></b:intermediateCatchEvent>', "错误事件"),
        ('<b:intermediateCatchEvent id="q" name="空"/>', "须指定"),
        ('<b:serviceTask id="q" name="服务"/>', "没有指定要调用的服务"),
        ('<b:eventBasedGateway id="q" name="门" instantiate="true"/>', "instantiate"),
        ('<b:userTask id="a" name="重复"/>', "用了两次"),
        ('<b:userTask name="无编号"/>', "缺少编号"),
    ],
)  # fmt: skip
def test_elements_outside_the_subset_are_refused_with_name_id_and_line(snippet, name):
    xml = drawing(GOOD).replace("</b:process>", snippet + "</b:process>")
    line = xml[: xml.index(snippet)].count("\n") + 1

    messages = [refusal.message for refusal in parse(xml).refusals]

    assert any(name in message and f"第 {line} 行" in message for message in messages), messages


@pytest.mark.parametrize(
    ("text", "element", "words"),
    [
        (GOOD.replace("g => e", "g -> e : outcome == \"y\""), "g", "没有默认连线"),
        (GOOD + "\nend e2\na -> e2", "a", "只有网关可以分叉"),
        (GOOD.replace("g => e", "g => e : outcome == \"y\""), "g", "不能再有条件"),
        (GOOD + "\nuser c\ng -> c\nc -> e", "g", "没有条件"),
        (GOOD + "\nb -> nowhere", "b_nowhere", "不存在"),
        (GOOD.replace('outcome == "x"', "outcome = 1"), "g_b", "看不懂"),
        (GOOD.replace('outcome == "x"', "other == 1"), "g_b", "没有声明"),
        (GOOD.replace("user a", 'user a outcomes="x:甲;y:乙"').replace('"x"', '"z"'), "g_b", "没有任何任务"),
        (GOOD.replace("a -> g", 'a -> g : outcome == "x"'), "a_g", "才能有条件"),
        (GOOD.replace("user a", "user a role=Ä"), "a", "小写英文"),
        (GOOD.replace("user a", 'user a limit="five"'), "a", "时限"),
        (GOOD.replace("user a", "user a phase=later"), "a", "阶段"),
        (GOOD.replace("user a", "user a unit=item"), "a", "不是会签"),
        (GOOD.replace("user a", 'user a outcomes="x;x"'), "a", "办理结果"),
        (GOOD.replace("user a", "user a multi=people"), "a", "没有声明为名单"),
        (GOOD + "\nstart s2\ns2 -> a", "tested", "恰好有一个开始"),
        (GOOD + "\nand q\nq -> e", "q", "进入和引出"),
        (GOOD + "\nboundary t on=a for=tomorrow\nend e2\nt -> e2", "t", "时长"),
        (GOOD + "\nboundary t on=g for=P1D\nend e2\nt -> e2", "t", "附着"),
        (GOOD + "\nuser lonely\nlonely -> e", "lonely", "永远走不到"),
        (FORK + "\nend e2\nj -> e2", "j", "不能既汇聚又分叉"),
        ("start s\nor f\nuser x\nuser y\nend e\ns -> f\nf -> x : outcome == \"x\"\nf => y\nx -> e\ny -> e",
         "f", "成对"),
        ("start s\nevent g\nuser x\nuser y\nend e\ns -> g\ng -> x\ng -> y\nx -> e\ny -> e", "g", "事件网关之后"),
        ("start s\nsub w {\nuser a\nstart s1\nend e1\ns1 -> a\na -> e1\n}\nend e\ns -> w\nw -> e\na -> e",
         "a_e", "穿过子流程"),
    ],
)  # fmt: skip
def test_holes_of_the_subset_are_refused(text, element, words):
    found = refusals_of(text)

    assert words in found[element]


def test_a_user_task_without_role_is_refused_unless_its_lane_has_one():
    xml = drawing(GOOD).replace(' zt:role="clerk"', "")
    assert {refusal.element_id for refusal in parse(xml).refusals} == {"a", "b"}
    lanes = (
        '<b:laneSet id="ls"><b:lane id="l" name="窗口" zt:role="clerk" zt:unit="lead">'
        "<b:flowNodeRef>a</b:flowNodeRef><b:flowNodeRef>b</b:flowNodeRef></b:lane></b:laneSet>"
    )

    graph = parse(xml.replace("</b:process>", lanes + "</b:process>")).graph

    assert graph is not None
    assert graph.nodes["a"].settings == {"role": "clerk", "unit": "lead"}


def test_all_refusals_come_at_once():
    text = GOOD.replace("user a", "user a limit=x").replace("user b", "user b phase=x")

    assert set(refusals_of(text)) == {"a", "b"}


def test_two_processes_and_two_pools_are_refused():
    xml = drawing(GOOD).replace("</b:definitions>", '<b:process id="p2"/></b:definitions>')
    assert "恰好画一个流程" in parse(xml).refusals[0].message
    pools = '<b:collaboration id="c"><b:participant id="p1"/><b:participant id="p3"/></b:collaboration>'

    assert "一个泳池" in parse(drawing(GOOD).replace("<b:process", pools + "<b:process")).refusals[0].message


def test_settings_and_outcomes_are_exposed():
    graph = graph_of(GOOD.replace("user a", 'user a outcomes="x:受理;y" limit="5 WD" phase=accept unit=H05'))

    node = graph.nodes["a"]

    assert node.outcomes == {"x": "受理", "y": "y"}
    assert dict(node.settings) == {
        "role": "clerk", "unit": "H05", "limit": "5 WD", "phase": "accept", "outcomes": "x:受理;y",
    }  # fmt: skip


def test_too_many_elements_too_deep_nesting_and_too_many_ways_are_refused():
    many = "start s\nuser a0\ns -> a0\n" + "\n".join(f"user a{n}\na{n - 1} -> a{n}" for n in range(1, 520))
    assert "超过 1000 个" in refusals_of(many + "\nend e\na519 -> e")["tested"]
    deep = "start s\nend e\n" + "".join(f"sub w{n} {{\nstart s{n}\nend e{n}\n" for n in range(7)) + "}\n" * 7
    assert "嵌套超过" in refusals_of(deep)["w5"]
    ways = [f"w{n}" for n in range(9)]
    wide = ["start s", "or f", "or j", "end e", "s -> f", "j -> e", *(f"user {name}\n{name} -> j" for name in ways)]
    wide += ["f => w0", *(f'f -> {name} : outcome == "{name}"' for name in ways[1:])]

    assert "超过 8 条" in refusals_of("\n".join(wide))["f"]


@pytest.mark.parametrize("duration", ["P2W", "P1DT12H", "P1Y2M", "PT30S", "PT1D", "P99999999D", "P9999Y", "9999 YEAR"])
def test_a_duration_nobody_can_compute_is_refused(duration):
    xml = drawing("start s\ntimer t for=P1D\nend e\ns -> t\nt -> e").replace("P1D", duration)

    assert [refusal.element_id for refusal in parse(xml).refusals] == ["t"]


@pytest.mark.parametrize("duration", ["P20D", "PT4H", "PT30M", "P2M", "P1Y", "P0D", "5 WD", "1250 WD"])
def test_durations_of_one_unit_are_taken(duration):
    xml = drawing("start s\ntimer t for=P1D\nend e\ns -> t\nt -> e").replace("P1D", duration)

    assert parse(xml).refusals == ()


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ('limit="9999 YEAR"', "太长"),
        ("role=" + "r" * 25, "办理角色"),
        ("outcomes=" + "o" * 25, "办理结果"),
        ("outcomes=yes:" + "好" * 41, "最多 40 个字"),
    ],
)
def test_what_the_tables_of_a_case_cannot_keep_is_refused(settings, words):
    assert words in refusals_of(GOOD.replace("user a", f"user a {settings}"))["a"]


def test_a_name_longer_than_a_task_can_have_is_refused():
    xml = drawing(GOOD).replace('name="a"', f'name="{"审" * 121}"')

    assert "120 个字" in parse(xml).refusals[0].message


def test_a_phase_is_called_the_same_where_it_is_drawn_and_where_it_is_worked_on():
    assert {str(value): str(label) for value, label in Phase.choices} == PHASES


def test_an_end_says_a_result_that_a_case_can_have():
    assert set(RESULTS) == set(END_RESULTS)
    xml = drawing(GOOD).replace('<b:endEvent id="e"', '<b:endEvent id="e" zt:result="grantd"')

    assert "办件结果" in parse(xml).refusals[0].message


def test_a_broken_file_is_refused_without_a_word_of_english():
    (refusal,) = parse("<a>").refusals

    assert "第 1 行附近" in refusal.message
    assert not re.search("[a-z]{3}", refusal.message)
    assert "第 1 行附近" in sentences([refusal.message])[0]
