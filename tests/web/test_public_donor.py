"""A donor's whole way over the pages: giving with an address, signing in, papers, a copy, erasing oneself."""

import io
import json
import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from accounts.models import Erasure, Mail
from accounts.outbox import posting, sending
from audit.models import Event, ReadSubject
from donations import donors
from donations.models import Donation, Donor, DonorSession, Receipt, RecurringDonation, SignInCode
from donations.sandbox.server import Sandbox
from tests import people
from tests.web import visitors
from tests.web.desk import send as send_form
from tests.web.desk import signed_in, words
from tests.web.visitors import _no_kept_figures, general, sandbox, text_of
from treasury.models import Fund
from vault import keys
from vault.models import IndexEntry

__all__ = ["_no_kept_figures", "general", "sandbox"]
pytestmark = pytest.mark.django_db
ADDRESS = "juniper.quill@example.org"
CODE = re.compile(r"^([A-Z2-9]{4}-[A-Z2-9]{4})$", re.MULTILINE)


def send() -> None:
    sending.send_due(at=timezone.now())


def sign_in(address: str = ADDRESS, language: str = "en") -> Client:
    client = Client()
    asked = client.post(f"/{language}/my/sign-in/", {"email": address})
    send()
    code = CODE.findall(mail.outbox[-1].body)[0]
    entered = client.post(asked["Location"], {"code": code.lower().replace("-", " ")})
    assert entered.status_code == 303, text_of(entered)
    return client


def token(page: Any) -> str:
    found = re.search(r'name="once" value="([^"]+)"', text_of(page))
    assert found
    return found[1]


def pdf(response: Any) -> str:
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == 'attachment; filename="document.pdf"'
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(response.content)).pages)


