"""Tables and constraints."""

from exams.models.attempts import Attempt, AttemptItem, Extension, Form, FormItem, Intervention
from exams.models.bank import Case, Media, Option, Question, QuestionVersion, Reference, Tag
from exams.models.blueprints import Domain, Exam, Size, Task
from exams.models.checking import KeptCheck, KeptFinding, NearDuplicate, Waiver
from exams.models.cohorts import Assignment, Cohort, Invitation, MemberAccommodation, Membership
from exams.models.people import Accommodation, User
from exams.models.reports import Report
from exams.models.rescoring import Rescore, RescoredAttempt, RescoredItem
from exams.models.statistics import ItemStatistic
from exams.models.workflow import Comment, QuestionEvent

__all__ = [
    "Accommodation",
    "Assignment",
    "Attempt",
    "AttemptItem",
    "Case",
    "Cohort",
    "Comment",
    "Domain",
    "Exam",
    "Extension",
    "Form",
    "FormItem",
    "Intervention",
    "Invitation",
    "ItemStatistic",
    "KeptCheck",
    "KeptFinding",
    "Media",
    "MemberAccommodation",
    "Membership",
    "NearDuplicate",
    "Option",
    "Question",
    "QuestionEvent",
    "QuestionVersion",
    "Reference",
    "Report",
    "Rescore",
    "RescoredAttempt",
    "RescoredItem",
    "Size",
    "Tag",
    "Task",
    "User",
    "Waiver",
]
