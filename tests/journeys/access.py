"""What axe finds on a page: the rules a machine can judge of WCAG 2.2 at level AA."""

from pathlib import Path

from playwright.sync_api import Page

_AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
_JUDGE = """async () => {
  const found = await axe.run(
    { exclude: ['[data-canvas]'] },
    { iframes: false, resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] },
  );
  return found.violations.map((one) => [one.id, one.nodes.map((node) => node.html)]);
}"""


def faults_of(page: Page) -> list[tuple[str, list[str]]]:
    """Rule and elements of every fault on the page itself.

    What stands in a frame is a page of its own, a drawing belongs to its library.
    """
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(_AXE.read_text(encoding="utf-8"))
    return [(rule, elements) for rule, elements in page.evaluate(_JUDGE)]


def check_access(page: Page) -> None:
    """No fault on the page."""
    found = faults_of(page)
    assert not found, (page.url, found)
