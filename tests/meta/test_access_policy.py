"""One access policy, written down once more in plain Python, against what the program really answers.

Random histories (access given, ended and run out, roles changed, teams, broken glass, people cut off, cases
closed, non-disclosures signed and ended), then the list, the page, the search, the history, who opened it,
the file of a voucher, its claim, the copy for the person, what may still be written down, the rooms of each
role, and the API are compared with the policy.
``ACCESS_EXAMPLES=200`` makes a long run.
"""

import datetime
import hashlib
import itertools
import os
import uuid
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.actions.access import end_access, grant_access, issue_token
from accounts.actions.cutting import cut_off
from accounts.actions.glass import OpenAlready, break_glass
from accounts.actions.people import end_role
from accounts.actions.teams import InTeam, add_team, end_team_access, grant_team, join_team, leave_team
from accounts.models import Grant, RoleGrant, Team, TeamGrant, TeamMember, User
from cases.actions.intake import receive_case
from cases.actions.papers import end_nondisclosure, record_nondisclosure
from cases.actions.reference import load_reference
from cases.actions.status import change_status, close_case
from cases.intake.facts import Intake
from cases.kinds import CaseStatus, ClosingReason, Confidentiality, Relation
from cases.models import Case, Contact, NonDisclosure
from cases.papers import BoundBy, Way
from cases.voucher_sight import vouchers_open_to
from tests import people
from treasury.actions.claims import enter_claim
from treasury.actions.payees import add_payee
from treasury.kinds import Category, PayeeKind, VoucherKind
from treasury.models import VoucherFile
from vault import files
from vault.cleaning.kinds import FileType

EXAMPLES = int(os.environ.get("ACCESS_EXAMPLES", "6"))
ROLES = ("coordinator", "second-officer", "auditor", "treasurer", "administrator", "lawyer")
USERS, CASES = range(3), range(3)
WORKS = {"coordinator", "second-officer"}
EXPORTS = {"administrator", "second-officer"}
VOUCHER_SCOPES = ("cases.work", "claims.enter", "claims.see", "money.see", "money.pay", "money.approve")
MONEY = {"treasurer", "second-officer"}
# Rooms that a role opens by itself, whatever the case.
ROOMS = {
    "desk:reports": MONEY | {"auditor"},
    "desk:money": MONEY | {"auditor"},
    "desk:reconciliation": MONEY | {"auditor"},
    "desk:payment-file": MONEY | {"auditor"},
    "desk:donations": {"treasurer", "auditor"},
    "desk:archives": {"auditor"},
    "desk:samples": {"auditor", "second-officer", "treasurer", "coordinator"},
    "desk:trials": {"coordinator", "second-officer", "auditor"},
    "desk:lawyers": WORKS,
    "desk:people": EXPORTS,
    "desk:teams": EXPORTS,
    "desk:retention": EXPORTS | {"auditor"},
    "desk:lockdown": EXPORTS,
}
_numbers = itertools.count()

users, cases = st.sampled_from(USERS), st.sampled_from(CASES)
STEPS = st.one_of(
    st.tuples(st.just("grant"), users, cases, st.integers(1, 48)),
    st.tuples(st.just("end"), users, cases),
    st.tuples(st.just("glass"), users, cases),
    st.tuples(st.just("later"), st.integers(1, 30)),
    st.tuples(st.just("role"), users, st.sampled_from(ROLES)),
    st.tuples(st.just("join"), users),
    st.tuples(st.just("leave"), users),
    st.tuples(st.just("team"), cases, st.integers(1, 48)),
    st.tuples(st.just("unteam"), cases),
    st.tuples(st.just("cut"), users),
    st.tuples(st.just("close"), cases),
    st.tuples(st.just("silence"), cases),
    st.tuples(st.just("speak"), cases),
)


