"""Static files as they are served: compressed, and under names that hold a hash of what is in them."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Also where one script imports another, so that a page and all its scripts are of one build."""

    support_js_module_import_aggregation = True
