"""Hands that have nothing but a keyboard: each stop must be seen, lie in sight, and let go again."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

_LIMIT = 150  # stops on one page before a target counts as out of reach
_STOP = """(target) => {
  const here = document.activeElement;
  const style = getComputedStyle(here);
  const box = here.getBoundingClientRect();
  const mine = (one) => one && (here.contains(one) || one.contains(here) || [...(here.labels || [])].includes(one));
  const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth);
  const top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
  const steps = [0.02, 0.25, 0.5, 0.75, 0.98];
  const seen = steps.some((x) => steps.some((y) => mine(
    document.elementFromPoint(left + x * (right - left), top + y * (bottom - top)))));
  const last = window.lastStop;
  window.lastStop = here;
  return {
    reached: here === target,
    nowhere: here === document.body || here === document.documentElement,
    stuck: here === last,
    marked: (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0)
      || !/^none$|^rgba\\(0, 0, 0, 0\\)/.test(style.boxShadow),
    inSight: right - left > 1 && bottom - top > 1 && seen,
    inMain: Boolean(here.closest('main')),
    html: here.outerHTML.slice(0, 300),
  };
}"""


def tab(page: Page, target: Any = None, *, back: bool = False) -> dict[str, Any]:
    """One stop further (or back); what stands there."""
    page.keyboard.press("Shift+Tab" if back else "Tab")
    stop: dict[str, Any] = page.evaluate(_STOP, target)
    if not stop["nowhere"]:
        assert not stop["stuck"], f"a trap at {page.url}: {stop['html']}"
        assert stop["marked"], f"the focus cannot be seen at {page.url}: {stop['html']}"
        assert stop["inSight"], f"the focus is out of sight at {page.url}: {stop['html']}"
    return stop


def go_to(page: Page, target: Locator, *, back: bool = False) -> None:
    """Tab until the target has the focus; at the end of the page the browser begins again."""
    handle = target.element_handle()
    for _ in range(_LIMIT):
        if tab(page, handle, back=back)["reached"]:
            return
    raise AssertionError(f"out of reach of the keyboard at {page.url}: {target}")


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    """Go there and press."""
    go_to(page, target)
    page.keyboard.press(key)


def follow(page: Page, target: Locator) -> None:
    """Press what leads to another page, and wait until that stands."""
    go_to(page, target)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def write(page: Page, target: Locator, text: str) -> None:
    """Go there and type over what stands there."""
    go_to(page, target)
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def choose(page: Page, option: Locator) -> None:
    """A radio button: the group is one stop, arrows lead to the option."""
    name = option.get_attribute("name")
    group = page.locator(f"input[type=radio][name='{name}']")
    chosen = page.locator(f"input[type=radio][name='{name}']:checked")
    go_to(page, chosen.first if chosen.count() else group.first)
    page.keyboard.press("Space")
    for _ in range(group.count()):
        if option.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no arrow leads to {option}")


def skip_to_content(page: Page) -> None:
    """The first stop of every page leads past its head."""
    page.evaluate("document.activeElement.blur()")
    link = page.get_by_role("link", name="跳到正文")
    go_to(page, link)
    page.keyboard.press("Enter")
    stop = tab(page)
    assert stop["inMain"], f"the skip link of {page.url} leads to {stop['html']}"
    page.keyboard.press("Shift+Tab")
    page.evaluate("window.lastStop = null")


def give_file(page: Page, field: Locator, paper: Path) -> None:
    """The space bar opens the browser's own window for choosing a file."""
    # the browser must know before the key falls that the window is answered by the test
    with page.expect_file_chooser() as opened:
        go_to(page, field)
        page.keyboard.press("Space")
    opened.value.set_files(paper)
