"""Chromium judges forms as the rules in Python do."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Route

from zhengtong.capabilities.forms.tests.engine import ENGINE
from zhengtong.capabilities.forms.tests.vectors import VECTORS

_PLACE = "http://forms.invalid"
_JUDGE = """async ([vectors, messages]) => {
  const engine = await import("/engine.js");
  engine.useMessages(messages);
  return vectors.map(({declaration, answers}) => ({
    ...engine.clean(declaration, answers),
    asked: [...engine.asked(declaration, answers)].sort(),
    computed: engine.computed(declaration, answers),
  }));
}"""


def _serve(route: Route) -> None:
    name = Path(route.request.url).name
    if name.endswith(".js"):
        route.fulfill(path=ENGINE / name, content_type="text/javascript")
    else:
        route.fulfill(body="<!doctype html><title>·</title>", content_type="text/html; charset=utf-8")


def test_chromium_judges_the_fixed_vectors_alike(browser: Browser) -> None:
    vectors = json.loads(VECTORS.read_text(encoding="ascii"))
    messages = json.loads((ENGINE / "messages.json").read_text(encoding="utf-8"))
    page = browser.new_page()
    page.route(f"{_PLACE}/**", _serve)
    page.goto(f"{_PLACE}/")

    found = page.evaluate(_JUDGE, [vectors, messages])

    assert found == [vector["expected"] for vector in vectors]
    page.close()
