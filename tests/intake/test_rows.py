"""Rows of the three kinds of list, one by one and by the thousand."""

from datetime import date

import pytest

from cases.intake.known_trial_rows import KNOWN_TRIAL_COLUMNS, KnownTrialRow, check_known_trials
from cases.intake.prisoner_rows import LONGEST, PRISONER_COLUMNS, PrisonerRow, check_prisoners
from cases.reference.load import court_names
from lawyers.intake.lawyer_rows import LAWYER_COLUMNS, LawyerRow, check_lawyers
from lawyers.intake.problems import MESSAGES, RowProblem
from lawyers.intake.tables import read_table
from tests.generators.prisoner_list import HEADER, TODAY, make_list

GOOD = {
    "name": "Хадкевіч Юрый Паўлавіч", "name_latin": "Yury Khadkevich", "born_on": "1987-05",
    "articles": "342 ч. 1, 361-2", "court": "суд Заводского района г. Минска", "judge": "Листопадова Н. Б.",
    "sentence": "5 лет колонии", "place_of_detention": "ИК-1", "detained_on": "2024-01-10",
    "first_hearing_on": "2024-03-02", "status": "осуждён",
}  # fmt: skip


def prisoners(*lines: dict[str, str], header: dict[str, str] = GOOD) -> list[PrisonerRow | list[RowProblem]]:
    text = "\n".join(
        "\t".join(line.get(key, "") for key in header) for line in ({key: key for key in header}, *lines)
    )
    return list(
        check_prisoners(read_table(text.encode(), PRISONER_COLUMNS), courts=court_names(), today=TODAY)
    )


def codes(outcome: object) -> list[tuple[str, str]]:
    assert isinstance(outcome, list)
    return [(problem.column, problem.code) for problem in outcome]


def test_a_good_row_is_read_whole() -> None:
    (row,) = prisoners(GOOD)
    assert isinstance(row, PrisonerRow)
    assert (row.row, row.court, row.status) == (2, "by-minsk-city-zavodski", "convicted")
    assert row.born is not None
    assert str(row.born) == "1987-05"
    assert [article.number for article in row.articles] == ["342", "361-2"]
    assert row.sentence is not None
    assert row.sentence.months == 60


@pytest.mark.parametrize(
    ("cells", "column", "code"),
    [
        ({"name": "", "name_latin": ""}, "name", "name-missing"),
        ({"born_on": "1987-02-30"}, "born_on", "birth-date-impossible"),
        ({"born_on": "2026-06-02"}, "born_on", "birth-date-in-future"),
        ({"articles": "342 ч."}, "articles", "article-not-understood"),
        ({"court": "суд Заречного района"}, "court", "court-unknown"),
        ({"sentence": "много"}, "sentence", "sentence-not-understood"),
        ({"first_hearing_on": "2024-01-09"}, "first_hearing_on", "dates-out-of-order"),
        ({"born_on": "2025"}, "detained_on", "dates-out-of-order"),
        ({"judge": "x" * (LONGEST["judge"] + 1)}, "judge", "too-long"),
        ({"name": "Хaдкевіч Юрый"}, "name", "broken-text"),
        ({"judge": "Л\ufffdст"}, "judge", "broken-text"),
        ({"detained_on": "вчера"}, "detained_on", "date-not-understood"),
        ({"status": "хз"}, "status", "status-unknown"),
    ],
)
def test_each_fault_has_its_code_and_column(cells: dict[str, str], column: str, code: str) -> None:
    (outcome,) = prisoners(GOOD | cells)
    assert codes(outcome) == [(column, code)]


def test_an_alias_alone_is_enough_and_unknown_cells_stay_unknown() -> None:
    (row,) = prisoners({"alias": "Лясун"}, header={"alias": "", "born_on": "", "court": "", "sentence": ""})
    assert isinstance(row, PrisonerRow)
    assert (row.alias, row.born, row.court, row.sentence, row.articles, row.status) == (
        "Лясун",
        None,
        "",
        None,
        (),
        "",
    )


