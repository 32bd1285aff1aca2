"""Pictures that authors add, and files that are none."""

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from exams.models import Media

pytestmark = pytest.mark.django_db
ADD = "admin:exams_media_add"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20


def add(desk, exam, data, *, name="curve.svg", path=""):
    return desk.post(reverse(ADD), {"exam": exam.pk, "path": path, "file": SimpleUploadedFile(name, data)}, follow=True)


@pytest.mark.parametrize(("data", "name"), [(SVG, "curve.svg"), (PNG, "curve.png")])
def test_a_picture_is_kept_under_its_name_and_served(desk, exam, data, name):
    page = add(desk, exam, data, name=name)
    media = Media.objects.get()
    assert media.path == f"media/{name}"
    assert f"![…](media/{name})" in page.content.decode()
    assert desk.get(f"/media/{media.name}").content == data
    assert desk.get(reverse("admin:exams_media_change", args=[media.pk])).status_code == 200


@pytest.mark.parametrize(
    ("data", "name", "path", "sentence"),
    [
        (b"<html></html>", "a.svg", "", "This SVG holds something besides shapes and words"),
        (b"plain words", "a.png", "", "This is no picture that may be shown"),
        (
            SVG.replace(b"<path", b"<script>alert(1)</script><path"),
            "a.svg",
            "",
            "besides shapes and words: &lt;script&gt;",
        ),
        (SVG.replace(b"<path", b'<path onload="x"'), "a.svg", "", "besides shapes and words"),
        (PNG + b"\0" * 20_000_000, "a.png", "", "This file has 20.0 MB. A picture has 2 MB at most"),
        (SVG, "a.svg", "../../etc/a.svg", "This is no name for a picture"),
        (SVG, "日本語 の.svg", "", "This is no name for a picture"),
        (SVG, "a.svg", "media/taken.svg", "has a picture of this path already"),
    ],
    ids=["html", "text", "script", "handler", "20MB", "outside", "name", "taken"],
)
def test_what_is_no_picture_is_refused_beside_the_field_and_nothing_is_kept(desk, exam, data, name, path, sentence):
    Media.objects.create(exam=exam, path="media/taken.svg", name="0" * 64 + ".svg")
    page = add(desk, exam, data, name=name, path=path)
    assert sentence in page.content.decode()
    assert Media.objects.count() == 1
    assert not default_storage.exists("questions") or default_storage.listdir("questions")[1] == []


def test_a_form_without_a_file_or_an_exam_is_told_so(desk, exam):
    page = desk.post(reverse(ADD), {"exam": "", "path": "media/a.svg"})
    assert page.content.decode().count("This field is required") == 2


def test_a_picture_is_not_changed_once_it_is_there(desk, exam):
    add(desk, exam, SVG)
    path = reverse("admin:exams_media_change", args=[Media.objects.get().pk])
    assert desk.post(path, {"path": "media/b.svg"}).status_code == 403
