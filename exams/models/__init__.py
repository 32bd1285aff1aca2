"""Tables and constraints."""

from exams.models.attempts import Attempt, AttemptItem, Extension, Form, FormItem, Intervention
from exams.models.bank import Case, Media, Option, Question, QuestionVersion, Reference, Tag
from exams.models.blueprints import Domain, Exam, Size, Task
from exams.models.cohorts import Assignment, Cohort, Invitation, MemberAccommodation, Membership
from exams.models.people import Accommodation, User

__all__ = [
    "Accommodation",
    "Assignment",
    "Attempt",
    "AttemptItem",
    "Case",
    "Cohort",
    "Domain",
    "Exam",
    "Extension",
    "Form",
    "FormItem",
    "Intervention",
    "Invitation",
    "Media",
    "MemberAccommodation",
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
