"""Who throws a case, and through which door: real addresses, with the test client of somebody who may go there."""

import hashlib
import io
import time
from collections.abc import Callable, Mapping
from typing import Any
from unittest import mock

from django.db import connections
from django.http import HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import reverse

from tests.bad_input.ground import Ground
from zhengtong.capabilities.cases import api as cases
from zhengtong.capabilities.identity.tests import factories as people
from zhengtong.entry.application import application
from zhengtong.kernel.clock import now
from zhengtong.kernel.signed_messages import signed_headers
from zhengtong.systems.complaints.tests import county as complaining
from zhengtong.systems.service_hall.registry import carriers
from zhengtong.systems.service_hall.services.courier import ReportingCourier
from zhengtong.systems.service_hall.tests import factories as hall

Given = Mapping[str, Any]
SECRET = "a secret of thirty-two characters"
ORDINARY: dict[str, Any] = {
    "name": "王五",
    "citizen_number": people.citizen_number(901),
    "phone": "13800000099",
    "password": people.PASSWORD,
    "password_again": people.PASSWORD,
    "consent": "on",
}


class Named(io.BytesIO):
    """A file whose name the client sends as it is."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name
        self.content_type = "application/pdf"


def _upload(given: Given, field: str) -> dict[str, Any]:
    return {field: Named(*(given["file"][0], given["file"][1]()))} if "file" in given else {}


def material(ground: Ground, given: Given) -> HttpResponse:
    """A material of a draft."""
    address = reverse("service_hall:upload", args=[ground.row("draft").id, hall.REQUIRED])
    return ground.client("citizen").post(address, _upload(given, "file"), follow=True)


def material_length(ground: Ground, given: Given) -> HttpResponse:
    """The same, with a length announced."""
    address = reverse("service_hall:upload", args=[ground.row("draft").id, hall.REQUIRED])
    more = {"CONTENT_LENGTH": given["length"], "CONTENT_TYPE": "multipart/form-data; boundary=b"}
    return ground.client("citizen").generic("POST", address, b"", **more)


def answer_file(ground: Ground, given: Given) -> HttpResponse:
    """A file as an answer in a form, as the page's script sends it."""
    address = reverse("service_hall:answer_upload", args=[ground.row("empty").id])
    sent = {"section": "4", "act": "upload:plan"} | _upload(given, "plan.new")
    return ground.client("citizen").post(address, sent)


def complaint(ground: Ground, given: Given) -> HttpResponse:
    """A complaint by a stranger about a unit."""
    typed: dict[str, Any] = {
        "kind": "complaint",
        "protection": "signed",
        "title": "反映窗口三天不收材料",
        "content": complaining.CONTENT,
        "name": "王五",
        "phone": "13800000099",
        "address": "",
        "wish": "",
        "happened_on": "",
    }
    return ground.client().post("/complaints/new/?about=unit&unit=G22", typed | dict(given))


def complaint_file(ground: Ground, given: Given) -> HttpResponse:
    """A file with a complaint."""
    return complaint(ground, _upload(given, "attachments"))


def item_list(ground: Ground, given: Given) -> HttpResponse:
    """The list of items of a department, as a spreadsheet."""
    sent = {"sender": "青禾县市场监督管理局"} | _upload(given, "file")
    return ground.client("item_editor").post(reverse("catalogue:import"), sent)


def check_file(ground: Ground, given: Given) -> HttpResponse:
    """A stranger's file to be verified."""
    return ground.client().post(reverse("documents:check-file"), _upload(given, "file"))


def drawing(ground: Ground, given: Given) -> HttpResponse:
    """A process drawn elsewhere, uploaded into a draft."""
    client = ground.client("process_admin")
    begun = client.post(reverse("processes:new"), {"key": "evil", "title": "试一试", "based_on": ""}, follow=True)
    draft = begun.redirect_chain[-1][0].rstrip("/").rpartition("/")[2]
    return client.post(reverse("processes:upload", args=[draft]), {"rev": "1"} | _upload(given, "file"), follow=True)


def register(ground: Ground, given: Given) -> HttpResponse:
    """A citizen's registration."""
    return ground.client().post(reverse("account_signup"), ORDINARY | dict(given))


def sign_in(ground: Ground, given: Given) -> HttpResponse:
    """The sign-in page."""
    return ground.client().post(reverse("account_login"), given)


def _section(ground: Ground, number: int, given: Given) -> HttpResponse:
    address = reverse("service_hall:section", args=[ground.row("empty").id, number])
    return ground.client("citizen").post(address, {"go": "next", "shown": list(given)} | dict(given))


def task(ground: Ground, given: Given) -> HttpResponse:
    """A clerk's task."""
    return ground.client("clerk").post(ground.task_url("submitted"), {"command_key": "0" * 32} | dict(given))


