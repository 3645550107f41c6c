"""The characters of a text file: which encoding its bytes are in, by their mark or by what the page says."""

import re

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{1,30})", re.IGNORECASE)
_KNOWN_ENCODING = re.compile(
    r"utf-?8|us-ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125\d|gbk|gb2312|gb18030|big5|shift_jis|euc-jp|euc-kr"
    r"|koi8-[ru]"
)
_WIDER = {"iso-8859-1": "windows-1252", "us-ascii": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030"}


class UndecodableError(ValueError):
    """Bytes that are no characters; `position` is the first of them, counted from 0."""

    def __init__(self, position: int) -> None:
        super().__init__(f"byte {position}")
        self.position = position


def declared_encoding(content: bytes) -> str:
    """The encoding an HTML page says it is in; browsers read some names as their larger successors, and so do we."""
    match = _CHARSET.search(content[:4096])
    declared = match[1].decode("ascii", "ignore").lower() if match else ""
    return _WIDER.get(declared, declared) if _KNOWN_ENCODING.fullmatch(declared) else "utf-8"


def decoded(content: bytes, encoding: str = "utf-8") -> str:
    """The characters of a text file but NUL, line ends as \\n; a byte order mark goes before a declared encoding.

    Raises UndecodableError.
    """
    for mark, marked in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            offset, encoding = len(mark), marked
            break
    else:
        offset = 0
    try:
        text = content[offset:].decode(encoding)
    except UnicodeDecodeError as error:
        raise UndecodableError(offset + error.start) from error
    if text.count("\0") * 4 > len(text):  # UTF-16 without its mark, or no text at all
        raise UndecodableError(content.index(b"\0"))
    return re.sub(r"\r\n?|\f", "\n", text.replace("\0", ""))
