"""A small valid pack as files, to be spoilt in one place."""

from __future__ import annotations

from exams.domain.problems import Problems
from exams.formats import packs

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9" stroke="url(#a)"/></svg>'
PNG = b"\x89PNG\r\n\x1a\n and so on"

EXAM = """\
code: tiny
version: "1.0"
title: {en: Tiny, ja: 小さな試験}
languages: [en, ja]
licence: CC BY 4.0
source: {en: Written here, ja: 書き下ろし}
status: {current: false, retired_on: 2026-03-31}
scale: {minimum: 100, pass: 750, maximum: 1000}
sizes:
  - {code: full, title: {en: Full, ja: 全部}, questions: 4, scored: 3, minutes: 9, cut: 2, cut_assumed: true}
domains:
  - code: left
    title: {en: Left, ja: 左}
    weight: 60
    tasks:
      - {code: "1.1", statement: {en: Go left, ja: 左へ行く}}
  - code: right
    title: {en: Right, ja: 右}
    weight: 40
    tasks:
      - {code: "2.1", statement: {en: Go right, ja: 右へ行く}}
tags:
  - {code: a-tag, title: {en: A tag, ja: タグ}}
rules: {single_options: 3, multiple_options: [3, 4]}
"""

SINGLE = """\
- id: a-single
  kind: single
  domain: left
  task: "1.1"
  difficulty: hard
  tags: [a-tag]
  as_of: 2026-11-01
  case: a-case
  stem:
    en: |
      Look at this.

      ![A curve](media/curve.svg)
    ja: |
      これを見よ。

      ![曲線](media/curve.svg)
  options:
    - {id: yes-it-is, key: true, text: {en: It is, ja: そうだ}, rationale: {en: So it is, ja: そのとおり}}
    - {id: no-it-is-not, text: {en: It is not, ja: 違う}, rationale: {en: It is, ja: そうなのだ}}
    - {id: never, text: {en: Never, ja: 決して}, rationale: {en: It is, ja: そうなのだ}}
  objective: {en: See it, ja: 見る}
  references:
    - {title: {en: Guide, ja: 手引き}, url: "https://docs.example.org/guide"}
"""

OTHERS = """\
- case: a-case
  text: {en: A shared text, ja: 共通の文章}
- id: an-ordering
  kind: ordering
  domain: right
  task: "2.1"
  stem: {en: Put in order, ja: 並べよ}
  options:
    - {id: one, text: {en: One, ja: 一}, rationale: {en: First, ja: 最初}}
    - {id: two, text: {en: Two, ja: 二}, rationale: {en: Second, ja: 次}}
    - {id: three, text: {en: Three, ja: 三}, rationale: {en: Third, ja: 最後}}
  objective: {en: Count, ja: 数える}
  references:
    - {title: {en: Guide, ja: 手引き}, url: "https://docs.example.org/guide"}
  source: {en: From elsewhere, ja: よそから}
  licence: CC0
- id: a-matching
  kind: matching
  domain: right
  task: "2.1"
  stem: {en: Match, ja: 組み合わせよ}
  options:
    - {id: cat, target: meow, text: {en: Cat, ja: 猫}, rationale: {en: It does, ja: そう鳴く}}
    - {id: dog, target: woof, text: {en: Dog, ja: 犬}, rationale: {en: It does, ja: そう鳴く}}
    - {id: fox, target: woof, text: {en: Fox, ja: 狐}, rationale: {en: It may, ja: 鳴くかも}}
  targets:
    - {id: meow, text: {en: Meow, ja: ニャー}}
    - {id: woof, text: {en: Woof, ja: ワン}}
    - {id: moo, text: {en: Moo, ja: モー}}
  objective: {en: Match them, ja: 組み合わせる}
  references:
    - {title: {en: Guide, ja: 手引き}, url: "https://docs.example.org/guide"}
- id: a-draft
  kind: multiple
  domain: right
  stem: {en: Not yet}
  options: []
  shuffle: false
  status: draft
"""


def pack_files(*changes: tuple[str, str], **more: bytes) -> dict[str, bytes]:
    """The files of the pack with each (old, new) replaced where it stands first, which must be somewhere."""
    files = {"exam.yaml": EXAM, "questions/left.yaml": SINGLE, "questions/right.yaml": OTHERS}
    for old, new in changes:
        path = next(path for path, text in files.items() if old in text)
        files[path] = files[path].replace(old, new, 1)
    return {**{path: text.encode() for path, text in files.items()}, "media/curve.svg": SVG, **more}


def faults(files: dict[str, bytes]) -> list[tuple[str, str]]:
    """What is wrong with the pack, as (code, where)."""
    try:
        packs.read(files)
    except Problems as refused:
        return [(problem.code, problem.where) for problem in refused.problems]
    return []
