"""Drawings of other products run to their end or are refused in Chinese with element and place; hostile ones too."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from zhengtong.capabilities.cases.engine.advance import advance_play, begin_play, waiting_messages, waiting_timers
from zhengtong.capabilities.cases.engine.marking import Marking
from zhengtong.capabilities.cases.engine.model import CALLS, Graph, Kind, Node, Refusal
from zhengtong.capabilities.cases.engine.parse import called_processes, parse
from zhengtong.capabilities.cases.engine.soundness import prove
from zhengtong.capabilities.cases.engine.steps import Complete, ServiceDone
from zhengtong.capabilities.cases.tests.drawings import drawing

_BPMN, _OWN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}", "{urn:zhengtong:bpmn}"
FILES = sorted((Path(__file__).parent / "third_party").glob("*.bpmn"))
GOOD = drawing("start s\nuser a\nend e\ns -> a\na -> e")


class Chance:
    """A chooser that throws dice."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def exclusive(self, node: Node, item: str | None) -> str:
        return self.dice.choice(node.outgoing)

    def inclusive(self, node: Node, item: str | None) -> tuple[str, ...]:
        return tuple(self.dice.sample(node.outgoing, self.dice.randint(1, len(node.outgoing))))

    def items(self, node: Node, item: str | None) -> tuple[str, ...]:
        return tuple(str(number) for number in range(self.dice.randint(0, 3)))

    def enough(self, node, item, counts) -> bool:
        return self.dice.random() < 0.3


def plays_to_the_end(graph: Graph, seed: int) -> bool:
    chance = Chance(seed)
    marking: Marking = begin_play(graph, chance).marking()
    for _ in range(500):
        if marking.done:
            return True
        commands = [*waiting_timers(graph, marking), *waiting_messages(graph, marking)]
        for number, token in marking.tokens.items():
            kind = graph.nodes[token.node].kind
            if number not in marking.multi and (kind is Kind.USER or kind in CALLS):
                commands += [Complete(number) if kind is Kind.USER else ServiceDone(number)] * 3
        marking = advance_play(graph, marking, chance, chance.dice.choice(commands)).marking()
    return False


def judged(xml: bytes) -> tuple[Refusal, ...]:
    """Played when it is accepted; the refusals when it is not."""
    parsed = parse(xml)
    if parsed.graph is None:
        assert parsed.refusals
        return parsed.refusals
    proof = prove(parsed.graph)
    for seed in range(5 if proof.graph else 0):
        assert plays_to_the_end(parsed.graph, seed)
    return proof.refusals


def check_refusals(xml: bytes, refusals: tuple[Refusal, ...]) -> None:
    """All in Chinese and with a place, and one at least names an element of the file."""
    ids = {element.get("id") for element in etree.fromstring(xml).iter() if isinstance(element.tag, str)}
    assert all(re.search("[一-鿿]", refusal.message) and refusal.place for refusal in refusals), refusals
    assert any(refusal.element_id in ids and refusal.element_id for refusal in refusals), refusals


def adapted(xml: bytes) -> bytes:
    """What an officer would do first: drop the other product's settings, say who does it and which service answers."""
    root = etree.fromstring(xml)
    for element in [element for element in root.iter() if isinstance(element.tag, str)]:
        if element.tag in {f"{_BPMN}extensionElements", f"{_BPMN}script"}:
            element.getparent().remove(element)
            continue
        for name in list(element.attrib):
            if name in {"implementation", "operationRef", "scriptFormat"} or re.match(
                r"\{http://(camunda|activiti)", name
            ):
                del element.attrib[name]
        if element.tag in {f"{_BPMN}task", f"{_BPMN}manualTask", f"{_BPMN}userTask"}:
            element.tag = f"{_BPMN}userTask"
            element.set(f"{_OWN}role", "clerk")
        if element.tag in {f"{_BPMN}{kind}Task" for kind in ("script", "service", "send", "businessRule")}:
            element.tag = f"{_BPMN}serviceTask"
            element.set(f"{_OWN}topic", "something")
            element.attrib.pop("messageRef", None)
    return etree.tostring(root)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_as_it_is_runs_or_is_refused_with_element_and_place(path):
    xml = path.read_bytes()

    refusals = judged(xml)

    if refusals:
        check_refusals(xml, refusals)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_stripped_of_foreign_settings_runs_or_is_refused_with_element_and_place(path):
    xml = adapted(path.read_bytes())

    refusals = judged(xml)

    if refusals:
        check_refusals(xml, refusals)


