"""In which encoding a file of rows is: what people call them, and what bytes seem to be in. It opens no file."""

import codecs
import re

ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "windows-1252", "gb18030", "big5", "shift_jis")
_BY_CODEC = {codecs.lookup(name).name: name for name in ENCODINGS} | {
    "utf-8-sig": "utf-8",
    "ascii": "utf-8",
    "iso8859-1": "windows-1252",  # the larger ones of which these are parts, as browsers read them
    "gbk": "gb18030",
    "gb2312": "gb18030",
}
_ALONE = re.compile(rb"(?<![\x80-\xff])[\x80-\xff](?![\x80-\xff])")
_CUT = 2  # characters at the ends of a piece of a file, of which the other half is not there


def encoding_named(name: str) -> str | None:
    """The one of ENCODINGS that somebody means, by any name it has: latin-1, cp1252, GBK; None for others."""
    try:
        return _BY_CODEC.get(codecs.lookup(name.strip()).name)
    except (LookupError, ValueError):  # the second for a name with a NUL
        return None


def seen_utf_16(head: bytes) -> str | None:
    """The kind of UTF-16 that the first bytes of a file are in, by their mark or by their NULs; None for no such."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    be, le = (head[place::2].count(0) > len(head) // 4 for place in (0, 1))
    return None if be == le else "utf-16-le" if le else "utf-16-be"


def likely(wrong: bytes, but: str) -> str:
    """The encoding that bytes seem to be in, given that they are not in `but`."""
    names = ["gb18030", "windows-1252"] if _is_chinese(wrong) else ["windows-1252", "gb18030"]
    if wrong.decode("utf-8", errors="replace").count("\ufffd") <= _CUT:
        names.insert(0, "utf-8")
    return next(name for name in names if name != but)


def _is_chinese(wrong: bytes) -> bool:
    """Whether bytes look like GB 18030: nearly all of the high ones in pairs of two, which are common characters.

    Between the letters of a Western word, a high byte stands alone.
    """
    text = wrong.decode("gb18030", errors="replace")
    high = sum(byte >= 0x80 for byte in wrong)
    alone = len(_ALONE.findall(wrong))
    common = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return 2 * common > 0.8 * high and 4 * alone < high
