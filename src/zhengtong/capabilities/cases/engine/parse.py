"""BPMN 2.0 XML → Graph. Everything outside the subset is refused, all refusals at once, in Chinese, with the line."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from lxml import etree

from zhengtong.capabilities.cases.engine.calls import CALLED, inline_calls
from zhengtong.capabilities.cases.engine.model import (
    ACTIVITIES,
    BOUNDARIES,
    ROOT,
    Flow,
    Graph,
    Kind,
    Multi,
    Node,
    Refusal,
)
from zhengtong.capabilities.cases.engine.subset import check_subset
from zhengtong.capabilities.cases.engine.vocabulary import (
    BPMN,
    CONTAINERS,
    FOREIGN_ALLOWED,
    HARMLESS,
    IGNORED,
    NAME_LIMIT,
    NAMES,
    NODE_KINDS,
    PLAIN,
    SETTINGS,
    ZT,
    check_settings,
    read_variables,
)

SIZE_LIMIT = 2_000_000
ELEMENT_LIMIT = 1_000
DEPTH_LIMIT = 5
_ID = re.compile(r"[^\W\d][\w.-]{0,79}")


@dataclass(frozen=True, slots=True)
class Parsed:
    """`graph` is None when `refusals` is not empty."""

    graph: Graph | None
    refusals: tuple[Refusal, ...]


class Malformed(Exception):
    """The text is no acceptable XML at all; `place` says where."""

    def __init__(self, message: str, place: str = "整个文件") -> None:
        super().__init__(message)
        self.place = place


def parse(
    xml: bytes | str, declared: Mapping[str, str] | None = None, called: Mapping[str, Graph] | None = None
) -> Parsed:
    """Read a drawing.

    `declared` adds variables (name → text|number|flag|list|record) to those of the drawing; `called` gives the
    proved graph of each process that a call activity names (see `called_processes`), which is frozen into this one.
    """
    try:
        root = read_xml(xml)
    except Malformed as error:
        return Parsed(None, (Refusal("", str(error), error.place),))
    reader = _Reader()
    reader.read_definitions(root)
    if len(reader.nodes) + len(reader.flows) > ELEMENT_LIMIT:
        text = f"流程图超过 {ELEMENT_LIMIT} 个图形和连线，请拆成几个流程。"
        return Parsed(None, (Refusal(reader.process_id, text, "整个文件"),))
    if reader.refusals:
        return Parsed(None, tuple(dict.fromkeys(reader.refusals)))
    inlined = inline_calls(_link(reader), reader.flows, {**reader.variables, **(declared or {})}, called or {})
    refusals = inlined.refusals or check_subset(inlined.nodes, inlined.flows, inlined.variables, reader.process_id)
    if refusals:
        return Parsed(None, tuple(dict.fromkeys(refusals)))
    if any(node.outcomes for node in inlined.nodes.values()):
        inlined.variables.setdefault("outcome", "text")
    return Parsed(Graph(reader.process_id, reader.name, inlined.nodes, inlined.flows, inlined.variables), ())


def called_processes(xml: bytes | str) -> tuple[str, ...]:
    """Keys of the processes a drawing calls, in drawing order; none for a text that is no drawing."""
    try:
        root = read_xml(xml)
    except Malformed:
        return ()
    keys = (element.get("calledElement", "") for element in root.iter(f"{{{BPMN}}}callActivity"))
    return tuple(dict.fromkeys(key for key in keys if key))


def read_xml(xml: bytes | str) -> etree._Element:
    """Hardened reading: UTF-8 only, no document type, no entities, no network, at most 2 MB. Raises Malformed."""
    data = xml.encode() if isinstance(xml, str) else xml
    if len(data) > SIZE_LIMIT:
        raise Malformed(f"流程图文件太大（上限 {SIZE_LIMIT // 1_000_000} MB）。")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Malformed("流程图文件须是 UTF-8 编码的 BPMN 2.0 XML。") from None
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise Malformed("流程图文件不能含有文档类型声明（DOCTYPE）或实体（ENTITY），请用流程设计器重新导出。")
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        place = f"第 {error.lineno} 行附近"
        text = f"流程图文件不是完整的 XML（{place}），请检查那里的标签和引号，或者用流程设计器重新导出。"
        raise Malformed(text, place) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Malformed("流程图文件不能含有文档类型声明（DOCTYPE），这是安全要求。")
    return root


def _split(name: str) -> tuple[str, str]:
    """{namespace}local → (namespace, local)."""
    namespace, bracket, local = name.rpartition("}")
    return (namespace[1:], local) if bracket else ("", name)


def _tag(element: etree._Element) -> str:
    """Local name of a BPMN element, "" for an element of another namespace."""
    namespace, local = _split(str(element.tag))
    return local if namespace == BPMN else ""


def _text(element: etree._Element) -> str:
    return (element.text or "").strip()


def _link(reader: "_Reader") -> dict[str, Node]:
    """Give every node its arrows, its border events, and its lane's settings."""
    linked = {}
    for node in reader.nodes.values():
        settings = {**reader.lanes.get(node.id, {}), **node.settings} if node.kind is Kind.USER else node.settings
        linked[node.id] = replace(
            node,
            settings=settings,
            incoming=tuple(flow.id for flow in reader.flows.values() if flow.target == node.id),
            outgoing=tuple(flow.id for flow in reader.flows.values() if flow.source == node.id),
            boundaries=tuple(event.id for event in reader.nodes.values() if event.attached_to == node.id),
        )
    return linked