@dataclass
class Policy:
    """Who may see what, in words of a dictionary: the program is compared with this."""

    roles: dict[int, set[str]]
    restricted: set[int]
    now: datetime.datetime
    grants: dict[tuple[int, int], datetime.datetime] = field(default_factory=dict)
    members: set[int] = field(default_factory=set)
    shared: dict[int, datetime.datetime] = field(default_factory=dict)
    cut: set[int] = field(default_factory=set)
    silenced: set[int] = field(default_factory=set)

    def holds(self, user: int, case: int) -> bool:
        own = self.grants.get((user, case), self.now) > self.now
        return own or (user in self.members and self.shared.get(case, self.now) > self.now)

    def lists(self, user: int, case: int) -> bool:
        if user in self.cut:
            return False
        if self.roles[user] & WORKS:
            return case not in self.restricted or self.holds(user, case)
        return "auditor" in self.roles[user]

    def opens(self, user: int, case: int) -> bool:
        return user not in self.cut and bool(self.roles[user] & WORKS) and self.holds(user, case)

    def history(self, user: int, case: int) -> bool:
        if user in self.cut:
            return False
        if self.roles[user] & {"auditor", "second-officer"}:
            return self.lists(user, case)
        return self.opens(user, case)

    def voucher(self, user: int, case: int) -> bool:
        """Money's own people, and coordinators whose case it is; auditors see figures, no papers."""
        if user in self.cut:
            return False
        money = bool(self.roles[user] & MONEY)
        return money or ("coordinator" in self.roles[user] and self.opens(user, case))

    def claim(self, user: int, case: int) -> bool:
        """The figures of a claim: whoever sees money, and coordinators whose case it is."""
        if user in self.cut:
            return False
        money = bool(self.roles[user] & (MONEY | {"auditor"}))
        return money or ("coordinator" in self.roles[user] and self.opens(user, case))

    def writes(self, user: int, case: int, *, public: bool) -> bool:
        """While a non-disclosure is signed, only what is public is written down; reading goes on."""
        return self.opens(user, case) and (public or case not in self.silenced)

    def enters(self, user: int, room: str) -> bool:
        return user not in self.cut and bool(self.roles[user] & ROOMS[room])

    def export(self, user: int) -> bool:
        """Who may ask for a person's copy; two of them together get it."""
        return user not in self.cut and bool(self.roles[user] & EXPORTS)


@dataclass
class House:
    """The same in the program: real accounts, real cases, real actions."""

    policy: Policy
    users: list[User]
    cases: list[Case]
    names: list[str]
    team: Team

    def person(self, user: int) -> User:
        return User.objects.get(pk=self.users[user].pk)  # type: ignore[no-any-return]

    def step(self, step: tuple[Any, ...]) -> None:
        getattr(self, f"do_{step[0]}")(*step[1:])

    @property
    def meta(self) -> dict[str, Any]:
        return {"by": people.SETUP, "at": self.policy.now}

    def do_grant(self, user: int, case: int, hours: int) -> None:
        until = self.policy.now + datetime.timedelta(hours=hours)
        if user in self.policy.cut:
            return
        grant_access(
            user=self.person(user),
            object_kind="case",
            object_id=self.cases[case].pk,
            until=until,
            **self.meta,
        )
        self.policy.grants[user, case] = until

    def do_end(self, user: int, case: int) -> None:
        for grant in Grant.objects.filter(
            user=self.users[user], object_id=self.cases[case].pk, ended_at=None
        ):
            end_access(grant=grant, reason="over", **self.meta)
        self.policy.grants.pop((user, case), None)

    def do_glass(self, user: int, case: int) -> None:
        if user in self.policy.cut:
            return
        try:
            grant = break_glass(
                object_kind="case", object_id=self.cases[case].pk, reason="now",
                by=self.person(user), at=self.policy.now,
            )  # fmt: skip
        except OpenAlready:
            return
        self.policy.grants[user, case] = grant.until

    def do_later(self, hours: int) -> None:
        self.policy.now += datetime.timedelta(hours=hours)

    def do_role(self, user: int, role: str) -> None:
        held = RoleGrant.objects.filter(user=self.users[user], role=role, ended_at=None).first()
        if held is not None:
            end_role(role_grant=held, **self.meta)
        else:
            people._roles(user=self.users[user], roles=(role,), **self.meta)
        self.policy.roles[user] ^= {role}

    def do_join(self, user: int) -> None:
        if user in self.policy.cut:
            return
        try:
            join_team(team=self.team, user=self.person(user), **self.meta)
        except InTeam:
            return
        self.policy.members.add(user)

    def do_leave(self, user: int) -> None:
        for member in TeamMember.objects.filter(team=self.team, user=self.users[user], ended_at=None):
            leave_team(member=member, **self.meta)
        self.policy.members.discard(user)

    def do_team(self, case: int, hours: int) -> None:
        until = self.policy.now + datetime.timedelta(hours=hours)
        grant_team(
            team=self.team, object_kind="case", object_id=self.cases[case].pk, reason="shared", until=until,
            **self.meta,
        )  # fmt: skip
        self.policy.shared[case] = until

    def do_unteam(self, case: int) -> None:
        for grant in TeamGrant.objects.filter(team=self.team, object_id=self.cases[case].pk, ended_at=None):
            end_team_access(grant=grant, reason="over", **self.meta)
        self.policy.shared.pop(case, None)

    def do_close(self, case: int) -> None:
        """A closed case is as open or shut to each as before, a restricted one too."""
        row = Case.objects.get(pk=self.cases[case].pk)
        if row.status == CaseStatus.CLOSED:
            return
        change_status(case=row, to=CaseStatus.ELIGIBLE, **self.meta)
        close_case(case=row, reason=ClosingReason.ENDED, **self.meta)

    def do_silence(self, case: int) -> None:
        if case in self.policy.silenced:
            return
        day = self.policy.now.date()
        record_nondisclosure(case=self.cases[case], bound=BoundBy.COUNSEL, signed_on=day, **self.meta)
        self.policy.silenced.add(case)

    def do_speak(self, case: int) -> None:
        for row in NonDisclosure.objects.filter(case=self.cases[case], ended_on=None):
            end_nondisclosure(nondisclosure=row, ended_on=self.policy.now.date(), **self.meta)
        self.policy.silenced.discard(case)

    def do_cut(self, user: int) -> None:
        if user in self.policy.cut:
            return
        cut_off(user=self.person(user), reason="phone", **self.meta)
        self.policy.cut.add(user)
        self.policy.members.discard(user)
        self.policy.grants = {key: until for key, until in self.policy.grants.items() if key[0] != user}


