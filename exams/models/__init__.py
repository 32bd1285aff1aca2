"""Tables and constraints."""

from exams.models.attempts import Attempt, AttemptItem, Form, FormItem
from exams.models.bank import Case, Media, Option, Question, QuestionVersion, Reference, Tag
from exams.models.blueprints import Domain, Exam, Size, Task
from exams.models.cohorts import Assignment, Cohort, Invitation, Membership
from exams.models.people import User

__all__ = [
    "Assignment",
    "Attempt",
    "AttemptItem",
    "Case",
    "Cohort",
    "Domain",
    "Exam",
    "Form",
    "FormItem",
    "Invitation",
    "Media",
    "Membership",
    "Option",
    "Question",
    "QuestionVersion",
    "Reference",
    "Size",
    "Tag",
    "Task",
    "User",
]
