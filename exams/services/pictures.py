"""Pictures that authors add."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from exams.domain.problems import Problem, Problems
from exams.formats.packs import is_picture_path
from exams.formats.pictures import picture_problem, stored_name
from exams.models import Exam, Media
from exams.services.exchange import PICTURES


def add(exam: Exam, path: str, data: bytes) -> Media:
    """Keep a picture under a path that the exam does not have yet, such as ``media/roc-curve.svg``.

    Raises Problems: ``picture_name``, ``picture_path_taken``, or why the file may not be shown.
    """
    if not is_picture_path(path):
        raise Problems([Problem("picture_name", "path")])
    if problem := picture_problem("file", data):
        raise Problems([problem])
    name = stored_name(data)
    with transaction.atomic():
        media, is_new = Media.objects.get_or_create(exam=exam, path=path, defaults={"name": name})
        if not is_new:
            raise Problems([Problem("picture_path_taken", "path")])
        if not default_storage.exists(f"{PICTURES}/{name}"):
            default_storage.save(f"{PICTURES}/{name}", ContentFile(data))
    return media