def _surname() -> str:
    """Twelve letters that nobody else bears."""
    return "".join("абвгдежзклмнпрст"[int(digit, 16)] for digit in uuid.uuid4().hex[:12]).title()


def house(now: datetime.datetime) -> House:
    mark = next(_numbers)
    staff = [people.person(f"u{mark}-{n}", ROLES[n]) for n in USERS]
    owner = people.coordinator(f"owner-{mark}")
    names = [f"{_surname()} Янка" for _n in CASES]
    made = [
        receive_case(
            intake=Intake(
                name=names[n],
                contacts="sister",
                confidentiality=Confidentiality.RESTRICTED if n == 2 else Confidentiality.NORMAL,
            ),
            by=owner,
            at=now,
        )
        for n in CASES
    ]
    team = add_team(name=f"team {mark}", by=people.SETUP, at=now)
    policy = Policy({n: {ROLES[n]} for n in USERS}, {2}, now)
    return House(policy, staff, made, names, team)


def differences(house: House) -> list[str]:
    """Lists as the rooms ask for them, for everybody and every case: two queries for each person."""
    found = []
    ids = [case.pk for case in house.cases]
    for user in USERS:
        person, now = house.person(user), house.policy.now
        rows = {
            row.pk: row
            for row in Case.objects.filter(pk__in=ids).visible_to(person, now).for_list(person, now)
        }
        opened = set(Case.objects.open_to(person, now).filter(pk__in=ids).values_list("pk", flat=True))
        for case in CASES:
            key = ids[case]
            said = (key in rows, key in opened, key in rows and rows[key].names_open)
            wanted = (house.policy.lists(user, case), house.policy.opens(user, case))
            if said[:2] != wanted or said[2] != (wanted[0] and wanted[1]):
                found.append(f"user {user} case {case}: {said} instead of {wanted}")
    return found


