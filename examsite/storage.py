"""Static files as they are served: compressed, and under names that hold a hash of what is in them."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also where a script of ours imports another, so that a page and all its scripts are of one build.

    Django's own switch for this reads the scripts of libraries too, and stumbles over what they say in comments.
    """

    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        (
            "exams/*.js",
            (
                (r"""(?P<matched>from "(?P<url>\./[^"]+)")""", 'from "%(url)s"'),
                (r"""(?P<matched>import\("(?P<url>\./[^"]+)"\))""", 'import("%(url)s")'),
            ),
        ),
    )