def pause(ground: Ground, given: Given) -> HttpResponse:
    """A clerk stops the clock."""
    address = reverse("service_hall:pause", args=[ground.row("accepted").case_id])
    reason = {"reason_code": next(iter(cases.STOP_REASONS))} if "reason_code" in given else {}
    return ground.client("clerk").post(address, dict(given) | reason)


def autosave(ground: Ground, given: Given) -> HttpResponse:
    """What a page of a form saves by itself."""
    address = reverse("service_hall:autosave", args=[ground.row("draft").id])
    return ground.client("citizen").post(address, given["body"], content_type="application/json")


def courier(ground: Ground, given: Given) -> HttpResponse:
    """A courier's report, signed when a secret is given; the empty secret is the right one."""
    body = given["body"]
    headers = {}
    if "secret" in given:
        key = (given["secret"] or SECRET).encode()
        headers = signed_headers(key, prefix="X-Courier", at=now(), body=body)
    headers.pop("Content-Type", None)
    with mock.patch.dict(carriers._items, courier=ReportingCourier("寄递企业", SECRET)):
        return _program(reverse("service_hall:courier-report", args=["courier"]), body, headers)


def gateway(ground: Ground, given: Given) -> HttpResponse:
    """A payment channel tells of a payment."""
    return _program(reverse("payments:callback", args=["simulated"]), given["body"])


def evaluator(ground: Ground, given: Given) -> HttpResponse:
    """An evaluator of any make at a window."""
    body = given["body"]
    head = {"X-Zt-Device": "d", "X-Zt-Time": str(int(time.time())), "X-Zt-Nonce": "n"}
    head["X-Zt-Signature"] = hashlib.sha256(body).hexdigest()
    return _program(reverse("ratings:device_rate"), body, head)


def cosignature(ground: Ground, given: Given) -> HttpResponse:
    """A witness of the ledger."""
    return _program(reverse("ledger:cosignatures"), given["body"])


def _program(address: str, body: bytes, headers: Mapping[str, str] | None = None) -> HttpResponse:
    return Client(raise_request_exception=False).generic(
        "POST", address, body, content_type="application/json", headers=dict(headers or {})
    )


def raw(ground: Ground, given: Given) -> HttpResponse:
    """Anything at any address."""
    extra = dict(given.get("headers", {}))
    if "length" in given:
        extra["CONTENT_LENGTH"] = given["length"]
    if "type" in given:
        extra["CONTENT_TYPE"] = given["type"]
    kind = given.get("type", "application/x-www-form-urlencoded")
    client = ground.client()
    hosts = ["testserver"] if given.get("strict") else ["*"]
    with override_settings(ALLOWED_HOSTS=hosts):
        return client.generic(given["method"], given["path"], given.get("body", b""), content_type=kind, **extra)


def server(ground: Ground, given: Given) -> HttpResponse:
    """The application as the web server calls it: the test client makes its requests in another way."""
    path, _mark, question = given["path"].partition("?")
    environ = RequestFactory().generic(given["method"], path).environ
    environ |= {"QUERY_STRING": question, "CONTENT_TYPE": given["type"], "HTTP_HOST": "testserver"}
    said: list[str] = []
    with mock.patch.object(connections["default"], "close"):  # it holds the transaction that will be undone
        body = b"".join(application(environ, lambda status, _headers, *_more: said.append(status)))
    return HttpResponse(body, status=int(said[0].split()[0]), content_type="text/html")


def csrf(ground: Ground, given: Given) -> HttpResponse:
    """A form with a wrong token, from our page or from elsewhere."""
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accounts/login/")
    token = client.cookies["csrftoken"].value if given["token"] == "own" else given["token"]
    sent = {"login": "clerk", "text": "写了很久的文字", "password": "geheim", "csrfmiddlewaretoken": token}
    headers = {"Origin": given["origin"]} if "origin" in given else {}
    return client.post("/accounts/login/", sent, headers={"Accept": "text/html,*/*", **headers})


ENTRANCES: dict[str, Callable[[Ground, Given], HttpResponse]] = {
    "material": material,
    "material-length": material_length,
    "answer-file": answer_file,
    "complaint": complaint,
    "complaint-file": complaint_file,
    "item-list": item_list,
    "check-file": check_file,
    "drawing": drawing,
    "register": register,
    "sign-in": sign_in,
    "form-1": lambda ground, given: _section(ground, 1, given),
    "form-2": lambda ground, given: _section(ground, 2, given),
    "task": task,
    "pause": pause,
    "autosave": autosave,
    "courier": courier,
    "gateway": gateway,
    "evaluator": evaluator,
    "cosignature": cosignature,
    "raw": raw,
    "server": server,
    "csrf": csrf,
}