def voucher_of(house: House, case: int) -> VoucherFile:
    """A claim on the case by its owner, with a file."""
    owner = people.coordinator(f"clerk-{next(_numbers)}")
    words = {"by": owner, "at": house.policy.now}
    paper = f"invoice {uuid.uuid4()}".encode()
    digest = hashlib.sha256(paper).hexdigest()
    payee = add_payee(kind=PayeeKind.COUNSEL, name="Invented Лоер", country="lt", **words)
    claim = enter_claim(
        payee=payee, voucher_kind=VoucherKind.INVOICE, invoiced_on=house.policy.now.date(), amount_minor=100,
        category=Category.FEE, case_id=house.cases[case].pk,
        voucher=files.Cleaned(FileType.TEXT, paper, digest, digest), **words,
    )  # fmt: skip
    return VoucherFile.objects.get(claim=claim)


def pages(house: House, user: int, case: int) -> dict[str, bool]:
    """What somebody gets who asks every door for this case: is it there, is the name in it."""
    person, row, name = house.person(user), house.cases[case], house.names[case]
    browser = Client()
    if person.is_active:
        browser.force_login(person)
    detail = browser.get(reverse("desk:case", args=[row.pk]))
    court = browser.get(reverse("desk:case-court", args=[row.pk]))
    history = browser.get(reverse("desk:case-history", args=[row.pk]))
    opened = browser.get(reverse("desk:case-opened", args=[row.pk]))
    listed = browser.get(reverse("desk:cases"), {"view": "all", "order": "newest"})
    paper = voucher_of(house, case)
    voucher = browser.get(reverse("desk:voucher", args=[paper.pk]))
    claim = browser.get(reverse("desk:claim", args=[paper.claim_id]))
    copy = browser.get(reverse("desk:person-export", args=[row.client_id]))
    searched = browser.post(reverse("desk:cases"), {"q": name.split()[0]})
    answer = {
        "detail": detail.status_code == 200,
        "detail name": name in detail.content.decode(),
        "court": court.status_code == 200,
        "history": history.status_code == 200,
        "opened": opened.status_code == 200,
        "list": row.reference in listed.content.decode(),
        "list name": name in listed.content.decode(),
        "search name": name in searched.content.decode(),
        "voucher": voucher.status_code == 200 and b"invoice" in b"".join(voucher.streaming_content),
        "export": copy.status_code == 200,
        "claim": claim.status_code == 200,
        "talk": writes(browser, row, house.policy.now, public=False),
        "public talk": writes(browser, row, house.policy.now, public=True),
    }
    rooms = {room: browser.get(reverse(room)).status_code == 200 for room in ROOMS}
    return answer | rooms | machine(person, row, name) | {"api voucher": by_token(person, paper)}


def by_token(person: User, paper: VoucherFile) -> bool:
    """Whether a machine gets the file of a voucher for this person."""
    scopes = [scope for scope in VOUCHER_SCOPES if person.has(scope)]
    if not scopes:
        return False
    _token, text = issue_token(user=person, scopes=scopes, by=person, at=timezone.now())
    caller = Client(headers={"authorization": f"Bearer {text}"})
    answer = caller.get(f"/api/v1/voucher-files/{paper.pk}/content/")
    return answer.status_code == 200 and b"invoice" in b"".join(answer.streaming_content)


def writes(browser: Client, case: Case, at: datetime.datetime, *, public: bool) -> bool:
    """Whether a talk about the case can be written down on its page."""
    before = Contact.objects.filter(case=case).count()
    said: dict[str, Any] = {
        "once": uuid.uuid4().hex, "day": at.date().isoformat(), "way": Way.OTHER.value,
        "relation": Relation.SIBLING.value, "said": "she asked",
    }  # fmt: skip
    browser.post(reverse("desk:case-contact", args=[case.pk]), said | ({"is_public": "on"} if public else {}))
    return bool(Contact.objects.filter(case=case).count() > before)


def machine(person: User, row: Case, name: str) -> dict[str, bool]:
    """The same through the API, with a token that carries all it can."""
    scopes = [scope for scope in ("cases.see", "cases.work") if person.has(scope)]
    if not scopes:
        return {"api": False, "api name": False, "api client": False}
    _token, text = issue_token(user=person, scopes=scopes, by=person, at=timezone.now())
    caller = Client(headers={"authorization": f"Bearer {text}"})
    one = caller.get(f"/api/v1/cases/{row.pk}/", {"names": "true"})
    client = caller.get(f"/api/v1/clients/{row.client_id}/")
    if EXAMPLES < 20:  # of a long run the list has more than one page
        everybody = caller.get("/api/v1/cases/", {"names": "true", "limit": "100"})
        assert (name in one.content.decode()) == (name in everybody.content.decode())
    return {
        "api": one.status_code == 200,
        "api name": name in one.json().values() or name in one.content.decode(),
        "api client": client.status_code == 200,
    }


