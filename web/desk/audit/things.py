"""The kinds of records and of acts in words for somebody who never saw the tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from audit import timeline
from audit.tracked import Tracked
from web.desk.cases.event_words import EVENTS
from web.pieces import Text

# The main things first: auditors find them at the top of the list.
THINGS: dict[str, Text] = {
    "cases_case": _("Case"),
    "cases_client": _("Client"),
    "cases_representation": _("Representation: a lawyer in a case"),
    "treasury_claim": _("Claim to be paid"),
    "treasury_payee": _("Payee and the route of money"),
    "treasury_commitment": _("Commitment: money reserved"),
    "treasury_fund": _("Fund"),
    "treasury_grant": _("Grant of a funder"),
    "donations_donation": _("Donation"),
    "accounts_user": _("Person who works here"),
    "accounts_rolegrant": _("Role given to a person"),
    "accounts_grant": _("Access given to a case"),
    "accounts_approval": _("Approval by a second person"),
    "accounts_apitoken": _("Token of a machine"),
    "cases_authority": _("Authority to act for a client"),
    "cases_court": _("Court"),
    "cases_article": _("Article of law"),
    "cases_knowntrial": _("Known trial"),
    "cases_trial": _("Trial"),
    "cases_defendant": _("Place in a trial"),
    "cases_hearing": _("Hearing"),
    "cases_accusation": _("Accusation"),
    "cases_stageevent": _("Stage of the court process"),
    "cases_budget": _("Budget of a case"),
    "cases_agreement": _("Agreement on legal help"),
    "cases_warrant": _("Warrant of a lawyer"),
    "cases_exclusion": _("Lawyer excluded from a case"),
    "cases_matchrun": _("Match run"),
    "cases_matchproposal": _("Proposal of a match run"),
    "cases_task": _("Task"),
    "cases_note": _("Note"),
    "lawyers_lawyer": _("Lawyer"),
    "lawyers_licence": _("Licence of a lawyer"),
    "lawyers_competence": _("Competence of a lawyer"),
    "lawyers_coverage": _("Courts a lawyer covers"),
    "lawyers_capacity": _("Capacity of a lawyer"),
    "lawyers_away": _("Absence of a lawyer"),
    "treasury_account": _("Account of the books"),
    "treasury_journal": _("Journal entry"),
    "treasury_transfer": _("Transfer between accounts"),
    "treasury_period": _("Closed period"),
    "treasury_ceiling": _("Ceiling of a case"),
    "treasury_tariff": _("Tariff"),
    "treasury_tariffline": _("Line of a tariff"),
    "treasury_standingauthority": _("Standing authority"),
    "treasury_fundcase": _("Case in a fund"),
    "treasury_grantline": _("Line of a grant"),
    "treasury_instalment": _("Instalment of a grant"),
    "treasury_funderreport": _("Report to a funder"),
    "treasury_pledge": _("Pledge that doubles gifts"),
    "treasury_doubling": _("Gifts of a batch doubled"),
    "treasury_batch": _("Batch of gifts"),
    "donations_campaignpage": _("Campaign page"),
    "donations_campaigntext": _("Text of a campaign page"),
    "donations_attempt": _("Attempt to pay"),
    "donations_fact": _("Fact from the processor"),
    "donations_recurringdonation": _("Monthly gift"),
    "reports_job": _("Report asked for"),
    "reports_snapshot": _("Snapshot of a report"),
    "reports_issuedfile": _("File of a report"),
    "reports_download": _("Report taken"),
    "reports_finding": _("Finding of an auditor"),
    "reports_remark": _("Words about a finding"),
    "reports_sample": _("Sample of payments"),
    "reports_sampleitem": _("Payment in a sample"),
    "reports_unsealing": _("Voucher opened to an auditor"),
    "reports_archive": _("Archive of a period"),
    "reports_archivetaken": _("Archive taken"),
    "reports_inspection": _("Inspection of documents and tables"),
}
FIELDS: dict[str, Text] = {
    "also": _("also known as"),
    "base_minor": _("amount in the books' currency"),
    "is_active": _("may sign in"),
    "is_minor": _("is a minor"),
    "former_minor": _("amount before"),
    "asked_session": _("session that asked (digest)"),
    "decided_session": _("session that decided (digest)"),
    "payload_hash": _("hash of what was asked"),
    "voucher_sha256": _("hash of the voucher"),
    "number_index": _("digest of the number"),
    "prefix": _("first signs of the token"),
    "scopes": _("permissions carried"),
    "object_kind": _("what it is about"),
    "until": _("until"),
}


def thing_word(table: str) -> Text:
    """What a table holds one of."""
    if table in THINGS:
        return THINGS[table]
    model = timeline.recorded_models().get(table)
    return str(model._meta.verbose_name).capitalize() if model else table


def kinds_with_history() -> list[tuple[str, Text]]:
    """The kinds whose rows change and keep their versions, the main ones first."""
    known = [table for table, model in timeline.recorded_models().items() if issubclass(model, Tracked)]
    places = {table: place for place, table in enumerate(THINGS)}
    known.sort(key=lambda table: (places.get(table, len(places)), str(thing_word(table))))
    return [(table, thing_word(table)) for table in known]


def model_of(table: str) -> type[models.Model] | None:
    """The model behind a table's name; None for a name that is none of ours."""
    return timeline.recorded_models().get(table)


def act_word(kind: str) -> Text:
    """``case.status_changed`` as "Case status changed"; other kinds as their own words."""
    if kind in EVENTS:
        return EVENTS[kind]
    return kind.replace(".", ": ").replace("_", " ").capitalize()


def field_word(name: str) -> Text:
    """A column as people read it: ``offered_until`` as "offered until", ``case_id`` as "case"."""
    if name in FIELDS:
        return FIELDS[name]
    for tail in ("_minor", "_id"):
        name = name.removesuffix(tail)
    return name.replace("_", " ")
