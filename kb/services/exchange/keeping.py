"""What was uploaded, between its preview and the import: private files for a day."""

import json
import re
import secrets
import time
import zipfile
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from kb.services.exchange.archives import ArchiveRefused, File, read_upload
from kb.services.exchange.exporting import zipped
from kb.services.exchange.rows import Plan
from workforce.people.models import User

A_DAY = 86_400
_SEEN = ".seen.json"
"""Hidden, and so never read as an article."""
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")


def keep(files: list[File], seen: Plan, user: User) -> str:
    """Store files and what the preview showed; return the token that finds them again."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    _drop_old(folder)
    token = secrets.token_hex(16)
    stands = json.dumps(seen.stands()).encode()
    entries = [(_SEEN, stands), *((file.path, file.content) for file in files)]
    _path(token, user).write_bytes(zipped(entries))
    return token


def kept(token: str, user: User) -> tuple[list[File], dict[str, list[Any]]]:
    """Return what the user uploaded, and how articles stood in its preview.

    Raises ``ArchiveRefused`` when it is gone.
    """
    if not _TOKEN.match(token) or not _path(token, user).exists():
        raise ArchiveRefused(_("The upload is gone. Choose the files again."))
    content = _path(token, user).read_bytes()
    with zipfile.ZipFile(BytesIO(content)) as archive:
        seen = json.loads(archive.read(_SEEN))
    return read_upload([("kept.zip", content)]), seen


def forget(token: str, user: User) -> None:
    if _TOKEN.match(token):
        _path(token, user).unlink(missing_ok=True)


def _folder() -> Path:
    return Path(settings.UPLOAD_DIR) / "articles"


def _path(token: str, user: User) -> Path:
    return _folder() / f"{user.pk}-{token}.zip"


def _drop_old(folder: Path) -> None:
    for path in folder.glob("*.zip"):
        # The clock of the file system, not of the business.
        # Another upload may drop the same file at this very moment.
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < time.time() - A_DAY:
                path.unlink()
