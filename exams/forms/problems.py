"""The one catalogue of sentences for problems that the layers below find: what is wrong, and how to mend it."""

from __future__ import annotations

from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from exams.domain.problems import Problem

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
}


def sentence(problem: Problem) -> str:
    """What is wrong and how to mend it, in the reader's language. Raises KeyError for a code without a sentence."""
    params = dict(problem.params)
    if "language" in params:
        params["language"] = LANGUAGES.get(str(params["language"]), params["language"])
    return str(SENTENCES[problem.code]) % params


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