def test_all_faults_of_a_row_are_told_at_once() -> None:
    (outcome,) = prisoners(GOOD | {"name": "", "name_latin": "", "court": "x", "sentence": "y"})
    assert {code for _, code in codes(outcome)} == {
        "name-missing",
        "court-unknown",
        "sentence-not-understood",
    }


def test_a_repeated_person_is_noticed_and_a_namesake_is_not() -> None:
    first, again, namesake = prisoners(
        GOOD, GOOD | {"name": "ХАДКЕВІЧ  Юрый паўлавіч"}, GOOD | {"born_on": "1961"}
    )
    assert isinstance(first, PrisonerRow)
    assert isinstance(namesake, PrisonerRow)
    assert codes(again) == [("name", "duplicate-row")]


def test_a_bad_row_does_not_make_its_corrected_repeat_a_duplicate() -> None:
    bad, good = prisoners(GOOD | {"court": "x"}, GOOD)
    assert codes(bad) == [("court", "court-unknown")]
    assert isinstance(good, PrisonerRow)


def test_no_message_repeats_a_cell() -> None:
    secret = "Ѣзёрка"
    (outcome,) = prisoners(dict.fromkeys(GOOD, secret * 200))
    assert isinstance(outcome, list)
    assert len(outcome) > 5
    assert not any(secret in f"{problem.message} {problem!r}" for problem in outcome)


def test_every_problem_has_words_that_say_what_to_do() -> None:
    assert all(str(message).count(".") >= 1 and "%" not in str(message) for message in MESSAGES.values())
    with pytest.raises(KeyError):
        RowProblem.of(2, "name", "no-such-code")


@pytest.mark.parametrize(("encoding", "delimiter"), [("utf-8-sig", ","), ("utf-8", ";"), ("utf-8", "\t")])
def test_exactly_the_faults_put_in_are_found(encoding: str, delimiter: str) -> None:
    made = make_list(rows=1200, bad=30, seed=7)
    table = read_table(made.csv_bytes(encoding=encoding, delimiter=delimiter), PRISONER_COLUMNS)
    outcomes = list(check_prisoners(table, courts=court_names(), today=TODAY))
    found = [(p.row, p.column, p.code) for outcome in outcomes if isinstance(outcome, list) for p in outcome]
    assert found == [(fault.row, fault.column, fault.code) for fault in made.faults]
    assert len({code for _, _, code in found}) == 11
    assert sum(isinstance(outcome, PrisonerRow) for outcome in outcomes) == 1170


def test_the_generator_repeats_itself_by_seed() -> None:
    assert make_list(rows=60, bad=11, seed=1) == make_list(rows=60, bad=11, seed=1)
    assert make_list(rows=60, bad=11, seed=1) != make_list(rows=60, bad=11, seed=2)
    assert len(HEADER) == len(PRISONER_COLUMNS)
    with pytest.raises(ValueError, match="fewer"):
        make_list(rows=3, bad=3)


def known_trials(*lines: str) -> list[KnownTrialRow | list[RowProblem]]:
    text = "\n".join(("id;суд;дата;статьи;обвиняемых;источник", *lines))
    table = read_table(text.encode(), KNOWN_TRIAL_COLUMNS)
    return list(check_known_trials(table, courts=court_names(), today=TODAY))


TRIAL = "V-1;Минский городской суд;2026-06-10;342 ч. 1;3;monitor"


def test_a_known_trial_is_read() -> None:
    (row,) = known_trials(TRIAL)
    assert isinstance(row, KnownTrialRow)
    assert (row.court, str(row.starts), row.defendants, row.source_key) == (
        "by-minsk-city",
        "2026-06-10",
        3,
        "V-1",
    )


