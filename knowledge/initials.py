"""Names that are known by their initials: UK is the United Kingdom, and us is not the US.

Letters and a short list, no model. It knows neither questions nor documents.
"""

import re

_FULL = {
    "UK": "United Kingdom",
    "US": "United States",
    "USA": "United States",
    "EU": "European Union",
    "UAE": "United Arab Emirates",
}
_INITIALS = re.compile(r"(?<![\w.&-])(?:[A-Z]\.[A-Z]\.(?:[A-Z]\.)?|[A-Z]{2,3})(?![\w&])")
_LONGER = re.compile(r"\b(United States) of America\b|\bGreat Britain\b")
_LONG_NAME = re.compile(r"\b[A-Z][^\W\d_]+(?: (?:of |and |the )?[A-Z][^\W\d_]+)+")


def spelled_out(text: str) -> str:
    """The text with the few well-known initials in it written out, where they are capitals and not all else is too."""
    if not any(letter.islower() for letter in text):
        return text
    text = _LONGER.sub(lambda match: match[1] or "United Kingdom", text)
    return _INITIALS.sub(lambda match: _FULL.get(match[0].replace(".", ""), match[0]), text)


def initials(text: str) -> dict[str, frozenset[str]]:
    """The initials of the names of several words in a text, with those words, all in lower case.

    Also without the first word, whose capital may be that of the sentence.
    """
    found = {}
    for name in _LONG_NAME.findall(text):
        parts = [part.casefold() for part in name.split() if part[0].isupper()]
        for named in (parts, parts[1:]):
            if len(named) > 1:
                found["".join(part[0] for part in named)] = frozenset(named)
    return found
