"""Stand-in until the renderer is there."""
import html
from markdown_it import MarkdownIt
RENDERER_VERSION = 1
_md = MarkdownIt("commonmark", {"html": False}).enable("table")
def render_block(text, *, lang, media):
    return _md.render(text)
def render_inline(text, *, lang, media):
    return _md.renderInline(text)
def plain_text(text):
    return " ".join(text.split())
