"""The author's desk: adding, publishing, previewing, and what is kept from authors."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.urls import reverse

from exams.models import AttemptItem, Question
from exams.services import bank
from exams.templatetags.icons import icon
from tests.factories import make_exam, make_instructor, make_question, make_questions, make_user, text

pytestmark = pytest.mark.django_db
CHANGE, LIST = "admin:exams_question_change", "admin:exams_question_changelist"


def posted(exam, *, keys=(0,), options=4, reference=True, **fields):
    """What the browser sends for a new question."""
    domain = exam.domains.get(code="modeling")
    data = {
        "kind": "single",
        "domain": domain.pk,
        "task": domain.tasks.get().pk,
        "difficulty": "medium",
        "shuffle": "on",
        "stem__en": "Which algorithm finds similar tickets?",
        "stem__ja": "似た問い合わせを見つけるアルゴリズムはどれか。",
        "options-TOTAL_FORMS": options,
        "options-INITIAL_FORMS": 0,
        "references-TOTAL_FORMS": 1,
        "references-INITIAL_FORMS": 0,
    }
    for number in range(options):
        data |= {
            f"options-{number}-text__en": f"Algorithm {number}",
            f"options-{number}-text__ja": f"アルゴリズム{number}",
            f"options-{number}-rationale__en": f"Because {number}",
            f"options-{number}-rationale__ja": f"理由{number}",
            f"options-{number}-order": number + 1,
        }
        if number in keys:
            data[f"options-{number}-is_key"] = "on"
    if reference:
        data |= {
            "references-0-title__en": "Guide",
            "references-0-title__ja": "ガイド",
            "references-0-url": "https://docs.example.org/",
            "references-0-order": 0,
        }
    return {**data, **fields}


def messages(answer):
    return [str(message) for message in answer.context["messages"]]


# ── adding and publishing


def test_an_author_adds_a_question_and_publishes_it_at_once(desk, exam):
    answer = desk.post(reverse("admin:exams_question_add"), posted(exam, _publish="1"), follow=True)
    question = Question.objects.get()
    assert messages(answer) == [f"“{question.code}” is published as version 1. New attempts get it."]
    assert (question.status, question.current_version.number) == ("published", 1)
    assert question.code == "which-algorithm-finds-similar-tickets"
    assert [option.code for option in question.options.all()] == [f"algorithm-{number}" for number in range(4)]
    assert set(question.revised_at) == {"en", "ja"}


def test_a_refusal_names_rule_and_place_and_the_edits_stay(desk, exam):
    data = posted(exam, keys=(), reference=False, _publish="1") | {"options-1-rationale__ja": ""}
    answer = desk.post(reverse("admin:exams_question_add"), data, follow=True)
    question = Question.objects.get()
    assert (question.status, question.options.count(), question.current_version) == ("draft", 4, None)
    assert messages(answer) == [  # one message, whose list has a line for each rule
        f"“{question.code}” is saved but was not published:<ul>"
        "<li>option 2, rationale, Japanese: There is no text in Japanese. "
        "Write it: this exam needs every text in all its languages.</li>"
        "<li>option: No option is marked as key. Mark the right one.</li>"
        "<li>reference: There is no reference. Add at least one to the issuer&#x27;s documentation.</li></ul>"
    ]
    assert "<li>option: No option" in answer.content.decode()


def test_a_refusal_in_japanese_has_japanese_names_and_marks(desk, author, exam):
    author.language = "ja"
    author.save()
    answer = desk.post(reverse("admin:exams_question_add"), posted(exam, _publish="1", stem__en=""), follow=True)
    (message,) = messages(answer)
    assert "<li>問題文、英語：英語の" in message


def test_empty_options_are_no_mistake_while_one_drafts(desk, exam):
    data = posted(exam, options=2) | {"options-TOTAL_FORMS": 4}
    desk.post(reverse("admin:exams_question_add"), data)
    assert Question.objects.get().options.count() == 2


def test_an_edit_does_not_withdraw_what_is_published_and_the_list_says_so(desk, exam):
    question = make_question(exam)
    page = desk.get(reverse(CHANGE, args=[question.pk]))
    data = {}
    for form in (
        page.context["adminform"].form,
        *(f for fs in page.context["inline_admin_formsets"] for f in fs.formset.forms),
    ):
        for field in form:
            value = field.value()
            if isinstance(value, dict):
                data |= {f"{field.html_name}__{language}": words for language, words in value.items()}
            elif value not in (None, False, []):
                data[field.html_name] = value if value is not True else "on"
    for formset in page.context["inline_admin_formsets"]:
        data |= {field.html_name: field.value() for field in formset.formset.management_form}
    data["stem__en"] = "Changed: which is right?"
    desk.post(reverse(CHANGE, args=[question.pk]), data)
    question.refresh_from_db()
    assert question.stem["en"] == "Changed: which is right?"
    assert question.current_version.content["stem"]["en"] != question.stem["en"]
    assert set(question.revised_at) == {"en"}
    assert question.status == "draft"
    assert "draft of version 2; version 1 in force" in desk.get(reverse(LIST)).content.decode()


def test_publishing_several_publishes_the_good_and_names_the_others(desk, exam):
    good, bad = make_question(exam, publish=False), make_question(exam, publish=False, keys=())
    data = {"action": "publish_selected", "_selected_action": [good.pk, bad.pk]}
    told = messages(desk.post(reverse(LIST), data, follow=True))
    assert any(f"“{good.code}” is published as version 1" in line for line in told)
    assert any(f"“{bad.code}” was not published:" in line for line in told)


def test_publishing_again_without_changes_makes_no_version(desk, exam):
    question = make_question(exam)
    data = {"action": "publish_selected", "_selected_action": [question.pk]}
    told = messages(desk.post(reverse(LIST), data, follow=True))
    assert told == [f"“{question.code}” has no changes since version 1, which stays in force."]


def test_publishing_a_retired_question_without_changes_says_that_it_is_back(desk, exam):
    question = make_question(exam)
    bank.retire(question)
    data = {"action": "publish_selected", "_selected_action": [question.pk]}
    told = messages(desk.post(reverse(LIST), data, follow=True))
    question.refresh_from_db()
    assert told == [f"“{question.code}” is no longer retired. New attempts get version 1 again."]
    assert (question.status, question.versions.count()) == ("published", 1)


def test_a_code_is_told_as_it_is_written(desk, exam):
    question = make_question(exam, code="a-cart-shop")
    data = {"action": "publish_selected", "_selected_action": [question.pk]}
    page = desk.post(reverse(LIST), data, follow=True).content.decode()
    assert "“a-cart-shop” has no changes" in page


def test_a_retired_question_is_given_to_nobody_new(desk, exam):
    question = make_question(exam)
    desk.post(reverse(LIST), {"action": "retire_selected", "_selected_action": [question.pk]})
    question.refresh_from_db()
    assert question.status == "retired"


def test_what_has_versions_cannot_be_deleted(desk, exam):
    question, draft = make_question(exam), make_question(exam, publish=False)
    assert desk.post(reverse("admin:exams_question_delete", args=[question.pk]), {"post": "yes"}).status_code == 403
    assert desk.post(reverse("admin:exams_question_delete", args=[draft.pk]), {"post": "yes"}).status_code == 302


def test_who_may_not_publish_gets_neither_button_nor_action(client, exam):
    person = make_user(groups=["Authors"], is_staff=True, language="en")
    person.groups.get().permissions.filter(codename="publish_question").delete()
    client.force_login(person)
    desk_page = client.get(reverse("admin:exams_question_add")).content.decode()
    client.post(reverse("admin:exams_question_add"), posted(exam, _publish="1"))
    assert "_publish" not in desk_page
    assert Question.objects.get().status == "draft"


# ── mistakes


def test_a_task_of_another_domain_is_refused_in_words(desk, exam):
    task = exam.domains.get(code="data").tasks.get()
    answer = desk.post(reverse("admin:exams_question_add"), posted(exam, task=task.pk))
    assert "belongs to another domain" in answer.content.decode()
    assert not Question.objects.exists()


def test_domains_and_tags_of_another_exam_are_not_taken(desk, exam):
    other = make_exam("other")
    path = reverse("admin:exams_question_add") + "?exam=an-exam"
    desk.post(path, posted(exam, domain=other.domains.first().pk))
    desk.post(path, posted(exam, tags=other.tags.get().pk))
    assert not Question.objects.exists()


def test_a_code_that_is_taken_is_refused_in_words(desk, exam):
    make_question(exam, code="taken")
    answer = desk.post(reverse("admin:exams_question_add"), posted(exam, code="taken"))
    assert "has this code" in answer.content.decode()


def test_a_code_made_from_the_stem_never_collides(desk, exam):
    for _ in range(2):
        desk.post(reverse("admin:exams_question_add"), posted(exam))
    assert len(set(Question.objects.values_list("code", flat=True))) == 2


def test_a_code_made_from_a_long_stem_ends_with_a_whole_word(desk, exam):
    stem = "A carrier that delivers parcels in every town of the country wants to know which of them come late"
    for number in (1, 2):
        desk.post(reverse("admin:exams_question_add"), posted(exam, stem__en=stem))
        assert Question.objects.count() == number
    first, second = Question.objects.order_by("pk")
    assert first.code == "a-carrier-that-delivers-parcels-in-every-town-of-the-country"
    assert second.code.rpartition("-")[0] == "a-carrier-that-delivers-parcels-in-every-town-of-the"
    desk.post(reverse("admin:exams_question_add"), posted(exam, stem__en="x" * 99))
    assert Question.objects.latest("pk").code == "x" * 60


def test_with_several_exams_the_author_chooses_first(desk, exam):
    make_exam("other")
    page = desk.get(reverse("admin:exams_question_add")).content.decode()
    assert "?exam=an-exam" in page
    assert "?exam=other" in page


# ── preview and versions


def test_the_preview_is_rendered_as_candidates_see_it_and_harmless(desk, exam):
    question = make_question(exam, publish=False, keys=(), stem=text("<script>alert(1)</script> *LEAST*?"))
    page = desk.get(reverse("admin:exams_question_preview", args=[question.pk])).content.decode()
    assert "<script>alert" not in page
    assert '<em class="key-word">LEAST</em>' in page
    assert "No option is marked as key" in page


@pytest.mark.parametrize(("language", "drawing"), [("ja", "ring"), ("en", "check")])
def test_the_preview_draws_right_as_the_reader_expects_it(desk, author, exam, language, drawing):
    author.language = language
    author.save()
    preview = reverse("admin:exams_question_preview", args=[make_question(exam).pk])
    assert desk.get(preview).content.decode().count(f'lang="{language}">{icon(drawing)}') == 2  # a key per language


def test_a_good_question_is_told_that_it_can_be_published(desk, exam):
    question = make_question(exam, publish=False)
    assert "can be published" in desk.get(reverse("admin:exams_question_preview", args=[question.pk])).content.decode()


def test_every_version_can_be_read_as_it_was(desk, exam):
    question = make_question(exam)
    question.stem = text("Second wording?")
    question.save()
    bank.publish(question, by=None, now=question.current_version.published_at)
    history = desk.get(reverse("admin:exams_question_versions", args=[question.pk])).content.decode()
    assert history.count('<tr role="row">') == 3
    first = desk.get(reverse("admin:exams_question_version", args=[question.pk, 1])).content.decode()
    assert "Second wording" not in first
    assert desk.get(reverse("admin:exams_question_version", args=[question.pk, 9])).status_code == 404


# ── who may see what


def test_the_desk_is_closed_to_candidates_and_instructors(client, exam):
    question = make_question(exam)
    for person in (make_user(), make_instructor()):
        client.force_login(person)
        for path in (reverse(LIST), reverse("admin:exams_question_preview", args=[question.pk])):
            assert client.get(path).status_code == 302


def test_staff_without_the_right_to_see_questions_see_no_preview(client, exam):
    question = make_question(exam)
    client.force_login(make_user(is_staff=True))
    assert client.get(reverse("admin:exams_question_preview", args=[question.pk])).status_code == 404


def test_answers_are_not_registered_and_authors_see_nothing_of_candidates(desk):
    assert not admin.site.is_registered(AttemptItem)
    for model in ("user", "accommodation", "attempt"):
        assert desk.get(reverse(f"admin:exams_{model}_changelist")).status_code == 403


@pytest.mark.parametrize("number", [3, 300])
def test_the_list_takes_as_many_queries_for_three_questions_as_for_three_hundred(desk, exam, assert_queries, number):
    make_questions(exam, number)
    with assert_queries(12 if number < 50 else 13):  # where there are pages, the ids of this one come first
        desk.get(reverse(LIST))


def test_the_list_is_searched_in_both_languages(desk, exam):
    make_question(exam, stem={"en": "Which one?", "ja": "顧客の離反はどれか。"})
    make_question(exam)
    for words in ("離反", "Which one"):
        assert desk.get(reverse(LIST), {"q": words}).context["cl"].result_count == 1


def test_task_statements_are_offered_under_their_domains(desk, exam):
    offered = desk.get(reverse("admin:exams_question_add")).context["adminform"].form.fields["task"].choices
    under = [(name, [str(words) for _pk, words in rows]) for name, rows in list(offered)[1:]]
    assert under == [(str(domain), [str(task) for task in domain.tasks.all()]) for domain in exam.domains.all()]
