"""What is wrong with an input, as a code with parameters: the pure layers cannot translate, ``forms.problems`` can."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong: ``code`` names the sentence, ``where`` the field (``options.2.text.ja``)."""

    code: str
    where: str = ""
    params: Mapping[str, object] = field(default_factory=dict)


class Problems(ValueError):
    """Raised where an input as a whole is refused; carries every problem that was found."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{problem.where}: {problem.code}" for problem in problems))
        self.problems = problems
