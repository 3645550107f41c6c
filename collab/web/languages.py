"""Which language a visitor reads: what they chose, else what their browser asks for, else the setting."""

from starlette.requests import Request

from collab.texts import LANGUAGES

LANGUAGE_COOKIE = "language"


def language_of(request: Request, fallback: str) -> str:
    """One of LANGUAGES."""
    chosen = request.query_params.get("language") or request.cookies.get(LANGUAGE_COOKIE)
    if chosen in LANGUAGES:
        return chosen
    return next(filter(LANGUAGES.__contains__, _accepted(request.headers.get("accept-language", ""))), fallback)


def _accepted(header: str) -> list[str]:
    """The primary tags of an Accept-Language header, the most wanted first (RFC 9110, 12.5.4)."""
    wanted: list[tuple[float, str]] = []
    for part in header.split(",")[:20]:
        tag, _, weight = part.partition(";")
        quality = weight.strip().removeprefix("q=") or "1"
        if quality.replace(".", "", 1).isdecimal() and float(quality) > 0:
            wanted.append((-float(quality), tag.strip().split("-")[0].lower()))
    return [tag for _, tag in sorted(wanted, key=lambda pair: pair[0])]
