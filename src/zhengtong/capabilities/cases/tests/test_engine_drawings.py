"""The four drawings of the demo: they parse, are sound, play to every end, and can be shown."""

from pathlib import Path

import pytest
from lxml import etree

from zhengtong.capabilities.cases.engine.draw import svg
from zhengtong.capabilities.cases.engine.model import EngineError, Graph
from zhengtong.capabilities.cases.engine.parse import parse
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import Ended, Message, ReturnBranch, ReturnTo
from zhengtong.capabilities.cases.tests.drawings import Case, drawing

FOLDER = Path(__file__).parents[3] / "entry" / "demo" / "data" / "processes"
NAMES = ["standard", "joint", "restaurant", "instant"]
SVG = "{http://www.w3.org/2000/svg}"


def read(name: str) -> bytes:
    return (FOLDER / f"{name}.bpmn").read_bytes()


def proved(name: str) -> Graph:
    parsed = parse(read(name))
    assert parsed.refusals == ()
    assert parsed.graph is not None
    proof = prove(parsed.graph)
    assert proof.refusals == ()
    assert proof.graph is not None
    return proof.graph


REVIEWS = {
    "standard": ["examine"],
    "joint": ["review/H05", "review/G11"],
    "restaurant": ["review_fire", "review_signboard", "review_housing", "review_tobacco"],
}


def ends(case: Case) -> list[str]:
    return [effect.node for effect in case.history if isinstance(effect, Ended)]


@pytest.mark.parametrize("name", REVIEWS)
@pytest.mark.parametrize(
    ("outcome", "service", "end"),
    [("approve", "issue_licence", "end_granted"), ("reject", "issue_refusal", "end_rejected")],
)
def test_supplement_review_return_and_decision(name, outcome, service, end):
    case = Case(proved(name), departments=["H05", "G11"])
    case.complete("accept", outcome="supplement")
    case.complete("supplement", outcome="submit")
    case.complete("accept", outcome="accept")

    for decision in ("return", outcome):
        assert case.open() == sorted(REVIEWS[name])
        for task in reversed(REVIEWS[name]):
            case.complete(task, outcome="agree")
        assert case.open() == ["decide"]
        case.complete("decide", outcome=decision)

    assert [call.topic for call in case.services.values()] == [service]
    assert not case.marking.done
    case.complete(service)
    assert case.marking.done
    assert ends(case) == ["decided", end]


@pytest.mark.parametrize("name", REVIEWS)
def test_refusal_of_acceptance(name):
    case = Case(proved(name), departments=[])

    case.complete("accept", outcome="refuse")
    case.complete("refuse_acceptance")

    assert ends(case) == ["refused", "end_not_accepted"]


@pytest.mark.parametrize(
    ("outcome", "service", "end"),
    [
        ("approve", "issue_licence", "end_granted"),
        ("reject", "issue_refusal", "end_rejected"),
        ("refuse", "refuse_acceptance", "end_not_accepted"),
    ],
)
def test_instant_item_is_decided_at_the_window(outcome, service, end):
    case = Case(proved("instant"))
    case.complete("handle", outcome="supplement")
    case.complete("supplement", outcome="submit")

    case.complete("handle", outcome=outcome)
    case.complete(service)

    assert ends(case) == ["decided", end]
    assert case.marking.done


@pytest.mark.parametrize("name", NAMES)
def test_the_applicant_withdraws_while_work_is_open_but_not_after_the_decision(name):
    graph = proved(name)
    case = Case(graph, departments=["H05"])
    case.do(Message("withdraw"))
    assert ends(case) == ["end_withdrawn"]
    late = Case(graph, departments=["H05"])
    late.complete("handle" if name == "instant" else "accept", outcome="refuse")

    with pytest.raises(EngineError, match="不等待"):
        late.do(Message("withdraw"))


def test_restaurant_one_department_returns_and_the_others_keep_their_opinions():
    case = Case(proved("restaurant"))
    case.complete("accept", outcome="accept")
    for task in REVIEWS["restaurant"]:
        case.complete(task)

    case.do(ReturnBranch(case.token("decide"), "review_fire"))
    assert case.open() == ["review_fire"]
    case.complete("review_fire")
    case.do(ReturnTo(case.token("decide"), "fork"))

    assert case.open() == sorted(REVIEWS["restaurant"])


def test_departments_and_limits_of_the_restaurant_drawing():
    nodes = proved("restaurant").nodes

    found = {name: (nodes[name].settings["unit"], nodes[name].settings["limit"]) for name in REVIEWS["restaurant"]}

    assert found == {
        "review_fire": ("H05", "5 WD"),
        "review_signboard": ("G11", "5 WD"),
        "review_housing": ("G10", "7 WD"),
        "review_tobacco": ("H04", "7 WD"),
    }


@pytest.mark.parametrize("name", NAMES)
def test_every_node_and_arrow_has_its_place_in_the_drawing(name):
    graph = proved(name)
    root = etree.fromstring(read(name))

    drawn = {element.get("bpmnElement") for element in root.iter() if element.get("bpmnElement")}

    assert set(graph.nodes) | set(graph.flows) <= drawn


@pytest.mark.parametrize("name", NAMES)
def test_svg_shows_state_by_class_and_text_and_carries_nothing_active(name):
    graph = proved(name)
    task = graph.user_tasks()[0].id

    text = svg(read(name), active={task}, done={"start"}, labels={task: "余 3 个工作日"})
    root = etree.fromstring(text)

    groups = {group.get("data-node"): group for group in root.iter(f"{SVG}g") if group.get("data-node")}
    assert set(groups) == set(graph.nodes)
    assert "active" in groups[task].get("class", "").split()
    assert "done" in groups["start"].get("class", "").split()
    assert "正在办理" in str(groups[task].findtext(f"{SVG}title"))
    assert "正在办理" in str(root.findtext(f"{SVG}desc"))
    assert "余 3 个工作日" in "".join(root.itertext())
    assert root.findtext(f"{SVG}title") == graph.name
    for element in root.iter():
        assert element.tag not in {f"{SVG}script", f"{SVG}style", f"{SVG}foreignObject", f"{SVG}a"}
        assert not [key for key in element.attrib if key == "style" or str(key).startswith("on")]


def test_svg_of_a_hostile_drawing_is_only_text():
    xml = read("instant").decode().replace("当场审查决定", "&lt;script&gt;alert(1)&lt;/script&gt;&quot;")
    xml = xml.replace('x="245"', 'x="&quot;/&gt;&lt;script/&gt;"').replace('"handle"', '"h&quot; onload=&quot;x"')

    root = etree.fromstring(svg(xml, labels={'h" onload="x': "<b onclick='x'>"}))

    assert "<b onclick" in "".join(root.itertext())
    assert not [key for element in root.iter() for key in element.attrib if str(key).startswith("on")]

    assert {str(element.tag).rpartition("}")[2] for element in root.iter()} <= {
        "svg", "title", "desc", "defs", "marker", "path", "g", "rect", "circle", "text", "tspan",
    }  # fmt: skip


def test_svg_without_layout_is_empty_and_bad_xml_is_refused():
    assert "<svg" in svg(drawing("start s\nuser a\nend e\ns -> a\na -> e"))

    with pytest.raises(EngineError, match="XML"):
        svg("<a>")
