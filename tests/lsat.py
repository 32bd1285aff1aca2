"""Answers of 1,000 people to five questions of the Law School Admission Test, sections 6 and 7 (Bock and Lieberman
1970): how many had which pattern of right (1) and wrong (0). And what other programs say of them."""

from __future__ import annotations

from dataclasses import dataclass

SECTION_6 = (
    "00000 3  00001 6  00010 2  00011 11  00100 1  00101 1  00110 3  00111 4  01000 1  01001 8  01011 16  01101 3  "
    "01110 2  01111 15  10000 10  10001 29  10010 14  10011 81  10100 3  10101 28  10110 15  10111 80  11000 16  "
    "11001 56  11010 21  11011 173  11100 11  11101 61  11110 28  11111 298"
)
SECTION_7 = (
    "00000 12  00001 19  00010 1  00011 7  00100 3  00101 19  00110 3  00111 17  01000 10  01001 5  01010 3  01011 7  "
    "01100 7  01101 23  01110 8  01111 28  10000 7  10001 39  10010 11  10011 34  10100 14  10101 51  10110 15  "
    "10111 90  11000 6  11001 25  11010 7  11011 35  11100 18  11101 136  11110 32  11111 308"
)


@dataclass(frozen=True)
class Section:
    """Patterns with their counts, and figures to be met: mean, SD (with n - 1) and KR-20 of the totals; per question
    the share right, and its correlation with the total and with the total of the others."""

    patterns: dict[str, int]
    mean: float
    sd: float
    kr20: float
    p: tuple[float, ...]
    r_total: tuple[float, ...]
    r_rest: tuple[float, ...]


def _patterns(text: str) -> dict[str, int]:
    words = text.split()
    return dict(zip(words[::2], map(int, words[1::2]), strict=True))


LSAT6 = Section(
    _patterns(SECTION_6),
    mean=3.819,
    sd=1.035041211889802,
    kr20=0.29499719221594417,
    p=(0.924, 0.709, 0.553, 0.763, 0.87),
    r_total=(0.36201043716176184, 0.5667720953844578, 0.618439753567371, 0.5344183262439237, 0.4353664278876055),
    r_rest=(0.11283268892234224, 0.15317812011652887, 0.17277894329108767, 0.14442809524709405, 0.12159640254709614),
)
LSAT7 = Section(
    _patterns(SECTION_7),
    mean=3.707,
    sd=1.1985773181516441,
    kr20=0.4534087353874258,
    p=(0.828, 0.658, 0.772, 0.606, 0.843),
    r_total=(0.5299878007864974, 0.5996766533549485, 0.61121032748315, 0.5920286263345462, 0.4611917015906256),
    r_rest=(0.24573164992647528, 0.24667357671195933, 0.3131792533800706, 0.22275125407148044, 0.1747863009093026),
)
