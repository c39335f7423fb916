"""Erasing on the pages: what is in the way, two people, the result; and every page without the person."""

import json
import re
import uuid
from collections.abc import Iterator

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actions.access import grant_access, issue_token
from accounts.actions.handing_out import export_person
from accounts.approvals import NeedsSecondPerson
from accounts.models import Approval, Erasure, LegalHold
from accounts.permissions import ROLES
from audit.models import ReadSubject
from tests import people
from tests.accounts.erasing import erase
from tests.treasury.world import AT
from tests.web.desk import Desk, send, signed_in, words
from treasury.actions.claims import reject_claim
from treasury.kinds import ReasonCode
from vault import keys

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return Desk.made()


def _agree(desk: Desk, kind: str) -> str:
    asked = Approval.objects.get(kind=kind, state="asked")
    page = send(signed_in(desk.second), "desk:approval-decide", asked.pk, answer="yes")
    assert "You agreed" in words(page)
    return f"?approval={asked.pk}"


def test_two_people_erase_a_client_on_the_pages(desk: Desk) -> None:
    subject = desk.case.client_id
    assert desk.who_enters("desk:subject", subject) == {"second-officer", "administrator"}
    browser = signed_in(desk.administrator)
    found = browser.get(reverse("desk:retention"), {"who": desk.case.reference}, follow=True)
    assert "Nothing stands in the way" in words(found)
    assert "Nobody is called that" in words(browser.get(reverse("desk:retention"), {"who": "Алена"}))
    asked = send(browser, "desk:erase", subject, basis="asked")
    assert "Waits for a colleague" in words(asked)
    waiting = words(signed_in(desk.second).get(reverse("desk:approvals")))
    assert desk.case.client.code_name in waiting
    assert "The person asked for it" in waiting
    done = send(browser, "desk:erase", subject, query=_agree(desk, "erasure"), basis="asked")
    assert "What that does not reach stands below" in words(done)
    assert "Backups of the key store are kept for 7 days" in words(done)
    assert not keys.exists(subject)
    # The sweep needs a moment without this test's transaction: the page offers to go on.
    left = Erasure.objects.get(subject_id=subject)
    assert left.state == Erasure.State.EMPTIED
    assert "Go on with it" in words(done)
    assert send(browser, "desk:erasure-go-on", left.pk).status_code == 200
    for page in ("desk:erase", "desk:hold"):  # nobody is asked to do again what was done
        again = browser.get(reverse(page, args=[subject]))
        assert (again.status_code, again["Location"]) == (302, reverse("desk:subject", args=[subject]))
    table = words(browser.get(reverse("desk:retention")))
    assert "An erasure was broken off" in table
    assert "Каваленка" not in table


def test_a_hold_is_put_and_lifted_by_two_people(desk: Desk) -> None:
    subject, browser = desk.case.client_id, signed_in(desk.administrator)
    send(browser, "desk:hold", subject, reason="A complaint is pending")
    send(browser, "desk:hold", subject, query=_agree(desk, "hold.put"), reason="A complaint is pending")
    held = LegalHold.objects.get(subject_id=subject)
    page = words(browser.get(reverse("desk:subject", args=[subject])))
    assert "Cannot be erased yet" in page
    assert "A complaint is pending" in page
    assert "A complaint" not in words(browser.get(reverse("desk:retention")))
    send(browser, "desk:hold-lift", held.pk)
    send(browser, "desk:hold-lift", held.pk, query=_agree(desk, "hold.lift"))
    assert not LegalHold.objects.live().exists()


