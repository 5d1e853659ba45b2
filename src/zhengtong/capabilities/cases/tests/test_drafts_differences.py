"""What changed between two drawings, said in Chinese."""

from zhengtong.capabilities.cases.engine.differences import differences
from zhengtong.capabilities.cases.tests.drawings import graph_of

BEFORE = """
    start s
    user accept role=clerk limit="5 WD" outcomes="accept:受理;refuse:不予受理"
    xor g
    user decide role=leader
    end granted
    end refused
    s -> accept
    accept -> g
    g -> decide : outcome == "accept"
    g => refused
    decide -> granted
"""


def changes(after, *, before=BEFORE, variables="outcome:text;departments:list"):
    found = differences(graph_of(before), graph_of(after, variables))
    return [(change.kind, change.element_id, change.sentence) for change in found]


def test_the_same_drawing_has_no_differences():
    assert changes(BEFORE) == []


def test_a_new_step_and_the_way_around_it():
    after = BEFORE.replace("decide -> granted", "user check role=reviewer\ndecide -> check\ncheck -> granted")

    found = changes(after)

    assert ("added", "check", "人工任务“check”（办理角色 reviewer）。") in found
    assert ("added", "decide_check", "连线：“decide”→“check”。") in found
    assert ("removed", "decide_granted", "连线：“decide”→“granted”。") in found


def test_role_limit_outcome_and_condition():
    after = (
        BEFORE.replace('limit="5 WD"', 'limit="3 WD"')
        .replace("user decide role=leader", "user decide role=clerk")
        .replace('outcome == "accept"', 'outcome == "refuse"')
    )

    found = {element: sentence for _kind, element, sentence in changes(after)}

    assert found["accept"] == "人工任务“accept”：时限由“5 WD”改为“3 WD”。"
    assert found["decide"] == "人工任务“decide”：办理角色由“leader”改为“clerk”。"
    assert '条件由“outcome == "accept"”改为“outcome == "refuse"”' in found["g_decide"]


def test_a_rerouted_arrow_and_another_kind():
    drawn = 'start s\nuser a\nuser b\nend e\nxor g\ns -> a\na -> g\ng => e\ng -> b : outcome == "x"\nb -> e'
    before = drawn.replace("user a", "user a outcomes=x:甲").replace("b -> e", "b -> a")
    after = before.replace("b -> a", "b -> e").replace("user b", "service b topic=t")

    found = changes(after, before=before)

    assert any(kind == "added" and "“b”→“e”" in sentence for kind, _element, sentence in found)
    assert any("类型由人工任务改为服务任务" in sentence for _kind, _element, sentence in found)


def test_variables_and_signing():
    before = "start s\nuser sign unit=item multi=departments\nend e\ns -> sign\nsign -> e"
    after = before.replace("multi=", "series=")

    found = changes(after, before=before, variables="outcome:text;departments:list;amount:number")

    assert ("added", "", "流程变量 amount（number）。") in found
    assert any("会签由“按名单 departments 同时办理”改为“按名单 departments 逐个办理”" in text for _k, _e, text in found)


def test_the_order_in_which_conditions_are_asked():
    before = BEFORE.replace(
        "user decide role=leader",
        'user decide role=leader\nuser check role=leader\ng -> check : outcome != "refuse"\ncheck -> granted',
    )
    arrow = 'g -> decide : outcome == "accept"\n'
    assert arrow in before
    after = before.replace(arrow, "").replace("g -> check", arrow + "g -> check")

    assert changes(after, before=before) == [
        ("changed", "g", "排他网关“g”：判断条件的先后由“g”→“check”、“g”→“decide”改为“g”→“decide”、“g”→“check”。")
    ]


def test_a_new_event_says_what_it_waits_for_and_a_changed_error_what_it_catches():
    before = "start s\nservice a topic=t\nuser b\nend e\nboundary w on=a error=late\ns -> a\na -> e\nw -> b\nb -> e"
    after = (
        before.replace("error=late", "error=missing") + "\nboundary r on=b for=P5D keep\nuser c\nr -> c\nend f\nc -> f"
    )

    found = {element: sentence for _kind, element, sentence in changes(after, before=before)}

    assert found["w"] == "错误边界事件“w”：错误代码由“late”改为“missing”。"
    assert found["r"] == "计时边界事件“r”（时长 P5D）。"


def test_another_version_of_a_called_process():
    text = "start s\ncall c key=other\nend e\ns -> c\nc -> e"
    one, two = (graph_of(f"start s\nuser a role={role}\nend e\ns -> a\na -> e") for role in ("clerk", "leader"))

    found = differences(graph_of(text, other=one), graph_of(text, other=two))

    assert [change.sentence for change in found] == [
        "子流程“c”：所调用的流程换成了它的另一版。",
        "人工任务“a”：办理角色由“clerk”改为“leader”。",
    ]