def test_a_donor_gives_signs_in_takes_papers_and_erases_themself(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    donation, _sent = visitors.give(
        client, level="in-touch", email=ADDRESS, amount="50", rhythm="monthly", language="en"
    )
    assert not mail.outbox, "nothing is written before it is paid"
    visitors.pay(client, sandbox, donation)
    send()
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("You have a message", [ADDRESS])
    assert "50" not in letter.body.replace("http://127.0.0.1:8000", "")
    assert "gift" not in letter.body.lower() + letter.subject.lower()
    donor = Donor.objects.get()

    browser = sign_in()
    cookie = browser.cookies["m"]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", "")
    assert not DonorSession.objects.filter(digest=cookie.value).exists(), "only a digest is kept"
    home = browser.get("/en/my/")
    assert "sealed under a key of your own" in text_of(home)
    page = browser.get(f"/en/my/gifts/{donation.pk}/")
    once = token(page)
    receipt = pdf(browser.post(f"/en/my/gifts/{donation.pk}/", {"do": "receipt", "once": once}))
    assert Receipt.objects.get().number in receipt
    assert "50.00 EUR" in receipt
    assert "Abarona" not in receipt
    year = donation.given_on.year
    assert "50.00 EUR" in pdf(browser.post(f"/en/my/statements/{year}/", {"once": once, "as": "pdf"}))
    _sees_the_year(browser, f"/en/my/statements/{year}/", once)
    assert browser.post("/en/my/statements/1999/", {"once": once}).status_code == 404

    _changes_and_copies(browser, donation, donor, once)
    _pauses_and_chooses_a_level(browser, donation, donor, once)
    _stops_one_of_two(browser, client, sandbox, once)
    _erases_themself(browser, donation, donor, once)


def _sees_the_year(browser: Client, address: str, once: str) -> None:
    assert f'href="{address}"' in text_of(browser.get("/en/my/"))
    page = text_of(browser.get(address))
    taken = browser.post(address, {"once": once, "as": "json"})
    [gift] = json.loads(taken.content)["gifts"]
    assert (gift["came_minor"], gift["stayed_minor"], gift["changes"]) == (5_000, 5_000, [])
    assert f'data-label="Record">{gift["event"]}</td>' in page
    assert Event.objects.get(seq=gift["event"]).kind in ("gift.observed", "gifts.observed", "gift.by_mandate")
    assert browser.get("/en/my/statements/1999/").status_code == 404
    assert Client().get(address).status_code == 303


def _changes_and_copies(browser: Client, donation: Donation, donor: Donor, once: str) -> None:
    changed = {"do": "change", "amount": "20", "once": once}
    assert browser.post(f"/en/my/gifts/{donation.pk}/", changed).status_code == 303
    assert RecurringDonation.objects.get().amount_minor == 2_000
    assert Event.objects.filter(actor_id=donor.actor_id).exists()
    copied = browser.post("/en/my/copy/", {"once": once})
    held = json.loads(copied.content)
    assert ADDRESS in copied.content.decode()
    assert {"donations.Donor", "donations.Donation", "donations.Receipt"} <= set(held["tables"])
    assert ReadSubject.objects.filter(subject_id=donor.pk, read__actor_id=donor.actor_id).exists()


def _pauses_and_chooses_a_level(browser: Client, donation: Donation, donor: Donor, once: str) -> None:
    page = f"/en/my/gifts/{donation.pk}/"
    for asked, state in (({"do": "pause", "months": "3"}, "paused"), ({"do": "resume"}, "active")):
        assert browser.post(page, {**asked, "once": once}).status_code == 303
        assert RecurringDonation.objects.get().state == state
    chosen = "/en/my/level/"
    assert browser.post(chosen, {"level": "receipt", "once": once}).status_code == 303
    assert Donor.objects.filter(level="receipt", address=None, yearly=False).exists()
    assert "cannot write to you" in text_of(browser.get("/en/my/"))
    assert donors.address_of(donor.pk) is None
    wrong = browser.post(chosen, {"level": "in-touch", "email": "sorrel@example.org", "once": once})
    assert wrong.status_code == 422
    assert "not the address you sign in with" in text_of(wrong)
    assert Donor.objects.get().level == "receipt"
    right = {"level": "in-touch", "email": ADDRESS, "once": once}
    assert browser.post(chosen, {**right, "once": "forged"}).status_code == 403
    assert browser.post(chosen, right).status_code == 303
    assert "sealed under a key of your own" in text_of(browser.get("/en/my/"))
    assert ADDRESS not in str(Donor.objects.values().get())


def _stops_one_of_two(browser: Client, client: Client, sandbox: Sandbox, once: str) -> None:
    second, _sent = visitors.give(
        client, level="in-touch", email=ADDRESS, amount="100", rhythm="monthly", language="en"
    )
    visitors.pay(client, sandbox, second)
    page = f"/en/my/gifts/{second.pk}/"
    assert browser.post(page, {"do": "stop", "once": once}).status_code == 303
    assert "Nothing more will be taken" in text_of(browser.get(page))
    states = dict(RecurringDonation.objects.values_list("amount_minor", "state"))
    assert states == {2_000: "active", 10_000: "stopped"}
    assert RecurringDonation.objects.get(state="stopped").stop_reason == "donor"


def _erases_themself(browser: Client, donation: Donation, donor: Donor, once: str) -> None:
    assert browser.post("/en/my/erase/", {"once": once}).status_code == 200
    assert keys.exists(donor.pk), "nothing goes without the box"
    done = browser.post("/en/my/erase/", {"once": once, "sure": "on"})
    assert "You are erased" in text_of(done)
    assert not keys.exists(donor.pk)
    assert not IndexEntry.objects.filter(subject_id=donor.pk).exists()
    assert {mandate.state for mandate in RecurringDonation.objects.all()} == {"stopped"}
    assert not DonorSession.objects.exists()
    assert Erasure.objects.get().basis == "self"
    assert browser.get("/en/my/").status_code == 303
    assert Donation.objects.filter(pk=donation.pk, status="settled").exists(), "the books stay"
    before = len(mail.outbox)
    Client().post("/en/my/sign-in/", {"email": ADDRESS})
    send()
    assert len(mail.outbox) == before, "nobody is known by this address any more"


def test_the_address_of_a_receipt_is_used_once(client: Client, sandbox: Sandbox, general: Fund) -> None:
    donation, _sent = visitors.give(client, level="receipt", email=f" {ADDRESS.upper()} ", language="be")
    held = Mail.objects.get()
    assert ADDRESS not in str(Mail.objects.values().get()).lower()
    visitors.pay(client, sandbox, donation)
    send()
    assert [letter.to for letter in mail.outbox] == [[ADDRESS.upper()]]
    assert re.search("[а-яі]", mail.outbox[0].subject), "in the language of the gift"
    assert not Mail.objects.exists()
    assert not keys.exists(held.pk), "no copy of the letter can be opened"
    donor = Donor.objects.get()
    assert Donor.objects.filter(address=None).count() == 1
    assert len(IndexEntry.objects.get(subject_id=donor.pk).digest) == 64
    browser = sign_in(language="ru")
    page = browser.get(f"/ru/my/gifts/{donation.pk}/")
    assert "50,00 EUR" in pdf(
        browser.post(f"/ru/my/gifts/{donation.pk}/", {"do": "receipt", "once": token(page)})
    )
    again, _sent = visitors.give(Client(), level="in-touch", email=ADDRESS)
    assert again.donor_id == donor.pk
    assert Donor.objects.get().level == "receipt", "whoever types an address has not proved it is theirs"


def test_who_never_pays_is_forgotten(client: Client, sandbox: Sandbox, general: Fund) -> None:
    donation, _sent = visitors.give(client, level="receipt", email=ADDRESS)
    sandbox.advance(3600)
    for event in sandbox.events():
        visitors.post_event(client, event)
    from donations import tasks

    tasks.drain_inbox.call()
    donation.refresh_from_db()
    assert donation.status == "expired"
    assert not Mail.objects.exists()
    assert not mail.outbox


def test_an_unknown_address_a_wrong_code_and_a_stranger_learn_nothing(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    donation, _sent = visitors.give(client, level="receipt", email=ADDRESS)
    visitors.pay(client, sandbox, donation)
    send()
    mail.outbox.clear()
    pages = []
    for address in (ADDRESS, "nobody.known@example.org"):
        asked = Client().post("/en/my/sign-in/", {"email": address})
        assert asked.status_code == 303
        wrong = Client().post(asked["Location"], {"code": "AAAA-AAAA"})
        pages.append(re.sub(r"[0-9a-f-]{36}", "", text_of(wrong)))
    assert pages[0] == pages[1]
    send()
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]]
    row = SignInCode.objects.get(donor__isnull=False)
    code = CODE.findall(mail.outbox[0].body)[0]
    assert code.replace("-", "") not in str(SignInCode.objects.values().all())
    for _number in range(5):
        Client().post(f"/en/my/sign-in/{row.pk}/", {"code": "AAAA-AAAA"})
    assert Client().post(f"/en/my/sign-in/{row.pk}/", {"code": code}).status_code == 200, "tries are over"
    mail.outbox.clear()
    for _number in range(6):
        Client().post("/en/my/sign-in/", {"email": ADDRESS})
    send()
    assert len(mail.outbox) == 2, "three in a quarter of an hour"
    # Somebody else's gift, and forms of another site, or of another session.
    other, _sent = visitors.give(Client(), level="receipt", email="sorrel.other@example.org")
    visitors.pay(client, sandbox, other)
    SignInCode.objects.all().delete()
    mine = sign_in()
    assert mine.get(f"/en/my/gifts/{other.pk}/").status_code == 404
    assert mine.get(f"/en/my/gifts/{uuid.uuid4()}/").status_code == 404
    theirs = sign_in("sorrel.other@example.org")
    once = token(theirs.get("/en/my/"))
    assert mine.post("/en/my/erase/", {"once": once, "sure": "on"}).status_code == 403
    own = token(mine.get("/en/my/"))
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert mine.post("/en/my/copy/", {"once": own}, headers=foreign).status_code == 403
    assert mine.post("/en/my/sign-out/").status_code == 303
    assert mine.get("/en/my/").status_code == 303
    assert donors.find(ADDRESS) is not None


