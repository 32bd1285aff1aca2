"""The one catalogue of sentences for problems that the layers below find: what is wrong, and how to mend it."""

from __future__ import annotations

from datetime import datetime

from django.forms import BaseForm
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from exams.domain.problems import Problem, Problems

SENTENCES = {
    # questions
    "text_missing": _("There is no text in %(language)s. Write it: this exam needs every text in all its languages."),
    "option_count": _(
        "There are %(found)s options, but this kind of question takes %(low)s to %(high)s. Add or remove some."
    ),
    "option_count_exact": _(
        "There are %(found)s options, but this kind of question takes exactly %(low)s. Add or remove some."
    ),
    "option_id_twice": _("Two options have the id “%(id)s”. Give one of them another id."),
    "key_missing": _("No option is marked as key. Mark the right one."),
    "key_everywhere": _("Every option is marked as key. Leave at least one wrong option."),
    "key_count_single": _(
        "A single choice has exactly one key, but %(found)s options are marked. Unmark the others, "
        "or make it a multiple response."
    ),
    "key_count_multiple": _("A multiple response has two keys or more, but %(found)s is marked. Mark the others."),
    "number_not_stated": _(
        "The stem does not say how many options to choose. Add “(Choose two.)” or 「（2つ選択）」 with the number of "
        "keys, %(keys)s."
    ),
    "number_differs": _(
        "The stem asks for %(stated)s options, but %(keys)s are marked as key. Change the stem or the keys."
    ),
    "ordering_not_shuffled": _(
        "The steps of an ordering are written in the right order, so they must be shuffled. Switch shuffling on."
    ),
    "target_unknown": _("This prompt matches “%(target)s”, which is no target of the question. Name one that exists."),
    "target_not_wanted": _("Only the prompts of a matching match something. Remove the target."),
    "targets_not_wanted": _("Only a matching has targets. Remove them."),
    "option_twice": _("Options %(first)s and %(second)s say the same. Change one of them."),
    "letter_named": _(
        "“%(found)s” names an option by its letter, but the order is drawn anew for each candidate. Say it in words."
    ),
    "reference_missing": _("There is no reference. Add at least one to the issuer's documentation."),
    "rule_invalid": _(
        "This publishing rule is not known or has no sensible value. Use a whole number, or [from, to], "
        "as docs/packs.md shows."
    ),
    "content_schema": _(
        "This content was written under schema %(found)s, which this program can't read. Bring the program up to date."
    ),
    "content_damaged": _("This content is damaged (%(detail)s). Publish the question again."),
    # texts as they are typed
    "html_shown": _(
        "“%(found)s” is HTML, which candidates would see as it is typed. Use Markdown, or put code between backquotes."
    ),
    "text_too_long": _("This has %(length)s characters; %(limit)s can be kept. Shorten it."),
    "formula_unreadable": _("The formula “%(found)s” can't be read. Correct its TeX."),
    "formula_open": _("Here is a $$ alone. A displayed formula has $$ on lines of their own before and after it."),
    "code_open": _("A block of code is begun and not ended. End it with a line of ```."),
    "link_refused": _("“%(found)s” is no address that candidates can be led to. Write it in full, from https:// on."),
    "picture_unknown": _("The exam has no picture “%(path)s”. Add it under Pictures, or correct the path."),
    "picture_without_words": _(
        "The picture “%(path)s” has no text for those who can't see it. Write it between the square brackets."
    ),
    "picture_path_taken": _("The exam has a picture of this path already. Choose another one."),
    "picture_too_large": _("This file has %(found)s MB. A picture has 2 MB at most: make it smaller."),
    # from draft to published
    "not_a_draft": _("Only a draft can be sent to review. Save a change first."),
    "not_in_review": _("It is not in review, so there is nothing to send back. Reload the page."),
    "review_needed": _(
        "Here a question is published from review. Send it to review and let another author publish it."
    ),
    "review_own": _("You have written at this question since it was last published. Let another author publish it."),
    "comment_empty": _("The comment is empty. Write something first."),
    "restore_gone": _("The exam no longer has the domain or the case of this version. Copy its texts by hand instead."),
    # questions that could be better
    "longest_is_key": _(
        "This key is the longest option, with %(percent)s percent of the mean of the others, which gives it away. "
        "Shorten it, or say more in the others."
    ),
    "absolute_in_distractor": _(
        "“%(found)s” makes this option easy to rule out. Say it without, or give a key such a word, too."
    ),
    "negative_not_emphasised": _(
        "The question asks for what is not so, and “%(found)s” is easily overlooked. Put it between asterisks, or ask "
        "for what is so."
    ),
    "all_or_none_of_above": _(
        "“%(found)s” rests on the other options, whose order is drawn anew. Write an option that stands on its own."
    ),
    "telling_word": _(
        "The stem and the key alone share “%(found)s”, which points to the key. Say it otherwise, or use it in a "
        "distractor, too."
    ),
    "stem_without_question": _("The stem does not end in a question. Ask one in its last sentence."),
    "language_behind": _(
        "The text in %(language)s is older by %(days)s days than the last change of another language. Read it again, "
        "and bring it up to date or accept this."
    ),
    "mixed_width": _("“%(found)s” is of another width than its like in this question. Write them all in one."),
    "service_renamed": _(
        "“%(name)s” has been called “%(now)s” since %(since)s. Use the new name, or name the year of the change in a "
        "rationale."
    ),
    "service_closed": _(
        "“%(name)s” has been closed to new customers since %(since)s. Use another, or name that year in a rationale."
    ),
    "near_duplicate": _(
        "%(percent)s percent of this question is also in “%(other)s”. Change or retire one of the two; they are never "
        "put on one form."
    ),
    "facts_stale": _(
        "The facts were last checked on %(as_of)s, more than 24 months ago. Check them again and correct the date."
    ),
    "longest_bot": _(
        "Whoever always takes the longest option has %(right)s of %(questions)s questions right in %(language)s; by "
        "chance it would be %(chance)s, and up to %(bound)s are within two standard errors. Even out the lengths."
    ),
    "bank_short": _(
        "The published questions fill no size of this exam: for “%(size)s”, “%(domain)s” lacks %(missing)s. Add some."
    ),
    "service_invalid": _(
        "This is no service with its change. Give a name, since: a date, and now: its new name, if any."
    ),
    "waiver_reason": _("There is no reason. Write down why the question may stay as it is."),
    "finding_gone": _("There is no such warning in the text as it is saved. Save the question, then look again."),
    # answers
    "answer_unknown": _("The answer names no option of this question. Reload the page and choose again."),
    "answer_twice": _("The answer names an option twice. Reload the page and choose again."),
    "answer_place_twice": _("Two steps have the same place. Give each step a place of its own, then save again."),
    "answer_too_many": _("You chose %(chosen)s, but the question asks for %(choose)s. Clear some, then save again."),
    "note_too_long": _("The note has %(length)s characters; %(limit)s can be kept. Shorten it, then save again."),
    "change_malformed": _("The page sent something that can't be understood. Reload the page and try again."),
    "bank_too_small": _(
        "The question bank is too small for this size: the domain “%(domain)s” lacks %(missing)s. "
        "Choose a shorter size."
    ),
    # extra time
    "extension_minutes": _("Extra time must be from 1 to %(high)s minutes. Use a whole number in this range."),
    "extension_reason": _("There is no reason. Write down why the extra time is given."),
    "attempt_over": _("This attempt is over, so it can't be given more time. Let the candidate start a new one."),
    # repairs of keys, and reports
    "repair_source_missing": _("This policy needs another version's key. Choose the version."),
    "repair_source_differs": _(
        "That version has other options, another kind, another number of keys or the same key, so its key can't be "
        "applied to these answers. Choose another version or policy."
    ),
    "repair_reason": _("There is no reason. Write down why the result is corrected; the candidates read it."),
    "repair_reason_long": _("The reason has %(length)s characters; %(limit)s can be kept. Shorten it."),
    "repair_undone": _("This was taken back already. Repair the question anew instead."),
    "report_open": _("You have reported this question already. You will be told when it is answered."),
    "report_text": _("There is no text. Write what is wrong, so that an author can check it."),
    "report_too_long": _("This has %(length)s characters; %(limit)s can be kept. Shorten it."),
    "report_answer": _("There is no answer. Write what the candidate should know."),
    "report_answered": _("Somebody else has answered this report meanwhile. Read that answer."),
    "extension_past_close": _(
        "The assignment closes at %(when)s, so this adds no time. Let it go on past the close, or give the member a "
        "later close first."
    ),
    # assignments
    "assignment_before": _("This exam opens at %(when)s. Come back then."),
    "assignment_closed": _("This exam closed at %(when)s, so it can't be started any more. Ask your instructor."),
    "assignment_used_up": _("You have used all attempts that this exam allows (%(most)s). Ask your instructor."),
    "assignment_gone": _("This exam is no longer set for you. Ask your instructor."),
    "assignment_started": _("Somebody has started this exam, so it can't be removed any more. Set its close instead."),
    "assignment_removed": _("This exam has been removed meanwhile, so nothing was changed. Go back to the cohort."),
    "close_past": _("This close has passed already. Enter a later time, or none."),
    "assignment_frozen": _("Somebody has started this exam, so this can't be changed any more. Leave it as it was."),
    "release_later": _(
        "Somebody has started this exam, so it can't be shown later than was promised. Choose this time or an earlier "
        "one."
    ),
    "keys_are_out": _("The keys have been shown already, so it can't be opened again. Set another exam instead."),
    "scores_are_out": _("The scores have been shown already, so its close can't be moved. Set another exam instead."),
    "close_takes_away": _("This is not after the close of the assignment, %(when)s. Enter a later time, or leave it."),
    "reason_missing": _("There is no reason. Write down why."),
    "attempt_void": _("This attempt is void already. There is nothing to be done."),
    "attempt_counts": _("This attempt is not void, so it counts. There is nothing to be done."),
    "restore_other": _(
        "The candidate is sitting this exam again already. Let that attempt be finished, or declare it void, first."
    ),
    "restore_used_up": _(
        "The other attempts have used up all that this exam allows (%(most)s). Declare one of them void, or allow "
        "more, first."
    ),
    "attempt_runs": _("This attempt is not over, so it needs no reopening. Give it extra time instead."),
    "reopen_keys_shown": _(
        "The keys of this attempt have been shown to its candidate, so it can't be reopened. "
        "Let the candidate start anew."
    ),
    "reopen_other": _("The candidate is sitting this exam again already. Let that attempt be finished first."),
    # cohorts
    "cohort_archived": _("This cohort is archived. Bring it back first."),
    "instructor_unknown": _("No instructor has this address. Ask an administrator to make them one."),
    "instructor_last": _("A cohort needs an instructor. Add another one first."),
    # packs
    "file_missing": _("This file is missing. A pack is a folder with exam.yaml, questions/*.yaml and media/."),
    "file_unknown": _("This file has no place in a pack. Questions go into questions/*.yaml, pictures into media/."),
    "file_too_large": _("This file is larger than %(limit)s bytes. Split it."),
    "file_empty": _("There is nothing in this file. Write something into it, or remove it."),
    "not_utf8": _("This file is not UTF-8. Save it in that encoding."),
    "not_yaml": _("This is not YAML: %(detail)s. Check the indentation and quotes in and just above this line."),
    "control_character": _("There is a control character that can't be stored. Remove it, or write what was meant."),
    "yaml_alias": _("Aliases (*name) are not taken here. Write the value out."),
    "yaml_too_deep": _("This is nested too deeply. Check the indentation."),
    "yaml_too_much": _("There are too many values in this file. Spread the questions over several files."),
    "not_mapping": _("Here must stand fields with values (name: value)."),
    "not_list": _("Here must stand a list (each entry begins with a hyphen)."),
    "not_text": _("Here must stand a text. Put a number, a date or yes/no in quotes if it is meant as text."),
    "not_whole": _("Here must stand a whole number."),
    "not_flag": _("Here must stand true or false."),
    "not_date": _("Here must stand a date such as 2026-11-01."),
    "field_missing": _("This field is missing. Add it."),
    "field_twice": _("This field stands here twice. Remove one of the two."),
    "field_unknown": _("This field is not known. Check the spelling, or remove it."),
    "too_long": _("This is too long. Use %(limit)s characters at most."),
    "number_range": _("This number is out of range. Use a whole number from %(low)s to %(high)s."),
    "language_invalid": _("“%(found)s” is no language. Use a code such as en or ja."),
    "languages_needed": _("Name at least one language here, and each only once."),
    "value_unknown": _("“%(found)s” is not known. Use one of: %(known)s."),
    "code_invalid": _("“%(found)s” is no valid id. Use lower-case letters, digits and hyphens, 60 at most."),
    "code_twice": _("“%(id)s” stands here twice. Rename or remove one of the two."),
    "question_twice": _("Another question has the id “%(id)s” already. Give this one its own."),
    "case_unknown": _("There is no case “%(id)s”. Add an entry “- case: %(id)s” with its text."),
    "case_unused": _("No question names the case “%(id)s”. Name it in a question, or remove it."),
    "case_in_two_domains": _("The questions of this case belong to different domains. Put them all into one."),
    "key_not_wanted": _(
        "Only choices have keys: an ordering is right as listed, a matching by its targets. Remove it."
    ),
    "target_missing": _("This prompt names no target. Add the id of the one it matches."),
    "picture_name": _(
        "This is no name for a picture. Use Latin letters, digits, hyphens and underscores, and one of the endings "
        ".svg, .png, .jpg, .jpeg, .webp."
    ),
    "picture_foreign": _(
        "This SVG holds something besides shapes and words: %(found)s. Remove it, or save the drawing as plain SVG."
    ),
    "picture_lost": _("The picture “%(path)s” is gone from the storage. Load the pack that has it again."),
    "picture_refused": _(
        "This is no picture that may be shown. Use PNG, JPEG, WebP, or an SVG with nothing but shapes and words, "
        "2 MB at most."
    ),
    "picture_missing": _("There is no picture “%(path)s” in the pack. Add the file, or correct its name."),
    "url_invalid": _("“%(found)s” is no address. Write it in full, from https:// on."),
    "scale_not_ascending": _("A scale ascends: minimum, pass, maximum. Correct the figures."),
    "weights_not_100": _("The weights of the domains add up to %(total)s, not to 100. Correct them."),
    "weight_range": _("A weight is a whole number from 1 to 100."),
    "size_figures": _("These figures don't fit: cut <= scored <= questions, and all of them at least 1."),
    "in_use": _("“%(id)s” is gone from the pack but still in use by questions or attempts. Keep it in the pack."),
}
LANGUAGES = {"ja": _("Japanese"), "en": _("English")}  # as the reader calls them
PARTS = {
    "stem": _("stem"),
    "case": _("case"),
    "options": _("option"),
    "targets": _("target"),
    "references": _("reference"),
    "objective": _("objective"),
    "text": _("text"),
    "rationale": _("rationale"),
    "title": _("title"),
    "shuffle": _("shuffle the options"),
    "target": _("target"),
    # what else differs between two texts of a question
    "key": _("key"),
    "kind": _("kind"),
    "domain": _("domain"),
    "task": _("task statement"),
    "url": _("address"),
    "tags": _("tags"),
    "difficulty": _("difficulty"),
    "as_of": _("facts checked on"),
    "source": _("source"),
    "licence": _("licence"),
    "media": _("pictures"),
}


def sentence(problem: Problem) -> str:
    """What is wrong and how to mend it, in the reader's language. Raises KeyError for a code without a sentence."""
    params = dict(problem.params)
    if "language" in params:
        params["language"] = LANGUAGES.get(str(params["language"]), params["language"])
    for name, value in params.items():
        if isinstance(value, datetime):
            params[name] = date_format(timezone.localtime(value), "DATETIME_FORMAT")
    return str(SENTENCES[problem.code]) % params


def add_problems(form: BaseForm, refused: Problems) -> None:
    """Tell what a service refused beside the fields of the form that sent it."""
    for problem in refused.problems:
        form.add_error(problem.where if problem.where in form.fields else None, sentence(problem))


def place(where: str) -> str:
    """A place in a question, such as ``options.2.text.ja``, in words: Option 2, text, Japanese."""
    return pgettext("between two items", ", ").join(_words(where.split(".")))


def _words(parts: list[str]) -> list[str]:
    words: list[str] = []
    for part in parts:
        if part.isdigit() and words:
            words[-1] = gettext("%(part)s %(number)s") % {"part": words[-1], "number": part}
        else:
            words.append(str(PARTS.get(part) or LANGUAGES.get(part, part)))
    return words
