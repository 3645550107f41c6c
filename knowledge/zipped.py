"""ZIP archives from strangers, which Word, Excel, PowerPoint and EPUB files are too: opened so that they do no harm.

What an archive says of its sizes is read first and held to when it is unpacked. It knows no format inside of one.
"""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from knowledge.errors import (
    CompressionUnknownError,
    DamagedDocumentError,
    EncryptedDocumentError,
    TooManyFilesError,
    UnpackedTooLargeError,
)

MB = 1024 * 1024
MAX_UNPACKED_BYTES = 200 * MB
_MAX_ENTRIES = 20_000
_ENTRY = b"PK\x01\x02"  # stands before each entry of an archive's directory
_DAMAGE = (BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError, OSError, struct.error, zlib.error)


def open_zip(name: str, content: bytes) -> ZipFile:
    """The archive, nothing of it unpacked. Raises TooManyFilesError and DamagedDocumentError."""
    entries = content.count(_ENTRY)
    if entries > _MAX_ENTRIES:  # before the directory is read: half a million empty files fit into 25 MB
        raise TooManyFilesError(name=name, files=entries, limit=_MAX_ENTRIES)
    try:
        return ZipFile(BytesIO(content))
    except _DAMAGE as error:
        raise DamagedDocumentError(name=name) from error


def refuse_unpacked(name: str, size_bytes: int) -> None:
    """Raises UnpackedTooLargeError for more than MAX_UNPACKED_BYTES."""
    if size_bytes > MAX_UNPACKED_BYTES:
        raise UnpackedTooLargeError(name=name, size_mb=-(-size_bytes // MB), limit_mb=MAX_UNPACKED_BYTES // MB)


def is_encrypted(entry: ZipInfo) -> bool:
    """Whether a password is needed."""
    return bool(entry.flag_bits & 1)


def unpack(name: str, archive: ZipFile, entry: ZipInfo) -> bytes:
    """One file of an archive; `name` is what errors call it. Never more bytes than the archive says it has.

    Raises EncryptedDocumentError, CompressionUnknownError and DamagedDocumentError.
    """
    if is_encrypted(entry):
        raise EncryptedDocumentError(name=name)
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):  # others cannot be unpacked piece by piece
        raise CompressionUnknownError(name=name)
    try:
        with archive.open(entry) as part:
            content = part.read(entry.file_size + 1)  # given a number, it unpacks no more than that at once
    except _DAMAGE as error:
        raise DamagedDocumentError(name=name) from error
    if len(content) != entry.file_size:
        raise DamagedDocumentError(name=name)
    return content


def unpacked(name: str, content: bytes) -> bytes:
    """The same archive with nothing compressed, so that whatever reads it cannot be made to unpack too much.

    Raises UnpackedTooLargeError, and what `open_zip` and `unpack` do.
    """
    plain = BytesIO()
    with open_zip(name, content) as archive, ZipFile(plain, "w", ZIP_STORED) as copy:
        entries = {entry.filename: entry for entry in archive.infolist() if not entry.is_dir()}
        refuse_unpacked(name, sum(entry.file_size for entry in entries.values()))
        for path, entry in entries.items():
            copy.writestr(path, unpack(name, archive, entry))
    return plain.getvalue()
