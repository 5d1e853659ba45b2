"""What axe finds on a page (the rules a machine can judge of WCAG 2.2 at level AA), and what the W3C's checker vnu."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Page

_VNU = Path(__file__).parents[2] / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_JUDGE = """async () => {
  const found = await axe.run(
    { exclude: ['[data-canvas]'] },
    { iframes: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] },
  );
  return found.violations.map((one) => [one.id, one.nodes.map((node) => node.html), one.impact]);
}"""
_SERIOUS = ("serious", "critical")


def faults_of(page: Page, *, serious: bool = False) -> list[tuple[str, list[str]]]:
    """Rule and elements of every fault on the page itself; of those that shut somebody out where ``serious`` is set.

    What stands in a frame is a page of its own, a drawing belongs to its library.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    found = page.evaluate(_JUDGE)
    return [(rule, elements) for rule, elements, impact in found if not serious or impact in _SERIOUS]


def check_access(page: Page) -> None:
    """No fault on the page."""
    found = faults_of(page)
    assert not found, (page.url, found)


def markup_faults(pages: Mapping[str, str], folder: Path) -> list[str]:
    """What the Nu HTML checker calls an error in pages as the server sent them, by the name each is given.

    The program is started once for all: it is Java and takes seconds to wake up.
    """
    names = dict(enumerate(pages))
    files = [folder / f"{number}.html" for number in names]
    for file, html in zip(files, pages.values(), strict=True):
        file.write_text(html, encoding="utf-8")
    command = ["java", "-jar", str(_VNU), "--errors-only", "--format", "json", "--exit-zero-always"]
    answer = subprocess.run([*command, *map(str, files)], capture_output=True, text=True, check=True, timeout=600)
    return [
        f"{names[int(Path(one['url']).stem)]} | vnu | {one['message']} | {one.get('extract', '').strip()[:200]}"
        for one in json.loads(answer.stderr)["messages"]
    ]
