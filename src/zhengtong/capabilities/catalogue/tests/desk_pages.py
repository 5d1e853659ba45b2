"""What the tests of the desk's pages share: a browser's form, typing into a part, a signed-in client."""

from typing import Any

from django.test import Client
from lxml import html

from zhengtong.capabilities.catalogue.models import ItemVersion
from zhengtong.capabilities.catalogue.tests.reviewing import who
from zhengtong.capabilities.identity.tests.factories import sign_in

MARKET = "青禾县市场监督管理局"
FIRE = "青禾县消防救援大队"


def client_of(name: str) -> Client:
    """A browser in which one of the people has signed in."""
    return sign_in(Client(), who(name))  # type: ignore[no-any-return]  # the factory gives back the client


def begin(client: Client, name: str = "测试事项许可", kind: str = "") -> ItemVersion:
    """A new draft through the page."""
    typed = {"name": name, "department": MARKET, "power_type": "01"}
    response = client.post(f"/items/desk/new/{kind}", typed)
    assert response.status_code == 302, response.content.decode()
    return ItemVersion.objects.get(name=name)


def fields_of(page: str) -> dict[str, Any]:
    """What a browser would send of the form as it stands."""
    [form] = [one for one in html.fromstring(page).forms if one.get("id") == "part"]
    found: dict[str, Any] = {}
    for control in form.inputs:
        kind = control.get("type", "")
        chosen = kind not in ("checkbox", "radio") or control.get("checked") is not None
        if control.name and kind not in ("submit", "file") and control.tag != "button" and chosen:
            value = str(control.value or "").removeprefix("\n")
            found.setdefault(str(control.name), []).append(value)
    return found


def address(row: ItemVersion, part: str) -> str:
    """Where a part is edited."""
    return f"/items/desk/{row.item_id}/edit/{part}/"


def opened(client: Client, row: ItemVersion, part: str, query: str = "") -> dict[str, Any]:
    """The form of a part as it opens."""
    return fields_of(client.get(address(row, part) + query).content.decode())


def edit(client: Client, row: ItemVersion, part: str, typed: dict[str, Any], *, query: str = "") -> Any:
    """Type into a part and press the button."""
    return client.post(address(row, part), opened(client, row, part, query) | typed)


def fresh(row: ItemVersion) -> ItemVersion:
    """The draft as it is stored now."""
    return ItemVersion.objects.get(pk=row.pk)