def wanted(policy: Policy, user: int, case: int) -> dict[str, bool]:
    lists, opens = policy.lists(user, case), policy.opens(user, case)
    api = lists
    return {
        "detail": lists,
        "detail name": opens,
        "court": opens,
        "history": policy.history(user, case),
        "opened": policy.history(user, case),
        "list": lists,
        "list name": opens,
        "search name": opens,
        "voucher": policy.voucher(user, case),
        "export": policy.export(user),
        "claim": policy.claim(user, case),
        "api voucher": policy.voucher(user, case),
        "talk": policy.writes(user, case, public=False),
        "public talk": policy.writes(user, case, public=True),
        **{room: policy.enters(user, room) for room in ROOMS},
        "api": api,
        "api name": opens,
        "api client": opens,
    }


@pytest.fixture
def clock(db: None, monkeypatch: pytest.MonkeyPatch) -> list[datetime.datetime]:
    now = [datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)]
    monkeypatch.setattr(timezone, "now", lambda: now[0])
    load_reference(by=people.SETUP, at=now[0])
    return now


@pytest.mark.long
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(st.lists(STEPS, min_size=4, max_size=12), users, cases)
def test_every_door_answers_as_the_policy_says(
    clock: list[datetime.datetime], steps: list[tuple[Any, ...]], user: int, case: int
) -> None:
    cache.clear()
    clock[0] = datetime.datetime(2026, 3, 2, 9, 30, tzinfo=datetime.UTC)
    place = house(clock[0])
    for step in steps:
        place.step(step)
        clock[0] = place.policy.now
        assert differences(place) == [], step
    assert pages(place, user, case) == wanted(place.policy, user, case)


def test_the_comparison_sees_a_hole(clock: list[datetime.datetime], monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: a list that forgets that grants run out is found out at once."""
    place = house(clock[0])
    place.do_grant(0, 2, 1)
    place.do_later(2)
    clock[0] = place.policy.now
    assert differences(place) == []
    assert pages(place, 0, 2) == wanted(place.policy, 0, 2)
    from cases.models import case_lists

    began = place.policy.now - datetime.timedelta(hours=2)
    really = case_lists.held
    monkeypatch.setattr(case_lists, "held", lambda user, kind, at: really(user, kind, began))
    assert differences(place) != []
    assert pages(place, 0, 2) != wanted(place.policy, 0, 2)


def test_the_comparison_hears_what_must_not_be_written(
    clock: list[datetime.datetime], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The mutants: pages that forget a signed non-disclosure differ; and then the database still refuses."""
    place = house(clock[0])
    place.do_grant(0, 0, 9)
    place.do_silence(0)
    assert pages(place, 0, 0) == wanted(place.policy, 0, 0)
    place.policy.silenced.clear()
    assert pages(place, 0, 0) != wanted(place.policy, 0, 0)
    monkeypatch.setattr("cases.actions.papers.is_silenced", lambda _case: False)
    with pytest.raises(IntegrityError, match="bound to silence"):
        pages(place, 0, 0)


def test_roles_held_together_open_no_more_than_each(clock: list[datetime.datetime]) -> None:
    """An auditor sees every figure, whoever enters claims opens the papers of their cases; both: no more."""
    place = house(clock[0])
    paper = voucher_of(place, 2)

    def opens() -> bool:
        return bool(vouchers_open_to(place.person(0), clock[0]).filter(pk=paper.pk).exists())

    place.do_role(0, "auditor")
    browser = Client()
    browser.force_login(place.person(0))
    assert browser.get(reverse("desk:claim", args=[paper.claim_id])).status_code == 200
    assert browser.get(reverse("desk:voucher", args=[paper.pk])).status_code == 404
    assert not opens()
    place.do_grant(0, 2, 9)
    assert opens()
