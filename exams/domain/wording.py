"""How the languages say what the checker looks for: questions, negations, absolutes, words that carry meaning.

A language that has no entry here is not judged by these rules.
"""

from __future__ import annotations

import re
import unicodedata

_BLOCKS = re.compile(r"^(```|~~~).*?^\1[ \t]*$|^\$\$.*?\$\$[ \t]*$", re.MULTILINE | re.DOTALL)  # code, formulas
_CODE = re.compile(r"`[^`\n]*`|\$[^$\n]+\$")
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)\s]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\([^)\s]*\)|<?https?://\S+>?")
_MARKS = re.compile(r"[*_#>|`$\\]+|^[ \t]*[-+] ", re.MULTILINE)
_EMPHASIS = re.compile(r"\*+[^*\n]+\*+")
_CHOOSE = re.compile(r"\s*[(（](?:choose|select)?[^()（）]*[)）]\s*$", re.IGNORECASE)  # (Choose two.), （2つ選択）
_QUESTION_END = {"en": re.compile(r"\?$"), "ja": re.compile(r"(?:か。?|[？?])$")}
_SENTENCE_END = {"en": re.compile(r"(?<=[.!?:])\s+|\n+"), "ja": re.compile(r"(?<=[。！？])|\n+")}

NEGATIVES = {  # what is asked for is what is not so: "which ... is not", but not "which ... that does not"
    "en": re.compile(
        r"\b(?:which|what|who)\b(?:(?!\b(?:that|so|if|when|because|while|who)\b)[^,;])*?"
        r"\b(?P<word>not|cannot|\w+n['’]t|incorrect|wrong)\b|\b(?P<but>except)\b",
        re.IGNORECASE,
    ),
    "ja": re.compile(
        r"(?P<word>誤っている|誤った|誤り|間違っている|間違った|間違い|不適切な|\w{0,3}(?<!少)ない)(?P<but>)"
        r"(?:もの|の|記述|説明|方法|サービス|選択肢|変更|対策|理由|組み合わせ)?[はを](?:どれ|選)"
    ),
}
ABSOLUTES = {
    "en": re.compile(r"\b(?:always|never|only)\b(?<!read-only)(?<!append-only)(?<!write-only)", re.IGNORECASE),
    "ja": re.compile(r"必ず|のみ|(?:すべて|全て)(?!の)"),
}
ALL_OR_NONE = {
    "en": re.compile(
        r"\b(?:all|none|both|neither|any) of (?:the above|these|the others|the other options)\b", re.IGNORECASE
    ),
    "ja": re.compile(
        r"(?:上記|以上|上)の?(?:すべて|全て|いずれ|どれ)|(?:どれ|いずれ)でもない|すべて(?:正しい|当てはまる)|該当なし"
    ),
}
_WORD = {
    "en": re.compile(r"[A-Za-z][A-Za-z-]{4,}"),
    "ja": re.compile(r"[A-Za-z][A-Za-z0-9-]{2,}|[ァ-ヴー]{3,}|[一-龥々]{2,}"),
}
_PLURAL = re.compile(r"(?<=[a-z]{4})(?:ies|ing|ed|es|s|e|y)$")
_EMPTY = {
    "en": {
        *("about", "after", "again", "against", "amazon", "because", "before", "between", "could", "every", "first"),
        *("other", "should", "their", "there", "these", "those", "three", "under", "until", "using", "where", "which"),
        *("while", "whose", "without", "within", "would", "through", "company", "choose", "following", "meets"),
    },
    "ja": {"AWS", "Amazon", "要件", "場合", "必要", "最小", "最大", "以上", "以下", "会社", "企業", "次の", "選択"},
}


def visible(text: str) -> str:
    """What a reader sees of a Markdown text, about: without marks, addresses and pictures; code stays."""
    return " ".join(_MARKS.sub("", _LINK.sub(r"\1", _PICTURE.sub("", text))).split())


def prose(text: str) -> str:
    """The same without code and formulas."""
    return visible(_CODE.sub(" ", _BLOCKS.sub(" ", text)))


def asks(stem: str, language: str) -> bool:
    """Whether prose ends in a question, but for a note on how many to choose."""
    pattern = _QUESTION_END.get(language)
    return pattern is None or pattern.search(_CHOOSE.sub("", stem).rstrip()) is not None


def asking(stem: str, language: str) -> str:
    """The last sentence of a stem, that is the question, without what is emphasised in it."""
    text = _CHOOSE.sub("", _CODE.sub(" ", _BLOCKS.sub(" ", stem)).strip())
    ends = _SENTENCE_END.get(language)
    sentences = [part for part in (ends.split(text) if ends else [text]) if part.strip()]
    last = _EMPHASIS.sub(" ", sentences[-1]) if sentences else ""
    return re.sub(r"\b[A-Z]{3,}\b", " ", last)  # capitals are emphasis, too


def subject_words(text: str, language: str) -> dict[str, str]:
    """The words that carry the meaning of prose: as they are first written, by what is left without their endings."""
    pattern = _WORD.get(language)
    words = pattern.findall(unicodedata.normalize("NFKC", text)) if pattern else []
    empty = {_PLURAL.sub("", word.lower()) for word in _EMPTY.get(language, ())}
    written: dict[str, str] = {}
    for word in words:
        root = _PLURAL.sub("", word.lower())
        if word.lower() not in _EMPTY["en"] and root not in empty:
            written.setdefault(root, word)
    return written


def odd_width(text: str, full: bool) -> dict[str, str]:
    """The first letter or digit, and the first kana, of full (or of half) width in prose, where there is one."""
    patterns = _FULL if full else _HALF
    return {name: match.group(0) for name, pattern in patterns.items() if (match := pattern.search(text))}


_FULL = {"letters": re.compile(r"[０-９Ａ-Ｚａ-ｚ]"), "kana": re.compile(r"[ァ-ヴ]")}
_HALF = {"letters": re.compile(r"[0-9A-Za-z]"), "kana": re.compile(r"[ｦ-ﾟ]")}
