"""Conditions in a drawing: a small whitelisted language compiled to closures; nothing is ever handed to eval.

Allowed: texts, numbers, True/False/None, names, attributes of records, and/or/not, one comparison, lists,
count(x)/len(x), a minus sign before a number. Everything else is refused with a Chinese sentence.
"""

import ast
import operator
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

LIMIT = 500
_DEPTH = 40

TEXT, NUMBER, FLAG, LIST, RECORD, ANY = "text", "number", "flag", "list", "record", "any"
TYPES = {TEXT: "文本", NUMBER: "数字", FLAG: "是否", LIST: "名单", RECORD: "记录", ANY: "任意"}

type_of_constant = {str: TEXT, int: NUMBER, float: NUMBER, bool: FLAG, type(None): ANY}

Variables = Mapping[str, object]
Evaluate = Callable[[Variables], object]


class ExpressionError(ValueError):
    """The text is not an allowed expression; the message is a Chinese sentence."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled condition; `compared` lists the constants a name is compared with, for the check of outcomes."""

    source: str
    names: frozenset[str]
    compared: tuple[tuple[str, object], ...]
    type: str
    value: Evaluate

    def holds(self, variables: Variables) -> bool:
        """Whether the condition is true; a missing name counts as None, values that do not compare as false."""
        return bool(self.value(variables))


def compile_expression(source: str, declared: Mapping[str, str] | None = None, *, want: str = FLAG) -> Expression:
    """Compile; with `declared` (name → type) names and types are checked. Raises ExpressionError."""
    text = source.strip()
    if not text:
        raise ExpressionError('条件是空的，请填写，例如 outcome == "accept"。')
    if len(text) > LIMIT:
        raise ExpressionError(f"条件太长（{len(text)} 个字符），最多 {LIMIT} 个。")
    compiler = _Compiler(text, declared)
    value, kind = compiler.compile(_parse(text).body, 0)
    if declared is not None and kind not in (want, ANY):
        raise ExpressionError(f"条件“{text}”的结果是{TYPES[kind]}，这里需要{TYPES[want]}。")
    return Expression(text, frozenset(compiler.names), tuple(compiler.compared), kind, value)


def _parse(text: str) -> ast.Expression:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")  # a doubtful literal is an error, not a line in the log
            return ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError, Warning) as error:
        raise ExpressionError(
            f'看不懂条件“{text}”，请检查括号和引号（须用英文引号），例如 outcome == "accept"。'
        ) from error


def _order(test: Callable[[Any, Any], Any]) -> Callable[[object, object], bool]:
    def compare(left: object, right: object) -> bool:
        try:
            return bool(test(left, right))
        except TypeError:
            return False

    return compare


def _contains(left: object, right: object) -> bool:
    if isinstance(right, str):
        return isinstance(left, str) and left in right
    return isinstance(right, (list, tuple, set, frozenset)) and any(left == entry for entry in right)


