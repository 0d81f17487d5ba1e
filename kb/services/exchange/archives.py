"""Files that were uploaded: single ones or a .zip, each read up to a limit."""

import lzma
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

from kb.services.images import MOST_BYTES as MOST_IMAGE
from supportops.common.errors import OperationRefused

MOST_FILES = 1000
MOST_TEXT = 600_000
MOST_ARCHIVE = 100 * 1024 * 1024
MARKDOWN = (".md", ".markdown")
PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".gif")


_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError,
    EOFError, OSError, ValueError,
)  # fmt: skip


class ArchiveRefused(OperationRefused):
    """What was uploaded is no Markdown and no .zip, or too large."""

    code = "kb_archive_refused"


@dataclass(frozen=True)
class File:
    """One file: its path in the archive, and its content."""

    path: str
    content: bytes

    @property
    def is_text(self) -> bool:
        return self.path.lower().endswith(MARKDOWN)

    @property
    def stem(self) -> str:
        return PurePosixPath(self.path).stem


def read_upload(uploads: Iterable[tuple[str, bytes]]) -> list[File]:
    """Return the Markdown files and pictures of what was uploaded.

    Other files in an archive are left out. Paths are names only: nothing is unpacked.

    Raises ``ArchiveRefused``.
    """
    found: list[File] = []
    total = 0
    for name, content in uploads:
        total += len(content)
        if name.lower().endswith(".zip"):
            found += _of_zip(content, already=sum(len(each.content) for each in found))
        elif name.lower().endswith((*MARKDOWN, *PICTURES)):
            found.append(File(name, content))
        else:
            raise ArchiveRefused(
                _("“%(name)s” is no Markdown file and no .zip.") % {"name": name}
            )
        if total > MOST_ARCHIVE or len(found) > MOST_FILES:
            break
    refuse_size(total)
    if len(found) > MOST_FILES:
        raise _too_many()
    if not any(file.is_text for file in found):
        raise ArchiveRefused(_("There is no Markdown file (.md) in it."))
    return found


def refuse_size(total: int) -> None:
    """Raise ``ArchiveRefused`` for so many bytes, before any of them is read."""
    if total > MOST_ARCHIVE:
        raise ArchiveRefused(
            _("All files together are larger than %(most)s MB.")
            % {"most": MOST_ARCHIVE // 1024**2}
        )


def _too_many() -> ArchiveRefused:
    return ArchiveRefused(
        _("At most %(most)s files are read at once.") % {"most": MOST_FILES}
    )


def _of_zip(content: bytes, *, already: int) -> list[File]:
    """Return an archive's files; with what was read ``already`` they have one limit."""
    found: list[File] = []
    total = already
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            for entry in archive.infolist():
                if not _is_wanted(entry):
                    continue
                most = (
                    MOST_TEXT
                    if entry.filename.lower().endswith(MARKDOWN)
                    else MOST_IMAGE
                )
                # What the archive says of a size may be a lie: read no further.
                with archive.open(entry) as stream:
                    read = stream.read(most + 1)
                total += len(read)
                refuse_size(total)
                if len(found) > MOST_FILES:
                    raise _too_many()
                found.append(File(entry.filename, read))
    except _DAMAGED as error:
        raise ArchiveRefused(_("The .zip is damaged or locked.")) from error
    return found


def _is_wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    return (
        not entry.is_dir()
        and not is_hidden
        and path.suffix.lower() in {*MARKDOWN, *PICTURES}
    )
