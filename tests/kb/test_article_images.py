"""Pictures: what is stored, what is refused, how they are served."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from kb.models import ArticleImage
from kb.selectors.articles.images import address_of, key_of, pictures_for
from kb.services import images
from kb.services.articles import NotYours
from supportops.common import roles
from tests.factories.kb_articles import make_image, picture_file
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def store(file, alt="A page", actor=None):
    return images.store_image(file=file, alt=alt, actor=actor, at=NOW)


def content_of(image):
    with image.file.open("rb") as stream:
        return stream.read()


@pytest.mark.parametrize(
    ("kind", "suffix"),
    [("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp"), ("GIF", "png")],
)
def test_picture_is_written_anew(kind, suffix):
    image = store(picture_file(kind))
    assert image.file.name == f"articles/{key_of(image.digest)}.{suffix}"
    assert (image.width, image.height) == (40, 30)
    with Image.open(BytesIO(content_of(image))) as read:
        assert read.size == (40, 30)


def test_what_is_behind_and_beside_the_pixels_is_gone():
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    file = picture_file("JPEG", exif=exif, comment=b"<script>alert(1)</script>")
    file = SimpleUploadedFile("a.jpg", file.read() + b"PK\x03\x04 second format")
    stored = content_of(store(file))
    assert b"secret" not in stored
    assert b"script" not in stored
    assert b"second format" not in stored


def test_comment_of_a_gif_is_gone():
    assert b"hello" not in content_of(store(picture_file("GIF", comment=b"hello")))


def test_picture_held_sideways_is_turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    image = store(picture_file("JPEG", size=(40, 20), exif=exif))
    assert (image.width, image.height) == (20, 40)


def test_animation_keeps_its_first_frame():
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue")]
    written = BytesIO()
    frames[0].save(written, "GIF", save_all=True, append_images=frames[1:])
    stored = content_of(store(SimpleUploadedFile("a.gif", written.getvalue())))
    with Image.open(BytesIO(stored)) as read:
        assert getattr(read, "n_frames", 1) == 1
        assert read.convert("RGB").getpixel((4, 4)) == (255, 0, 0)


def test_same_picture_is_stored_once():
    first, second = store(picture_file()), store(picture_file(), alt="Again")
    assert first == second
    assert ArticleImage.objects.count() == 1


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.svg", SVG, content_type="image/svg+xml"),
        SimpleUploadedFile("a.png", SVG, content_type="image/png"),
        SimpleUploadedFile("a.png", b"<html><script>alert(1)</script>"),
        SimpleUploadedFile("a.png", b""),
        SimpleUploadedFile("a.jpg", b"\xff\xd8\xff\xe0 not a picture"),
        picture_file("BMP"),
        picture_file("TIFF"),
        picture_file(size=(8001, 1)),
    ],
)
def test_what_is_no_allowed_picture_is_refused(file):
    with pytest.raises(images.ImageRefused):
        store(file)
    assert not ArticleImage.objects.exists()


def test_half_a_picture_is_refused():
    whole = picture_file(size=(300, 300)).read()
    with pytest.raises(images.ImageRefused):
        store(SimpleUploadedFile("a.png", whole[: len(whole) // 2]))


def test_picture_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MOST_PIXELS", 1000)
    with pytest.raises(images.ImageRefused):
        store(picture_file())


def test_file_that_is_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(images, "MOST_BYTES", 20)
    with pytest.raises(images.ImageRefused):
        store(picture_file())


@pytest.mark.parametrize("alt", ["", "  ", "x" * 201])
def test_picture_needs_a_text(alt):
    with pytest.raises(images.ImageRefused):
        store(picture_file(), alt=alt)


def test_executive_may_not_add_pictures():
    with pytest.raises(NotYours):
        store(picture_file(), actor=UserFactory(role=roles.EXECUTIVE))
    assert not ArticleImage.objects.exists()


def test_pictures_of_texts_are_found_in_one_query(django_assert_num_queries):
    image = make_image()
    key = key_of(image.digest)
    with django_assert_num_queries(1):
        find = pictures_for(f"![](image:{key})", "![](image:0123456789abcdef01234567)")
        assert find(key).url == address_of(image)
        assert find("0123456789abcdef01234567") is None


def test_picture_is_served_to_anybody_and_runs_nothing(client):
    response = client.get(address_of(make_image()))
    assert b"".join(response.streaming_content).startswith(b"\x89PNG")
    assert response["Content-Type"] == "image/png"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_picture_that_is_not_there_is_not_found(client):
    image = make_image()
    image.file.delete(save=False)
    for key in (key_of(image.digest), key_of(image.digest)[:10], "x"):
        assert client.get(reverse("kb:image", args=[key])).status_code == 404


def test_upload_answers_with_what_to_write(client):
    client.force_login(UserFactory(role=roles.AGENT))
    sent = {"file": picture_file(), "alt": "The [page]"}
    told = client.post(reverse("kb:image-upload"), sent).json()
    key = key_of(ArticleImage.objects.get().digest)
    assert told["markdown"] == f"![The (page)](image:{key})"


def test_refused_upload_says_why(client):
    client.force_login(UserFactory(role=roles.AGENT))
    sent = {"file": SimpleUploadedFile("a.svg", SVG), "alt": "x"}
    response = client.post(reverse("kb:image-upload"), sent)
    assert response.status_code == 409
    assert "SVG" in response.json()["message"]