def test_a_person_gets_a_copy_and_the_reading_is_recorded(desk: Desk) -> None:
    subject, browser = desk.case.client_id, signed_in(desk.administrator)
    with pytest.raises(NeedsSecondPerson):
        export_person(subject_id=subject, by=desk.administrator, at=AT)
    send(browser, "desk:person-export", subject)
    answer = send(browser, "desk:person-export", subject, query=_agree(desk, "person-export"))
    assert answer["Content-Disposition"] == 'attachment; filename="copy.json"'
    copied = json.loads(answer.content)
    assert copied["tables"]["cases.Client"][0]["name"] == "Каваленка Алена"
    assert copied["tables"]["cases.Case"][0]["reference"] == desk.case.reference
    assert copied["earlier_values"][0]["values"]["contacts"] == "sister"
    assert ReadSubject.objects.filter(
        subject_id=subject, read__purpose="desk:person-export", fields__contains="client.name"
    ).exists()
    again = send(browser, "desk:person-export", subject)
    assert "Waits for a colleague" in words(again)  # one approval, one copy


def test_every_page_and_answer_goes_on_without_the_person(desk: Desk) -> None:
    """All addresses of desk and API with every id there is, once the people behind them are erased."""
    everything = people.person("quince", *ROLES)
    gone = people.coordinator("hazel")
    claim = desk.world.claim(5_000)
    now = timezone.now()
    grant_access(user=everything, object_kind="case", object_id=desk.case.pk, by=desk.second, at=now)
    reject_claim(claim=claim, reason_code=ReasonCode.WRONG_AMOUNT, by=desk.second, at=AT)
    scopes = ["cases.see", "cases.work", "claims.see", "money.see", "money.pay", "audit.see"]
    _token, text = issue_token(user=everything, scopes=scopes, by=everything, at=now)
    ids = {
        "cases": [desk.case.pk],
        "clients": [desk.case.client_id],
        "claims": [claim.pk],
        "payees": [claim.payee_id],
        "people": [gone.pk],
        "subject": [desk.case.client_id, claim.payee_id, gone.pk],
    }
    for subject in (desk.case.client_id, claim.payee_id, gone.pk):
        erase(subject, desk.administrator, desk.second, AT)
    browser, shown, asked = signed_in(everything), set(), 0
    for address in _every_address(ids):
        answer = browser.get(address, headers={"Authorization": f"Bearer {text}"})
        asked += 1
        assert answer.status_code < 500, address
        if b"erased" in b"".join(answer) and answer.status_code == 200:
            shown.add(address.partition("?")[0])
    assert asked > 100
    assert reverse("desk:case", args=[desk.case.pk]) in shown
    assert reverse("desk:payee", args=[claim.payee_id]) in shown
    assert reverse("desk:member", args=[gone.pk]) in shown
    assert f"/api/v1/clients/{desk.case.client_id}/" in shown
    assert f"/api/v1/payees/{claim.payee_id}/" in shown


def _every_address(ids: dict[str, list[uuid.UUID]]) -> Iterator[str]:
    """Addresses of the rooms where people are shown, with the ids that belong there."""
    from django.urls import URLResolver, get_resolver

    def walk(patterns: list, begin: str) -> Iterator[str]:
        for pattern in patterns:
            path = begin + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                yield from walk(pattern.url_patterns, path)
            elif path.startswith(("desk/", "api/")) and path != "api/v1/schema/":
                yield path  # the schema is a description, about nobody

    opened = {
        "desk/money/payees/<uuid:pk>/": "?open=payee",
        "desk/money/payees/": "?names=1",
        "api/v1/clients/<uuid:key>/": "?names=true",
        "api/v1/payees/<uuid:key>/": "?names=true",
    }
    for path in walk(get_resolver().url_patterns, ""):
        if "<" not in path:
            yield f"/{path}{opened.get(path, '')}"
        elif set(re.findall(r"<(\w+):", path)) == {"uuid"} and "<" not in path.split("/<uuid", 1)[0]:
            room_name = path.split("/<uuid", 1)[0].rsplit("/", 1)[-1]
            for one in ids.get(room_name, []):
                yield "/" + re.sub(r"<uuid:\w+>", str(one), path) + opened.get(path, "")
