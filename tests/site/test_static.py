"""Static files as production serves them."""

from __future__ import annotations

import re

from django.core.management import call_command

ROOM = "exams/room/"


def test_scripts_of_the_room_import_each_other_by_the_names_of_one_build(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "examsite.storage.StaticFilesStorage"}}
    call_command("collectstatic", interactive=False, verbosity=0)
    scripts = [path for path in (tmp_path / ROOM).glob("*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]
    imported = {
        (path.parent / name).name
        for path in scripts
        for name in re.findall(r'(?:from |import\()"([^"]+)"', path.read_text())
    }
    assert {"main", "page", "keeping", "saving"} <= {path.name.split(".")[0] for path in scripts}
    assert imported <= {path.name for path in scripts}
    assert {name.split(".")[0] for name in imported} >= {"page", "keeping", "saving", "signin", "calculator"}
