"""Whole numbers, refused in one sentence whatever is wrong with them."""

from __future__ import annotations

from typing import Any

from django import forms

from exams.domain.problems import Problem
from exams.forms.problems import sentence


class WholeNumberField(forms.IntegerField):
    """A whole number from ``low`` to ``high``."""

    def __init__(self, *, low: int, high: int, **more: Any) -> None:
        super().__init__(min_value=low, max_value=high, **more)
        self.range = {"low": low, "high": high}

    def clean(self, value: Any) -> Any:
        """The number; words, fractions and numbers out of range are told alike."""
        try:
            return super().clean(value)
        except forms.ValidationError as error:
            if value in self.empty_values:
                raise
            raise forms.ValidationError(sentence(Problem("number_range", params=self.range))) from error