class _Reader:
    """Collects nodes, arrows and refusals while walking the tree once."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []
        self.nodes: dict[str, Node] = {}
        self.flows: dict[str, Flow] = {}
        self.lanes: dict[str, dict[str, str]] = {}
        self.messages: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.variables: dict[str, str] = {}
        self.process_id = ""
        self.name = ""
        self._ids: set[str] = set()
        self._depth = 0

    def refuse(self, element: etree._Element, text: str) -> None:
        """Note a refusal that names line, kind, name and id."""
        tag = _split(str(element.tag))[1]
        identity = element.get("id", "")
        shown = f"“{element.get('name') or identity or tag}”" + (f"（{identity}）" if identity else "")
        place = f"第 {element.sourceline} 行{NAMES.get(tag, tag)}{shown}"
        self.refusals.append(Refusal.at(self._named(element), place, text))

    def _named(self, element: etree._Element | None) -> str:
        """Id of the element, or of the nearest one around it that has an id and so can be found in the drawing."""
        while element is not None and not element.get("id"):
            element = element.getparent()
        return element.get("id", "") if element is not None else ""

    def read_definitions(self, root: etree._Element) -> None:
        """The root: exactly one process, its messages, perhaps one pool around it."""
        if _tag(root) != "definitions":
            self.refuse(root, "文件的根元素须是 BPMN 2.0 的 definitions。")
            return
        processes = [child for child in root if _tag(child) == "process"]
        for child in root:
            tag = _tag(child)
            if tag == "message":
                self.messages[child.get("id", "")] = child.get("name", "") or child.get("id", "")
            elif tag == "error":
                names = (child.get(key, "") for key in ("errorCode", "name", "id"))
                self.errors[child.get("id", "")] = next((name for name in names if name), "")
            elif tag == "collaboration":
                self._read_collaboration(child)
            elif tag and tag not in ("process", *IGNORED):
                self.refuse(child, "本平台的流程不支持这种元素，请删去。")
        if len(processes) != 1:
            self.refuse(root, f"一个文件须恰好画一个流程，这里有 {len(processes)} 个。")
            return
        process = processes[0]
        self.process_id, self.name = process.get("id", ""), process.get("name", "")
        self._check_identity(process)
        settings = self._attributes(process, "process")
        try:
            self.variables = read_variables(settings.get("variables", ""))
        except ValueError as error:
            self.refuse(process, str(error))
        self._read_scope(process, ROOT)

    def _read_collaboration(self, element: etree._Element) -> None:
        participants = 0
        for child in element:
            tag = _tag(child)
            if tag == "participant":
                participants += 1
            elif tag not in IGNORED:
                self.refuse(child, "本平台的流程不支持泳池之间的消息流，请用消息事件。")
        if participants > 1:
            self.refuse(element, "一个文件只能有一个泳池；部门和角色请画成泳道。")

    def _read_scope(self, scope: etree._Element, parent: str) -> None:
        for child in scope:
            tag = _tag(child)
            if tag in NODE_KINDS:
                self._read_node(child, tag, parent)
            elif tag == "sequenceFlow":
                self._read_flow(child)
            elif tag == "laneSet":
                self._read_lanes(child)
            elif tag == "extensionElements":
                self._check_extension(child)
            elif tag not in IGNORED and tag not in CONTAINERS:
                self.refuse(child, "本平台的流程不支持这种元素，请换成允许的图形。")

    def _check_extension(self, element: etree._Element) -> None:
        owner = element.getparent()
        if any(_split(str(child.tag))[0] != ZT for child in element) and owner is not None:
            self.refuse(owner, "含有其他产品的扩展设置，本平台不会执行它，请删去后在属性面板重新设置。")

    def _check_identity(self, element: etree._Element) -> str:
        identity = element.get("id", "")
        if not _ID.fullmatch(identity):
            self.refuse(element, "缺少编号（id），或编号含有不允许的字符、超过 80 个字符。")
        elif identity in self._ids:
            self.refuse(element, f"编号“{identity}”用了两次，每个元素的编号须唯一。")
        self._ids.add(identity)
        return identity

    def _attributes(self, element: etree._Element, tag: str) -> dict[str, str]:
        """Check the attributes against the whitelist; returns our own settings."""
        settings = {}
        for raw, value in element.attrib.items():
            namespace, local = _split(str(raw))
            if namespace == ZT and local in SETTINGS.get(tag, ()):
                settings[local] = str(value).strip()
            elif namespace == ZT:
                self.refuse(element, f"这里不能设置“{local}”。")
            elif namespace and namespace not in FOREIGN_ALLOWED:
                self.refuse(element, f"含有其他产品的属性“{local}”，本平台不会执行它，请删去。")
            elif not namespace and local not in PLAIN.get(tag, ()) and HARMLESS.get(local) not in ("", str(value)):
                self.refuse(element, f"不支持属性 {local}=“{value}”。")
        return settings

    def _read_lanes(self, lane_set: etree._Element) -> None:
        for lane in lane_set:
            if _tag(lane) != "lane":
                continue
            settings = self._attributes(lane, "lane")
            self._settings_ok(lane, Kind.USER, settings)
            for child in lane:
                tag = _tag(child)
                if tag == "flowNodeRef":
                    self.lanes[_text(child)] = {**self.lanes.get(_text(child), {}), **settings}
                elif tag == "childLaneSet":
                    self._read_lanes(child)

    def _read_flow(self, element: etree._Element) -> None:
        identity = self._check_identity(element)
        self._attributes(element, "sequenceFlow")
        condition = ""
        for child in element:
            tag = _tag(child)
            if tag == "conditionExpression":
                condition = _text(child)
                if not condition:
                    self.refuse(element, "条件是空的，请填写条件，或删去条件。")
            elif tag == "extensionElements":
                self._check_extension(child)
        self.flows[identity] = Flow(
            identity, element.get("sourceRef", ""), element.get("targetRef", ""), element.get("name", ""), condition
        )

    def _read_node(self, element: etree._Element, tag: str, parent: str) -> None:
        identity = self._check_identity(element)
        node = Node(
            id=identity,
            kind=NODE_KINDS[tag],
            name=" ".join(element.get("name", "").split()),
            parent=parent,
            line=int(element.sourceline or 0),
            settings=self._attributes(element, tag),
            default=element.get("default", ""),
            attached_to=element.get("attachedToRef", ""),
            interrupting=element.get("cancelActivity", "true") != "false",
        )
        for child in element:
            node = self._read_part(element, child, node)
        if node.kind in (Kind.TIMER, Kind.BOUNDARY_TIMER) and not (node.duration or node.message):
            self.refuse(element, "须指定一个计时（时长）或一个消息。")
        if node.kind is Kind.CALL and not element.get("calledElement"):
            self.refuse(element, "没有说明调用哪一个流程（calledElement）。")
        elif node.kind is Kind.CALL:
            node = replace(node, settings={CALLED: element.get("calledElement", "")})
        if len(node.name) > NAME_LIMIT:
            self.refuse(element, f"名称超过 {NAME_LIMIT} 个字，请改短。")
        self._settings_ok(element, node.kind, node.settings)
        self.nodes[identity] = node
        if node.kind is Kind.SUBPROCESS and self._depth >= DEPTH_LIMIT:
            self.refuse(element, f"子流程嵌套超过 {DEPTH_LIMIT} 层，请画得平一些。")
        elif node.kind is Kind.SUBPROCESS:
            self._depth += 1
            self._read_scope(element, identity)
            self._depth -= 1

    def _settings_ok(self, element: etree._Element, kind: Kind, settings: Mapping[str, str]) -> None:
        for text in check_settings(kind, settings):
            self.refuse(element, text)

    def _read_part(self, element: etree._Element, child: etree._Element, node: Node) -> Node:
        """What may stand inside a node beside its drawing: event definition, multi-instance, notes."""
        tag = _tag(child)
        if tag == "extensionElements":
            self._check_extension(child)
        elif tag.endswith("EventDefinition"):
            return self._read_event(element, child, tag, node)
        elif tag == "multiInstanceLoopCharacteristics" and node.kind in ACTIVITIES:
            return replace(node, multi=self._read_multi(element, child))
        elif node.kind is not Kind.SUBPROCESS and tag not in IGNORED and tag not in ("incoming", "outgoing"):
            self.refuse(element, f"不支持其中的“{NAMES.get(tag, tag)}”。")
        return node

    def _read_multi(self, element: etree._Element, child: etree._Element) -> Multi:
        settings = self._attributes(child, "multiInstanceLoopCharacteristics")
        until = ""
        for part in child:
            if _tag(part) == "completionCondition":
                until = _text(part)
            elif _tag(part) not in IGNORED:
                self.refuse(
                    element, f"会签（多实例）不支持“{_split(str(part.tag))[1]}”，请用名单变量（zt:collection）。"
                )
        if not settings.get("collection"):
            self.refuse(element, "会签（多实例）须指定名单变量（zt:collection）。")
        return Multi(settings.get("collection", ""), child.get("isSequential", "false") == "true", until)

    def _read_event(self, element: etree._Element, child: etree._Element, tag: str, node: Node) -> Node:
        taken = (Kind.TERMINATE, Kind.MESSAGE_START, Kind.ERROR_END, Kind.BOUNDARY_ERROR)
        if node.duration or node.message or node.kind in taken:
            self.refuse(element, "一个事件只能有一种触发方式。")
        if tag == "messageEventDefinition" and node.kind in (Kind.START, Kind.TIMER, Kind.BOUNDARY_TIMER):
            name = self.messages.get(child.get("messageRef", ""), "")
            if not name:
                self.refuse(element, "消息事件没有指定消息。")
            kinds = {
                Kind.START: Kind.MESSAGE_START,
                Kind.TIMER: Kind.MESSAGE,
                Kind.BOUNDARY_TIMER: Kind.BOUNDARY_MESSAGE,
            }
            return replace(node, kind=kinds[node.kind], message=name or "?")
        if tag == "timerEventDefinition" and node.kind in (Kind.TIMER, Kind.BOUNDARY_TIMER):
            return replace(node, duration=self._read_duration(element, child))
        if tag == "terminateEventDefinition" and node.kind is Kind.END:
            return replace(node, kind=Kind.TERMINATE)
        if tag == "errorEventDefinition" and node.kind in (Kind.END, Kind.BOUNDARY_TIMER):
            return self._read_error(element, child, node)
        self.refuse(element, f"这里不支持{NAMES.get(tag, tag)}。")
        return replace(node, duration=node.duration or "?") if node.kind in (Kind.TIMER, *BOUNDARIES) else node

    def _read_error(self, element: etree._Element, child: etree._Element, node: Node) -> Node:
        """An error end names its error; an error event on a border without one catches every error."""
        reference = child.get("errorRef", "")
        code = self.errors.get(reference, "")
        if reference and not code:
            self.refuse(element, f"指向的错误“{reference}”没有定义。")
        elif node.kind is Kind.END and not code:
            self.refuse(element, "错误结束事件没有指定错误。")
        kind = Kind.ERROR_END if node.kind is Kind.END else Kind.BOUNDARY_ERROR
        return replace(node, kind=kind, error=code)

    def _read_duration(self, element: etree._Element, child: etree._Element) -> str:
        for part in child:
            if _tag(part) == "timeDuration":
                text = _text(part)
                for problem in check_settings(Kind.TIMER, {"duration": text}):
                    self.refuse(element, problem)
                return text or "?"
        self.refuse(element, "计时事件只支持时长（timeDuration），不支持固定日期或循环。")
        return "?"
