"""The script of the builder in a node process: what is typed is not lost when the net is."""

import json
import subprocess

import pytest

from zhengtong.capabilities.forms.tests.engine import ENGINE, NODE

SCRIPT = """
const handlers = {};
const sent = [];
const notice = { hidden: true };
const marks = {};
const builder = {
  inert: false,
  setAttribute: (name, value) => (marks[name] = value),
  removeAttribute: (name) => delete marks[name],
  querySelector: () => notice,
};
globalThis.location = { href: "http://x/forms/", assign: (address) => sent.push(address) };
globalThis.FormData = class {};
globalThis.DOMParser = class { parseFromString() { return { querySelector: () => null }; } };
globalThis.document = {
  querySelector: () => builder,
  querySelectorAll: () => [],
  addEventListener: (name, act) => (handlers[name] = act),
};
const answer = (status) => ({ status, ok: status < 400, url: "http://x/elsewhere/", text: async () => "" });
globalThis.fetch = async () => { if (ANSWER) return answer(ANSWER); throw new Error("no net"); };
await import(MODULE);
const form = { matches: () => true, action: "/edit/", dataset: {}, requestSubmit: () => sent.push("plain") };
handlers.submit({ target: form, submitter: { dataset: {} }, preventDefault() {} });
await new Promise((done) => setTimeout(done, 20));
console.log(JSON.stringify([builder.inert, "aria-busy" in marks, notice.hidden, sent]));
"""


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (0, [False, False, False, []]),
        (403, [False, False, True, ["plain"]]),
        (200, [False, False, True, ["http://x/elsewhere/"]]),
    ],
)
def test_a_press_that_finds_no_builder_in_the_answer(status: int, expected: list[object]) -> None:
    module = json.dumps((ENGINE / "builder.js").as_uri())
    text = SCRIPT.replace("MODULE", module).replace("ANSWER", str(status))

    found = subprocess.run([str(NODE), "--input-type=module", "-e", text], capture_output=True, text=True, check=False)

    assert found.returncode == 0, found.stderr
    assert json.loads(found.stdout) == expected