_COMPARE: dict[type[ast.cmpop], Callable[[object, object], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: _order(operator.lt),
    ast.LtE: _order(operator.le),
    ast.Gt: _order(operator.gt),
    ast.GtE: _order(operator.ge),
    ast.In: _contains,
    ast.NotIn: lambda left, right: not _contains(left, right),
}
_EQUALITY = (ast.Eq, ast.NotEq)
_MEMBERSHIP = (ast.In, ast.NotIn)


def _count(value: object) -> int:
    return len(value) if isinstance(value, (str, list, tuple, set, frozenset, dict)) else 0


class _Compiler:
    """Walks one tree; each branch returns a closure and the type of its value."""

    def __init__(self, text: str, declared: Mapping[str, str] | None) -> None:
        self.text = text
        self.declared = declared
        self.names: set[str] = set()
        self.compared: list[tuple[str, object]] = []

    def compile(self, node: ast.expr, depth: int) -> tuple[Evaluate, str]:
        """Compile one node of the tree."""
        if depth > _DEPTH:
            raise ExpressionError("条件的层次太深，请拆成几个网关。")
        match node:
            case ast.Constant(value=value):
                return self._constant(value)
            case ast.Name(id=name):
                return self._name(name)
            case ast.Attribute(value=inner, attr=attr):
                return self._attribute(inner, attr, depth)
            case ast.BoolOp(op=op, values=values):
                return self._bool(op, values, depth)
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner_value = self._flag(operand, depth)
                return (lambda v: not inner_value(v)), FLAG
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=value)) if type(value) in (int, float):
                return self._constant(-value)  # type: ignore[operator]  # the guard leaves int and float only
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._compare(left, op, right, depth)
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                parts = [self.compile(element, depth + 1)[0] for element in elements]
                return (lambda v: [part(v) for part in parts]), LIST
            case ast.Call(func=ast.Name(id="count" | "len"), args=[argument], keywords=[]):
                return self._counted(argument, depth)
        raise ExpressionError(f"条件里不能使用“{self._shown(node)}”：只允许比较、and/or/not、名单、count(…) 和变量名。")

    def _shown(self, node: ast.expr) -> str:
        """The beginning of what was typed there; written anew from the tree it could be nested too deep."""
        return (ast.get_source_segment(self.text, node) or self.text)[:40]

    def _constant(self, value: object) -> tuple[Evaluate, str]:
        if type(value) not in type_of_constant:
            raise ExpressionError(f"条件里不能使用“{value!r}”：只允许文本、数字和 True/False/None。")
        return (lambda v: value), type_of_constant[type(value)]

    def _name(self, name: str) -> tuple[Evaluate, str]:
        if name.startswith("_"):
            raise ExpressionError(f"变量名“{name}”不能以下划线开头。")
        if self.declared is not None and name not in self.declared:
            known = "、".join(sorted(self.declared)) or "无"
            raise ExpressionError(f"条件里的变量“{name}”没有声明；可用的变量：{known}。")
        self.names.add(name)
        return (lambda v: v.get(name)), (self.declared or {}).get(name, ANY)

    def _attribute(self, inner: ast.expr, attr: str, depth: int) -> tuple[Evaluate, str]:
        if attr.startswith("_"):
            raise ExpressionError(f"属性名“{attr}”不能以下划线开头。")
        value, kind = self.compile(inner, depth + 1)
        if kind not in (RECORD, ANY):
            raise ExpressionError(f"{TYPES[kind]}没有属性“{attr}”。")

        def read(variables: Variables) -> object:
            record = value(variables)
            return record.get(attr) if isinstance(record, Mapping) else None

        return read, ANY

    def _flag(self, node: ast.expr, depth: int) -> Evaluate:
        value, kind = self.compile(node, depth + 1)
        if self.declared is not None and kind not in (FLAG, ANY):
            raise ExpressionError(f"“{self._shown(node)}”是{TYPES[kind]}，and/or/not 两边须是比较或是否。")
        return value

    def _bool(self, op: ast.boolop, values: list[ast.expr], depth: int) -> tuple[Evaluate, str]:
        parts = [self._flag(value, depth) for value in values]
        if isinstance(op, ast.And):
            return (lambda v: all(part(v) for part in parts)), FLAG
        return (lambda v: any(part(v) for part in parts)), FLAG

    def _counted(self, argument: ast.expr, depth: int) -> tuple[Evaluate, str]:
        value, kind = self.compile(argument, depth + 1)
        if kind not in (LIST, TEXT, ANY):
            raise ExpressionError(f"count(…) 只能用于名单或文本，这里是{TYPES[kind]}。")
        return (lambda v: _count(value(v))), NUMBER

    def _compare(self, left: ast.expr, op: ast.cmpop, right: ast.expr, depth: int) -> tuple[Evaluate, str]:
        test = _COMPARE.get(type(op))
        if test is None:
            raise ExpressionError("条件里不能使用 is，请用 == 或 !=。")
        first, first_type = self.compile(left, depth + 1)
        second, second_type = self.compile(right, depth + 1)
        self._check_types(op, first_type, second_type)
        self._note(left, right)
        return (lambda v: test(first(v), second(v))), FLAG

    def _check_types(self, op: ast.cmpop, left: str, right: str) -> None:
        if self.declared is None:
            return
        if isinstance(op, _MEMBERSHIP):
            if right not in (LIST, TEXT, ANY):
                raise ExpressionError(f"in 的右边须是名单或文本，这里是{TYPES[right]}。")
            if right == TEXT and left not in (TEXT, ANY):
                raise ExpressionError(f"{TYPES[left]}不会出现在文本里。")
        elif ANY not in (left, right) and left != right:
            raise ExpressionError(f"不能把{TYPES[left]}与{TYPES[right]}比较，结果永远不成立。")
        elif not isinstance(op, _EQUALITY) and not {left, right} <= {NUMBER, TEXT, ANY}:
            raise ExpressionError(f"{TYPES[left]}不能比较大小。")

    def _note(self, left: ast.expr, right: ast.expr) -> None:
        for name, other in ((left, right), (right, left)):
            if isinstance(name, ast.Name):
                options = other.elts if isinstance(other, (ast.List, ast.Tuple)) else [other]
                self.compared += [(name.id, option.value) for option in options if isinstance(option, ast.Constant)]
