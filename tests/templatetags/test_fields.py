"""A field with its label, hint and error: what a screen reader gets."""

from __future__ import annotations

import re

from django import forms
from django.template.loader import render_to_string


class Form(forms.Form):
    name = forms.CharField(help_text="As on the list.", widget=forms.TextInput(attrs={"placeholder": "Name"}))
    number = forms.IntegerField(required=False)
    agreed = forms.BooleanField(help_text="Needed.")
    way = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput)


def shown(name, data=None, **more):
    return render_to_string("_field.html", {"field": Form(data)[name], **more})


def test_a_control_has_its_label_and_hint_and_no_placeholder():
    html = shown("name")
    assert '<label for="id_name">Name' in html
    assert 'aria-describedby="id_name_helptext"' in html
    assert 'id="id_name_helptext">As on the list.' in html
    assert 'class="input"' in html
    assert "placeholder" not in html
    assert "autofocus" not in html


def test_an_optional_field_says_so():
    assert "(optional)" in shown("number") or "（任意）" in shown("number")
    assert "note" not in shown("name")


def test_a_wrong_field_names_its_error_and_the_first_one_has_the_focus():
    data = {"number": "x"}
    name, number = shown("name", data), shown("number", data)
    assert 'aria-invalid="true"' in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name
    assert 'id="id_name_error"' in name
    assert "autofocus" in name
    assert 'aria-describedby="id_number_error"' in number
    assert "autofocus" not in number


def test_a_box_to_tick_stands_in_its_label():
    html = shown("agreed", {"name": "x"})
    assert re.search(r'<label class="tick"><input type="checkbox" name="agreed"[^>]*>\s*<span>Agreed', html)
    assert 'class="input"' not in html
    assert 'id="id_agreed_error"' in html


def test_a_choice_of_one_is_told_with_its_error():
    assert "aria-describedby" not in shown("way")
    html = shown("way", {"name": "x"})
    assert '<fieldset class="field field--choice" aria-describedby="id_way_error">' in html
    assert 'id="id_way_error"' in html


def test_a_hidden_field_is_only_itself():
    assert shown("token").strip() == '<input type="hidden" name="token" id="id_token">'


def test_a_template_may_name_what_the_browser_fills_in():
    assert 'autocomplete="username"' in shown("name", autocomplete="username")
    assert "autocomplete" not in shown("name")
