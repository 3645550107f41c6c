"""Which browser a request comes from, in plain words that a person recognises. It keeps no versions and no devices."""

import re

# The first that fits; each later one is what an earlier one pretends to be as well.
_BROWSERS = (
    ("Edge", r"Edg(e|A|iOS)?/"),
    ("Opera", r"OPR/|Opera"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("WeChat", r"MicroMessenger/"),
    ("Firefox", r"Firefox/|FxiOS/"),
    ("Chrome", r"Chrome/|CriOS/|Chromium/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("macOS", r"Macintosh"),
    ("ChromeOS", r"CrOS"),
    ("Linux", r"Linux|X11"),
)


def browser_of(user_agent: str) -> str:
    """Such as "Firefox/Linux"; either side may be empty, and a program that is no browser is named as it names itself.

    The header is what a browser claims, so it helps a person to remember and proves nothing (RFC 9110, 10.1.5).
    """
    name, system = _first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)
    if not name and not system:
        claimed = re.match(r"[A-Za-z][A-Za-z0-9 ._-]{0,30}", user_agent)
        name = claimed[0].strip() if claimed else ""
    return f"{name}/{system}" if name or system else ""


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for name, pattern in known if re.search(pattern, user_agent)), "")
