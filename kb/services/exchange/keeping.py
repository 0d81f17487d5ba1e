"""What was uploaded, between its preview and the import: private files for a day."""

import re
import secrets
import time
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from kb.services.exchange.archives import ArchiveRefused, File, read_upload
from kb.services.exchange.exporting import zipped
from workforce.people.models import User

A_DAY = 86_400
_TOKEN = re.compile(r"[0-9a-f]{32}\Z")


def keep(files: list[File], user: User) -> str:
    """Store files for their uploader; return the token that finds them again."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    _drop_old(folder)
    token = secrets.token_hex(16)
    _path(token, user).write_bytes(zipped((file.path, file.content) for file in files))
    return token


def kept(token: str, user: User) -> list[File]:
    """Return what the user uploaded. Raises ``ArchiveRefused`` when it is gone."""
    if not _TOKEN.match(token) or not _path(token, user).exists():
        raise ArchiveRefused(_("The upload is gone. Choose the files again."))
    return read_upload([("kept.zip", _path(token, user).read_bytes())])


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
        if path.stat().st_mtime < time.time() - A_DAY:
            path.unlink(missing_ok=True)
