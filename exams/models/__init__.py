"""Tables and constraints."""

from exams.models.attempts import Attempt, AttemptItem, Extension, Form, FormItem
from exams.models.bank import Case, Media, Option, Question, QuestionVersion, Reference, Tag
from exams.models.blueprints import Domain, Exam, Size, Task
from exams.models.checking import NearDuplicate, Waiver
from exams.models.cohorts import Assignment, Cohort, Invitation, Membership
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
    "Invitation",
    "Media",
    "Membership",
    "NearDuplicate",
    "Option",
    "Question",
    "QuestionVersion",
    "Reference",
    "Size",
    "Tag",
    "Task",
    "User",
    "Waiver",
]
