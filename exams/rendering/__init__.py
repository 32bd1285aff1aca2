"""Markdown, code and mathematics to clean HTML. docs/packs.md describes the dialect."""

from exams.rendering.judging import text_problems
from exams.rendering.markdown import plain_text, render_block, render_inline, unprintable

RENDERER_VERSION = 1  # counted up whenever the same text would come out differently

__all__ = ["RENDERER_VERSION", "plain_text", "render_block", "render_inline", "text_problems", "unprintable"]
