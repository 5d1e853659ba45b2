"""A small browser without scripts: pages, and the forms on them as they would be sent."""

import dataclasses
from collections import Counter, deque
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import Resolver404, resolve
from lxml import html

from tests.bad_input import files
from tests.bad_input.addresses import every

#: what an ordinary person writes into a field of a type
_USUAL = {
    "date": "2026-11-20",
    "month": "2026-11",
    "datetime-local": "2026-11-06T09:30",
    "time": "09:30",
    "number": "1",
    "tel": "13800000009",
    "email": "a@example.cn",
    "password": "Kuai-le_2026xyz",
}
WORDS = "已经核对，情况属实，符合要求。"
_TEXTUAL = {
    "text",
    "search",
    "tel",
    "email",
    "url",
    "number",
    "date",
    "month",
    "datetime-local",
    "time",
    "password",
    "",
}
_LOOKS = 3
#: leaving, and how the pages look, belong to every page
_EVERYWHERE = {"account_logout", "ui-large-print", "ui-traditional"}


@dataclasses.dataclass
class Field:
    """One control: its name, what kind, what it may be set to, what it stands at."""

    name: str
    kind: str
    value: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclasses.dataclass
class Form:
    """A form on a page, with the button that sends it."""

    page: str
    action: str
    fields: tuple[Field, ...]
    button: tuple[str, str] = ("", "")

    @property
    def view(self) -> str:
        """The named address it is sent to."""
        return name_of(urlsplit(self.action).path)

    @property
    def key(self) -> tuple[Any, ...]:
        """Forms of one key differ in nothing but the thing they are about."""
        names = frozenset(field.name.rstrip("0123456789abcdef-") for field in self.fields)
        last = urlsplit(self.action).path.rstrip("/").rpartition("/")[2]
        return self.view, names, self.button, last if len(last) < 20 else ""

    @property
    def texts(self) -> list[str]:
        """Names of what one types into freely."""
        return [field.name for field in self.fields if field.kind in _TEXTUAL or field.kind == "textarea"]

    def filled(self, text: str = WORDS, changes: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What would be sent: what stands there already stays, gaps get something usual, texts the given one."""
        sent: dict[str, Any] = {}
        for field in self.fields:
            value = _answer(field, text)
            if value is not None:
                sent.setdefault(field.name, []).append(value)
        if self.button[0]:
            sent[self.button[0]] = [self.button[1]]
        return {**sent, **(changes or {})}

    def send(self, client: Client, sent: Mapping[str, Any]) -> Any:
        """As a browser sends it, from the page it stands on."""
        found = {
            name: [_fresh(value) for value in values] if isinstance(values, list) else values
            for name, values in sent.items()
        }
        return client.post(self.action, found, HTTP_REFERER=f"http://testserver{self.page}")


def _fresh(value: Any) -> Any:
    """A file that was read once is opened again."""
    if isinstance(value, SimpleUploadedFile):
        value.seek(0)
    return value


def _answer(field: Field, text: str) -> Any:
    if field.kind == "file":
        return SimpleUploadedFile("场所证明.pdf", files.pdf(), "application/pdf")
    if field.kind in {"hidden", "submit"}:
        return field.value
    if field.choices:
        return field.value or next((choice for choice in field.choices if choice), "")
    if field.kind in {"checkbox", "radio"}:
        return field.value
    if field.value and text == WORDS:
        return field.value
    if text != WORDS and (field.kind in _TEXTUAL or field.kind == "textarea"):
        return text
    return _USUAL.get(field.kind, text)


def name_of(path: str) -> str:
    """The name of the pattern a path belongs to."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def forms_of(page: str, body: bytes) -> Iterator[Form]:
    """Every form on a page that is posted, once for each of its buttons and for each outcome one may choose."""
    document = html.document_fromstring(body.decode("utf-8", "replace"))
    for template in document.xpath("//template"):
        template.drop_tree()
    for form in document.xpath("//form[translate(@method, 'POST', 'post')='post']"):
        action = urljoin(page, form.get("action") or page)
        fields = tuple(_fields(form))
        buttons = [
            (b.get("name"), b.get("value") or "") for b in form.xpath(".//button[@name]|.//input[@type='submit']")
        ]
        plain = form.xpath(".//button[not(@name) and not(@type='button')]")
        for button in [*buttons, *([("", "")] if plain or not buttons else [])]:
            for outcome in _outcomes(form):
                chosen = tuple(
                    dataclasses.replace(field, value=outcome) if field.name == "outcome" and outcome else field
                    for field in fields
                )
                yield Form(page, action, chosen, (button[0] or "", button[1]))


def _outcomes(form: Any) -> list[str]:
    found = [one.get("value") for one in form.xpath(".//input[@type='radio' and @name='outcome' and not(@disabled)]")]
    return found or [""]


def _fields(form: Any) -> Iterator[Field]:
    radios: dict[str, list[Any]] = {}
    for control in form.xpath(".//input|.//select|.//textarea"):
        name, kind = control.get("name"), (control.get("type") or "").lower()
        if not name or control.get("disabled") is not None or name == "csrfmiddlewaretoken":
            continue
        required = control.get("required") is not None
        if control.tag == "select":
            options = tuple(one.get("value", one.text or "") for one in control.xpath(".//option[not(@disabled)]"))
            chosen = [one.get("value", "") for one in control.xpath(".//option[@selected]")]
            yield Field(name, "select", chosen[0] if chosen else "", options, required)
        elif control.tag == "textarea":
            yield Field(name, "textarea", (control.text or "").removeprefix("\n"), (), required)
        elif kind == "radio":
            radios.setdefault(name, []).append(control)
        elif kind not in {"submit", "button", "image", "reset"}:
            yield Field(name, kind, control.get("value") or ("on" if kind == "checkbox" else ""), (), required)
    for name, group in radios.items():
        values = tuple(one.get("value") or "on" for one in group)
        chosen = [one.get("value") or "on" for one in group if one.get("checked") is not None]
        yield Field(name, "radio", chosen[0] if chosen else "", values)


def crawl(client: Client, roles: frozenset[str], starts: tuple[str, ...] = ()) -> Iterator[tuple[str, bytes]]:
    """Pages one comes to by links, a few of each type, beginning with what has a fixed address."""
    fixed = [one.route for one in every() if one.fixed and one.admits(roles)]
    waiting, seen, looks = deque([*starts, *fixed]), set[str](), Counter[str]()
    while waiting:
        path = waiting.popleft().partition("#")[0]
        name = name_of(urlsplit(path).path)
        if not name or path in seen or looks[name] >= _LOOKS:
            continue
        seen.add(path)
        looks[name] += 1
        answer = client.get(path)
        if answer.status_code == 302:
            waiting.appendleft(answer["Location"])
        elif answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        elif answer.content.strip():  # a page that asks every minute is often told nothing
            yield path, answer.content
            links = html.document_fromstring(answer.content.decode()).xpath("//a/@href")
            waiting.extend(link for link in links if link.startswith("/"))


def all_forms(client: Client, roles: frozenset[str], starts: tuple[str, ...] = ()) -> list[Form]:
    """The forms of all pages this person comes to, each kind once."""
    found: dict[tuple[Any, ...], Form] = {}
    for path, body in crawl(client, roles, starts):
        for form in forms_of(path, body):
            if form.view and form.view not in _EVERYWHERE:
                outcome = next((field.value for field in form.fields if field.name == "outcome"), "")
                found.setdefault((*form.key, outcome), form)
    return list(found.values())