@pytest.mark.parametrize(
    ("old", "new", "column", "code"),
    [
        ("Минский городской суд", "", "court", "court-missing"),
        ("Минский городской суд", "Атлантида", "court", "court-unknown"),
        ("2026-06-10", "", "starts_on", "date-not-understood"),
        ("2026-06-10", "2062-06-10", "starts_on", "date-too-far-ahead"),
        ("342 ч. 1", "", "articles", "article-missing"),
        ("342 ч. 1", "речь", "articles", "article-not-understood"),
        (";3;", ";0;", "defendants", "number-not-understood"),
        (";3;", ";трое;", "defendants", "number-not-understood"),
        (";monitor", ";", "source", "source-missing"),
        (";monitor", ";monitor;x", "", "column-count"),
    ],
)
def test_faults_of_known_trials(old: str, new: str, column: str, code: str) -> None:
    (outcome,) = known_trials(TRIAL.replace(old, new))
    assert codes(outcome) == [(column, code)]


def test_a_monitors_own_number_is_taken_once_and_trials_without_one_are_all_taken() -> None:
    first, again = known_trials(TRIAL, TRIAL)
    assert isinstance(first, KnownTrialRow)
    assert codes(again) == [("source_key", "duplicate-row")]
    assert all(isinstance(row, KnownTrialRow) for row in known_trials(TRIAL[3:], TRIAL[3:]))


def lawyers(*lines: str) -> list[LawyerRow | list[RowProblem]]:
    head = (
        "name;bar;licence;licence from;licence until;languages;regions;competence;capacity;per week;channel"
    )
    return list(check_lawyers(read_table("\n".join((head, *lines)).encode(), LAWYER_COLUMNS), today=TODAY))


LAWYER = "Рудчык Ганна;Minsk City;active;2015;2027;be, ru;Минск, гомель;protest|speech;10;2;relay"


def test_a_lawyer_is_read() -> None:
    (row,) = lawyers(LAWYER)
    assert isinstance(row, LawyerRow)
    assert (row.languages, row.regions, row.families) == (
        ("be", "ru"),
        ("minsk-city", "homel"),
        ("protest", "speech"),
    )
    assert (row.licence_status, row.most_open, row.new_per_week, row.channel) == ("active", 10, 2, "relay")


def test_an_empty_cell_of_a_lawyer_means_unknown() -> None:
    (row,) = lawyers("Рудчык Ганна;;;;;;;;;;")
    assert isinstance(row, LawyerRow)
    assert (row.licence_status, row.licence_from, row.regions, row.most_open, row.channel) == (
        "",
        None,
        (),
        None,
        "",
    )


@pytest.mark.parametrize(
    ("old", "new", "column", "code"),
    [
        ("Рудчык Ганна", "", "name", "name-missing"),
        ("active", "кто знает", "licence_status", "value-unknown"),
        ("2015", "2029", "licence_from", "dates-out-of-order"),
        ("2027", "2014", "licence_from", "dates-out-of-order"),
        ("be, ru", "be, qq", "languages", "value-unknown"),
        ("гомель", "Атлантида", "regions", "value-unknown"),
        (";10;", ";-1;", "most_open", "number-not-understood"),
        (";10;", ";9999;", "most_open", "number-not-understood"),
        ("relay", "telepathy", "channel", "value-unknown"),
        ("Рудчык", "Рyдчык", "name", "broken-text"),
    ],
)
def test_faults_of_lawyers(old: str, new: str, column: str, code: str) -> None:
    (outcome,) = lawyers(LAWYER.replace(old, new))
    assert codes(outcome) == [(column, code)]


def test_a_lawyer_twice_in_one_bar_is_a_duplicate() -> None:
    _, again, other_bar = lawyers(LAWYER, LAWYER, LAWYER.replace("Minsk City", "Brest"))
    assert codes(again) == [("name", "duplicate-row")]
    assert isinstance(other_bar, LawyerRow)


def test_today_is_what_the_caller_says() -> None:
    text = "name\tborn_on\nХадкевіч Юрый\t2001-01-01\n"
    table = read_table(text.encode(), PRISONER_COLUMNS)
    (outcome,) = check_prisoners(table, courts=court_names(), today=date(2000, 1, 1))
    assert codes(outcome) == [("born_on", "birth-date-in-future")]