def test_a_code_opens_its_receipt_too_and_the_paper_does_not_show_it(
    client: Client, sandbox: Sandbox, general: Fund
) -> None:
    donation, _sent = visitors.give(client)
    code = visitors.CODE.findall(text_of(client.get(f"/en/give/thanks/{donation.pk}/")))[0]
    visitors.pay(client, sandbox, donation)
    address = f"/en/gift/{code.replace('-', '')}/"
    assert "Download the receipt" in text_of(client.get(address))
    response = client.post(address, {"do": "receipt"})
    paper = pdf(response)
    for secret in (code, code.replace("-", ""), str(donation.pk), "General", "Abarona"):
        assert secret not in paper
        assert secret.encode() not in response.content
    again = client.post(address, {"do": "receipt"})
    assert again.content == response.content
    assert Receipt.objects.count() == 1


def test_an_address_is_asked_for_only_where_it_is_needed(
    client: Client, sandbox: Sandbox, general: Fund, settings: Any
) -> None:
    check = visitors.to_check(client)
    body = visitors.answers(client, check, "receipt")
    assert "Write the address" in text_of(client.post(check, body))
    body = visitors.answers(client, check, "quiet", ADDRESS)
    refused = text_of(client.post(check, body))
    assert "You chose to leave no address" in refused
    page = text_of(client.get(check))
    assert settings.STATEMENT_NAME in page
    settings.MAIL_ON = False
    page = text_of(client.get(check))
    assert 'value="receipt"' not in page
    assert "mail relay" not in page
    assert client.get("/en/my/sign-in/").status_code == 503
    assert not Donation.objects.exists()


