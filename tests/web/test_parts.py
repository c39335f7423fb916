"""Each part of a page as it is drawn, and the forms, bars and lists behind it."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from django import forms
from django.template import Context, Template, TemplateSyntaxError
from django.test import RequestFactory
from django.utils import timezone, translation

from accounts.models import User
from audit.actions import DomainError, action
from audit.actors import Machine
from tests import people
from web import bars, formats
from web.forms import FilterForm, Form, OnceForm, mistakes
from web.paging import page_of
from web.pieces import Answer, Happening, Tab
from web.shapes import Shape, shape_of

NOWHERE = Machine("system:test")


def draw(source: str, **context: Any) -> str:
    request = RequestFactory().get("/desk/cases/", context.pop("query", {}))
    return Template("{% load parts words %}" + source).render(Context({"request": request, **context}))


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


pytestmark = pytest.mark.usefixtures("english")


class Claim(Form):
    amount = forms.IntegerField(label="Amount", help_text="In euros.")
    kind = forms.ChoiceField(
        label="Kind", choices=[("a", "Invoice"), ("b", "Note")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False)


class Stages(FilterForm):
    q = forms.CharField(label="Reference")
    stage = forms.ChoiceField(label="Stage", choices=[("", "Any"), ("a", "Appeal")])


# Figures and moments


@pytest.mark.parametrize(
    ("language", "minor", "currency", "written"),
    [
        ("en", 148000, "EUR", "€1,480.00"),
        ("en", -5, "EUR", "−€0.05"),
        ("en", 148000, "BYN", "BYN\u00a01,480.00"),
        ("en", 1500, "JPY", "JPY\u00a01,500"),
        ("be", 148000, "EUR", "1\u00a0480,00\u00a0€"),
        ("ru", -123456789, "BYN", "−1\u00a0234\u00a0567,89\u00a0BYN"),
        ("ru", 1234, "KWD", "1,234\u00a0KWD"),
    ],
)
def test_money_is_written_as_the_language_does(
    language: str, minor: int, currency: str, written: str
) -> None:
    with translation.override(language):
        assert draw("{% money minor currency %}", minor=minor, currency=currency) == written
        assert draw("{{ minor|money:currency }}", minor=minor, currency=currency) == written


def test_whole_money_never_says_more_than_there_is() -> None:
    assert formats.write_money(148099, "EUR", whole=True) == "€1,480"
    assert formats.write_money(-99, "EUR", whole=True) == "€0"


def test_moments_stand_in_the_zone_of_the_reader() -> None:
    moment = datetime.datetime(2026, 11, 20, 21, 30, tzinfo=datetime.UTC)
    with timezone.override("Europe/Minsk"):
        drawn = draw("{% when moment %}", moment=moment)
    assert drawn == '<time datetime="2026-11-21T00:30:00+03:00">21 November 2026, 00:30</time>'
    assert draw("{% when day weekday=True %}", day=datetime.date(2026, 11, 20)).endswith(
        "Fri 20 November 2026</time>"
    )
    assert draw("{% when nothing %}", nothing=None) == ""


# Bars


def test_a_bar_adds_up_and_shows_the_smallest_part() -> None:
    widths = [part.percent for part in bars.slices([1, 1, 999_998], 1_000_000)]
    assert widths == [1, 1, 98]
    assert [part.percent for part in bars.slices([1, 1, 1])] == [33, 34, 33]
    assert draw("{% stacked 585 780 115 of=2350 %}").count("<i class") == 3


def test_a_bar_beyond_its_ceiling_stays_inside_its_frame() -> None:
    assert sum(part.percent for part in bars.slices([900, 600], 1000)) == 100


@pytest.mark.parametrize("parts", [[-1], [1, 1, 1, 1, 1]])
def test_a_bar_refuses_what_it_cannot_show(parts: list[int]) -> None:
    with pytest.raises(ValueError, match="at most four"):
        bars.slices(parts)


def test_the_thermometer_never_overflows_and_has_a_name() -> None:
    drawn = draw('{% thermo 15000 of=14000 label="Raised" %}')
    assert 'max="14000"' in drawn
    assert 'value="14000"' in drawn
    assert 'aria-label="Raised"' in drawn


# Words and shapes


def test_a_status_is_a_shape_and_a_word() -> None:
    assert (
        draw('{% status "seeking_counsel" "Seeking" %}').strip()
        == '<span class="status going">Seeking</span>'
    )
    assert shape_of("something nobody mapped") is Shape.WAITING
    assert {shape_of(shape) for shape in Shape} == set(Shape)


def test_what_people_typed_is_never_markup() -> None:
    typed = "<b>x</b>"
    sources = [
        "{% status 'good' typed %}",
        "{% code_name typed %}",
        "{% include 'parts/empty.html' with says=typed %}",
    ]
    for source in sources:
        assert "&lt;b&gt;" in draw(source, typed=typed)
        assert typed not in draw(source, typed=typed)


def test_titles_come_from_the_neutral_list_only() -> None:
    assert draw('{% title "record" %}') == "Record"
    with pytest.raises(TemplateSyntaxError, match="no neutral title"):
        draw('{% title "Kavalenka" %}')


# Forms


def test_a_field_ties_label_hint_and_error_together() -> None:
    drawn = draw("{% field form.amount %}", form=Claim({"amount": "many"}))
    assert 'aria-describedby="id_amount_helptext id_amount_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_amount_helptext"' in drawn
    assert 'id="id_amount_error"' in drawn
    assert '<label for="id_amount">' in drawn
    assert "aria-invalid" not in draw("{% field form.amount %}", form=Claim())


def test_a_group_of_choices_has_a_legend() -> None:
    drawn = draw("{% field form.kind %}", form=Claim({}))
    assert "<legend>Kind</legend>" in drawn
    assert 'aria-describedby="id_kind_error"' in drawn
    assert drawn.count('type="radio"') == 2


def test_the_error_list_says_the_same_and_leads_to_the_field() -> None:
    form = Claim({"amount": "many"})
    listed = draw("{% errors form %}", form=form)
    for mistake in mistakes(form):
        assert f'href="#{mistake.target}">{mistake.text}<' in listed
        assert f'id="{mistake.target}"' in draw(
            "{% include 'parts/form.html' with button='Save' %}", form=form
        )
    assert [mistake.text for mistake in mistakes(form)] == ["Enter a whole number.", "Choose an answer: Kind"]
    assert draw("{% errors form %}", form=Claim()).strip() == ""


class TooMuch(DomainError):
    code = "too-much"
    message = "Only %(left)s are left."


@action("test.done")
def do_it(*, refuse: bool, by: Machine, at: datetime.datetime) -> str:
    if refuse:
        raise TooMuch(left=3)
    return "done"


@pytest.mark.django_db(transaction=True)
def test_a_form_takes_effect_once(at: datetime.datetime) -> None:
    token = {"once": OnceForm()["once"].value()}
    first, second = OnceForm(token), OnceForm(token)
    assert first.is_valid()
    assert second.is_valid()
    assert first.carry_out(do_it, refuse=False, by=NOWHERE, at=at)
    assert first.result == "done"
    assert not second.carry_out(do_it, refuse=False, by=NOWHERE, at=at)
    assert second.result is None
    assert "already" in second.non_field_errors()[0]


@pytest.mark.django_db(transaction=True)
def test_a_refused_form_says_why_and_may_be_sent_again(at: datetime.datetime) -> None:
    token = {"once": OnceForm()["once"].value()}
    form, again = OnceForm(token), OnceForm(token)
    assert form.is_valid()
    assert again.is_valid()
    assert not form.carry_out(do_it, refuse=True, by=NOWHERE, at=at)
    assert form.non_field_errors() == ["Only 3 are left."]
    assert again.carry_out(do_it, refuse=False, by=NOWHERE, at=at)


def test_a_form_without_its_token_is_refused() -> None:
    form = OnceForm({})
    assert not form.is_valid()
    assert "Load this page anew" in draw("{% errors form %}", form=form)
    assert OnceForm()["once"].value() != OnceForm()["once"].value()


def test_each_filter_in_use_has_a_way_back() -> None:
    query = {"q": "BY-1", "stage": "a", "cursor": "x"}
    drawn = draw('{% filters form label="Filter cases" %}', form=Stages(query), query=query)
    assert 'href="?stage=a"' in drawn
    assert 'href="?q=BY-1"' in drawn
    assert "Stage: Appeal" in drawn
    assert "chip" not in draw('{% filters form label="Filter cases" %}', form=Stages())


# Lists


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("order", ["username", "-username", "is_active"])
def test_pages_walk_forth_and_back_over_each_row_once(order: str) -> None:
    for name in "abcdefg":
        people.stranger(f"tree-{name}")
    everyone = list(User.objects.order_by(order, "-pk" if order.startswith("-") else "pk"))
    forth, cursor = [], ""
    while page := page_of(User.objects.all(), cursor=cursor, order=order, size=3):
        forth.append(page.rows)
        if not (cursor := page.after):
            break
    assert [row for rows in forth for row in rows] == everyone
    back = page_of(User.objects.all(), cursor=page.before, order=order, size=3)
    assert back.rows == forth[-2]
    assert page_of(User.objects.all(), cursor="made up", order=order, size=3).rows == forth[0]


def test_the_pager_keeps_the_filters() -> None:
    page = type("Page", (), {"after": "abc", "before": ""})()
    drawn = draw("{% pager page %}", page=page, query={"stage": "a"})
    assert 'href="?stage=a&amp;cursor=abc"' in drawn
    assert "First page" in drawn


def test_tabs_timeline_and_summary() -> None:
    tabs = [Tab("Overview", "/a/", current=True), Tab("Documents", "/b/", count=1900)]
    drawn = draw("{% include 'parts/tabs.html' with label='Case' %}", tabs=tabs)
    assert drawn.count('aria-current="page"') == 1
    assert "1,900" in drawn
    happenings = [Happening(datetime.date(2026, 12, 15), "Hearing", expected=True)]
    assert '<li class="next">' in draw("{% include 'parts/timeline.html' %}", happenings=happenings)
    answers = [Answer("Amount", "€60.00", "/change/", "the amount")]
    assert '<span class="vh"> the amount</span>' in draw(
        "{% include 'parts/summary.html' %}", answers=answers
    )