def test_many_of_them_run_once_the_foreign_settings_are_gone():
    accepted = {path.stem for path in FILES if not judged(adapted(path.read_bytes()))}

    assert {"tck-error-boundary-event", "tck-message-boundary-event", "tck-parallel-gateway"} <= accepted
    assert len(accepted) >= 12


def test_a_called_process_of_others_is_frozen_in():
    main, called = (
        (path.read_bytes()) for path in FILES if path.stem in ("examples-main-process", "examples-sub-process")
    )
    (key,) = called_processes(main)
    inner = parse(adapted(called)).graph
    assert inner is not None

    graph = parse(adapted(main), called={key: inner}).graph

    assert graph is not None
    assert any("~" in name for name in graph.nodes)
    assert prove(graph).refusals == ()
    assert plays_to_the_end(graph, 1)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(path=st.sampled_from(FILES), adapt=st.booleans(), data=st.data())
def test_damaged_files_never_raise(path, adapt, data):
    root = etree.fromstring(adapted(path.read_bytes()) if adapt else path.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        elements = [
            element for element in root.iter() if isinstance(element.tag, str) and element.getparent() is not None
        ]
        if not elements:
            break
        element = data.draw(st.sampled_from(elements))
        other = data.draw(st.sampled_from(elements))
        harm = data.draw(st.sampled_from(["drop", "rename", "attribute", "move", "text"]))
        if harm == "drop":
            element.getparent().remove(element)
        elif harm == "rename":
            element.tag = other.tag
        elif harm == "attribute" and element.attrib:
            name = data.draw(st.sampled_from(sorted(element.attrib)))
            element.set(name, data.draw(st.sampled_from([*other.attrib.values(), "", "x", "true", "1"])))
        elif harm == "text":
            element.text = data.draw(st.sampled_from([None, "", "P1D", "x == 1", "((", "${approved}"]))
        elif harm == "move" and element not in [other, *other.iterancestors()]:
            other.append(element)

    judged(etree.tostring(root))


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_damaged_texts_never_raise(data):
    xml = bytearray(data.draw(st.sampled_from([GOOD.encode(), *(path.read_bytes() for path in FILES[:4])])))
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(xml) - 1))
        harm = data.draw(st.binary(max_size=6))
        xml[place : place + data.draw(st.integers(0, 20))] = harm

    judged(bytes(xml))


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
HOSTILE = {
    "an entity of the machine": f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>{GOOD[39:]}'.replace(
        "测试", "&x;"
    ),
    "an entity of the network": f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">{GOOD[39:]}',
    "a billion laughs": f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>{GOOD[39:]}'.replace("测试", "&l11;"),
    "a parameter entity": '<!DOCTYPE d [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><d/>',
    "a depth nobody draws": "<a>" * 5_000 + "</a>" * 5_000,
    "a depth of sub-processes": GOOD.replace(
        "</b:process>", '<b:subProcess id="q{0}">' * 200 + "</b:subProcess>" * 200 + "</b:process>"
    ),
    "a depth of lanes": GOOD.replace(
        "</b:process>",
        "<b:laneSet>"
        + "<b:lane><b:childLaneSet>" * 100
        + "</b:childLaneSet></b:lane>" * 100
        + "</b:laneSet></b:process>",
    ),
    "three megabytes": GOOD.replace("测试", "长" * 1_000_000),
    "sixty thousand elements": GOOD.replace("</b:process>", '<b:userTask id="q"/>' * 60_000 + "</b:process>"),
    "another coding": GOOD.encode("utf-16"),
    "nothing": b"",
    "no text": bytes(range(256)),
}


@pytest.mark.parametrize("name", [name for name in HOSTILE if name != "a depth of lanes"])
def test_hostile_files_are_refused_in_chinese(name):
    data = HOSTILE[name]

    parsed = parse(data)

    assert parsed.graph is None
    assert all(re.search("[一-鿿]", refusal.message) for refusal in parsed.refusals)
    assert "root:" not in str(parsed.refusals)


def test_deep_lanes_are_only_lanes():
    assert parse(HOSTILE["a depth of lanes"]).graph is not None