def test_who_gives_much_is_asked_and_a_colleague_writes_down_the_answer(
    client: Client, sandbox: Sandbox, general: Fund, settings: Any
) -> None:
    settings.DONATION_CEILING_MINOR = 4_000
    officer = people.treasurer()
    desk = signed_in(officer)
    assert "Kept." in words(send_form(desk, "notices", email="plain@example.org"))
    donation, _sent = visitors.give(client, level="in-touch", email=ADDRESS, amount="50")
    visitors.pay(client, sandbox, donation)
    send()
    assert [letter.to for letter in mail.outbox] == [[ADDRESS]], "the giver's leaves at once"
    sending.send_due(at=posting.next_round(timezone.now()))
    assert [letter.to for letter in mail.outbox] == [[ADDRESS], ["plain@example.org"]]
    assert {letter.subject for letter in mail.outbox} == {"You have a message"}
    mine = sign_in()
    page = mine.get(f"/en/my/gifts/{donation.pk}/")
    assert "we must know who gives" in text_of(page)
    assert "Download the receipt" not in text_of(page)
    answer = {"do": "receipt", "once": token(mine.get("/en/my/"))}
    assert mine.post(f"/en/my/gifts/{donation.pk}/", answer).status_code == 404
    alarm = donation.alarms.get()
    assert signed_in(people.auditor()).get(f"/desk/money/gifts/decide/{alarm.pk}/check/").status_code == 404
    assert desk.get(f"/desk/money/gifts/decide/{alarm.pk}/").status_code == 302
    done = send_form(desk, "desk:donor-check", alarm.pk, outcome="passed", words="Known since 2020.")
    assert "The check is recorded." in words(done)
    assert "we must know" not in text_of(mine.get(f"/en/my/gifts/{donation.pk}/"))
    assert "Download the receipt" in text_of(mine.get(f"/en/my/gifts/{donation.pk}/"))
