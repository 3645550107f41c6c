"""Names and passwords: what may be one, and how a password is kept. It knows no rows and no sessions."""

import functools
import threading
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from collab.errors import NameRefusedError, PasswordRefusedError

NAME_CHARS = 60
PASSWORD_CHARS = range(10, 201)
# Letters and marks that Unicode does not class as controls and that nobody can see.
_BLANKS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0") | {
    chr(code) for code in (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0))
}


def read_name(text: str) -> str:
    """The name as it is kept and shown: composed, with single spaces. Raises NameRefusedError."""
    name = unicodedata.normalize("NFC", " ".join(part for part in text.split(" ") if part))
    if not 1 <= len(name) <= NAME_CHARS or not all(map(_is_visible, name)):
        raise NameRefusedError(most=NAME_CHARS)
    return name


def name_key(text: str) -> str:
    """The name as it is compared: case and width do not matter. Any text is taken."""
    text = text.encode(errors="replace").decode()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(unicodedata.normalize("NFKC", folded).split())


def _is_visible(character: str) -> bool:
    return character == " " or (unicodedata.category(character)[0] not in "CZ" and character not in _BLANKS)


class Passwords:
    """Argon2id hashes. At most two are computed at once in the process, for each takes 64 MiB."""

    _hasher = PasswordHasher()
    _room = threading.BoundedSemaphore(2)

    def hash(self, password: str) -> str:
        """The hash to keep. Raises PasswordRefusedError for a password that is too short or too long."""
        if len(password) not in PASSWORD_CHARS:
            raise PasswordRefusedError(least=PASSWORD_CHARS.start, most=PASSWORD_CHARS.stop - 1)
        with self._room:
            return self._hasher.hash(password.encode(errors="surrogatepass"))

    def match(self, kept: str | None, password: str) -> bool:
        """Whether the password is the one behind `kept`. Without one, the same work is done and the answer is no."""
        if len(password) not in PASSWORD_CHARS:
            return False
        decoy = _decoy()  # made for a name that is known, too, or the first that is not would take longer
        try:
            with self._room:
                self._hasher.verify(kept or decoy, password.encode(errors="surrogatepass"))
        except VerifyMismatchError:
            return False
        return kept is not None


@functools.cache
def _decoy() -> str:
    return Passwords().hash("nobody has this password")
