"""Pictures of articles: only what a decoder could read is stored, and written anew."""

import hashlib
import struct
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from kb.models import ArticleImage
from kb.selectors.articles.images import key_of
from kb.services.articles.refusals import NotYours
from supportops.common.errors import OperationRefused
from workforce.people.models import User

MOST_BYTES = 8 * 1024 * 1024
MOST_PIXELS = 24_000_000
LONGEST_SIDE = 8000
FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
ALT_LENGTH = 200

WRITE = ("kb.add_article", "kb.change_article")


class ImageRefused(OperationRefused):
    """The file is no picture of an allowed kind, or is too large, or has no text."""

    code = "kb_image_refused"


def store_image(
    *, file: "UploadedFile[bytes]", alt: str, actor: User | None, at: datetime
) -> ArticleImage:
    """Store a picture, decoded and encoded anew; the same picture is stored once.

    What a file carries besides its pixels (place and camera, scripts, a second format)
    is gone. Of an animation the first frame stays.

    Raises ``NotYours`` or ``ImageRefused``.
    """
    if actor is not None and not actor.has_perms(WRITE):
        raise NotYours(_("You may not add pictures."))
    alt = " ".join(alt.split())
    if not alt:
        raise ImageRefused(
            _("Say what the picture shows, for those who cannot see it.")
        )
    if len(alt) > ALT_LENGTH:
        raise ImageRefused(
            _("Describe the picture in %(most)s characters.") % {"most": ALT_LENGTH}
        )
    if file.size is None or file.size > MOST_BYTES:
        raise ImageRefused(
            _("A picture has at most %(most)s MB.") % {"most": MOST_BYTES // 1024**2}
        )
    content, suffix, size = _encode_anew(file.read(MOST_BYTES + 1))
    return _store(content, suffix, size, alt=alt, actor=actor, at=at)


def _store(
    content: bytes,
    suffix: str,
    size: tuple[int, int],
    *,
    alt: str,
    actor: User | None,
    at: datetime,
) -> ArticleImage:
    digest = hashlib.sha256(content).hexdigest()
    known = ArticleImage.objects.filter(digest=digest).first()
    if known is not None:
        return known
    image = ArticleImage(
        alt=alt,
        digest=digest,
        width=size[0],
        height=size[1],
        uploaded_by=actor,
        uploaded_at=at,
    )
    image.file.save(f"{key_of(digest)}.{suffix}", ContentFile(content), save=False)
    try:
        with transaction.atomic():
            image.save()
    except IntegrityError:
        # Somebody stored the same picture in this moment.
        image.file.delete(save=False)
        return ArticleImage.objects.get(digest=digest)
    return image


def _encode_anew(content: bytes) -> tuple[bytes, str, tuple[int, int]]:
    """Return the file written anew, its suffix, and width and height in pixels."""
    with _refusing_broken(), warnings.catch_warnings():
        # Pillow warns of pictures that are bombs; here they are refused.
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        picture = Image.open(BytesIO(content), formats=FORMATS)
        kind = picture.format
        width, height = picture.size
        if width * height > MOST_PIXELS or max(width, height) > LONGEST_SIDE:
            raise ImageRefused(
                _("A picture has at most %(side)s pixels a side and %(most)s in all.")
                % {"side": LONGEST_SIDE, "most": MOST_PIXELS}
            )
        picture.seek(0)
        # The way the camera was held is data beside the pixels: turn them instead.
        upright = _upright(picture)
        return *_written(upright, kind or ""), upright.size


def _upright(picture: Image.Image) -> Image.Image:
    """Turn a picture as its data says; as it is where that data is broken."""
    try:
        return ImageOps.exif_transpose(picture)
    except (struct.error, TypeError, AttributeError, KeyError, SyntaxError):
        return picture


def _written(picture: Image.Image, kind: str) -> tuple[bytes, str]:
    has_alpha = "A" in picture.getbands() or "transparency" in picture.info
    is_photo = kind in {"JPEG", "MPO"}
    plain = picture.convert("RGBA" if has_alpha and not is_photo else "RGB")
    # Pillow writes what it finds here, such as comments, into the file.
    plain.info = {}
    written = BytesIO()
    if is_photo:
        plain.save(written, "JPEG", quality=88, optimize=True)
        return written.getvalue(), "jpg"
    if kind == "WEBP":
        plain.save(written, "WEBP", quality=90, method=4, exif=b"", xmp=b"")
        return written.getvalue(), "webp"
    plain.save(written, "PNG", optimize=True)
    return written.getvalue(), "png"


@contextmanager
def _refusing_broken() -> Iterator[None]:
    try:
        yield
    except UnidentifiedImageError as error:
        raise ImageRefused(
            _(
                "This is no PNG, JPEG, WebP or GIF. Drawings (SVG) can carry programs: "
                "save them as PNG."
            )
        ) from error
    except (
        OSError,
        ValueError,
        TypeError,
        AttributeError,
        struct.error,
        SyntaxError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        raise ImageRefused(_("The picture is damaged and cannot be read.")) from error
