"""What keeps people out of a page, found by looking at it: with axe, and with a ruler for what axe does not measure.

A finding is a line of words; no finding is an empty list. Scripts are evaluated by the browser's own tools, beside the
page's content security policy, which stays in force for the page.
"""

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

SERIOUS = ("serious", "critical")
FINGER = 44  # pixels

_CONTROLS = """() => [...document.querySelectorAll(
    'a[href], button, select, textarea, summary, input:not([type=hidden]), [role=button], [tabindex="0"]')]
  .filter((one) => one.checkVisibility({ opacityProperty: true, visibilityProperty: true }))
  .map((one) => [one, one.matches('[type=radio], [type=checkbox]') && one.closest('label') || one])
  .map(([one, target]) => [one, target.getBoundingClientRect()])
  .filter(([_, box]) => box.right > 0 && box.left < innerWidth && box.width > 1)"""
_NAME = """(one) => one.tagName.toLowerCase() + (one.dataset.testid ? `[${one.dataset.testid}]` : `.${one.className}`)
  + ` "${(one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 40)}"`"""

_SMALL = f"""(finger) => {{
  const isInText = (one) => getComputedStyle(one).display.startsWith('inline')
    && [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return ({_CONTROLS})()
    .filter(([one, box]) => Math.min(box.width, box.height) < finger - .5 && !isInText(one))
    .map(([one, box]) => `${{({_NAME})(one)}} is ${{Math.round(box.width)}} x ${{Math.round(box.height)}}`);
}}"""

_SIDEWAYS = f"""() => {{
  const scrolls = (one) => one === document.documentElement || /auto|scroll/.test(getComputedStyle(one).overflowX);
  const wide = [document.documentElement, ...document.querySelectorAll('body *:not(textarea, input)')]
    .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1 && one.checkVisibility() && scrolls(one))
    .map((one) => `${{({_NAME})(one)}} is ${{one.scrollWidth}} wide in ${{one.clientWidth}}`);
  const cut = ({_CONTROLS})().filter(([_, box]) => box.right > innerWidth + 1 || box.left < -1)
    .map(([one, box]) => `${{({_NAME})(one)}} reaches from ${{Math.round(box.left)}} to ${{Math.round(box.right)}}`);
  return [...wide, ...cut];
}}"""


def violations(page: Page, *rules: str) -> list[str]:
    """What axe calls serious or critical; of these `rules` alone, where there are some."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate("(options) => axe.run(options)", options)["violations"]
    return [
        f"{rule['id']}: {' '.join(map(str, node['target']))} {node['html'][:120]} {node['failureSummary']}"
        for rule in found
        if rule["impact"] in SERIOUS
        for node in rule["nodes"]
    ]


def small_targets(page: Page) -> list[str]:
    """Controls in sight that a finger misses; links and marks within a sentence may be as small as its words."""
    return page.evaluate(_SMALL, FINGER)


def sideways(page: Page) -> list[str]:
    """What is wider than its place, so that one would have to scroll to the side, and controls cut off at the edge."""
    return page.evaluate(_SIDEWAYS)
