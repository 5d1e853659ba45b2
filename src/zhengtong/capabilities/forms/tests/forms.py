"""Small declarations for tests."""

from typing import Any

from zhengtong.capabilities.forms.rules import Definition, clean, frozen_definition


def field(key: str, kind: str = "text", **more: Any) -> dict[str, Any]:
    """A question as it is declared."""
    return {"key": key, "label": f"问题{key}", "kind": kind, **more}


def form(*fields: dict[str, Any], checks: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """A form of one page."""
    return {"title": "申请表", "sections": [{"title": "第一页", "fields": list(fields)}], "checks": checks or []}


def definition(*fields: dict[str, Any], **more: Any) -> Definition:
    """What a form of one page means."""
    return frozen_definition(form(*fields, **more))


def judge(*fields: dict[str, Any], answers: dict[str, Any], **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Cleaned answers and errors."""
    return clean(definition(*fields, **more), answers)


GROUP = field(
    "people",
    "group",
    row_label="股东",
    fields=[
        field("name"),
        field("share", "number", min="0", max="100", places=2),
        field("born", "date", required=False),
    ],
)
