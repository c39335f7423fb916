"""Every field that can hold words is sealed, or stands here as public with a reason."""

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import models

from audit.checks import OURS
from vault.fields import SealedField, sealed_fields

# Names that mean the same everywhere -> why their words are about nobody.
BY_NAME = {
    r"record|body|peaks": "canonical text of columns that are themselves judged here; sealed ones as tokens",
    r".*_by|actor_id|subject_id|(asked|decided)_session": "an opaque id or digest of an actor or session",
    r".*(digest|sha256|hash|root_hex|_index)": "a digest",
    r"(agreed_)?currency|language|languages|country|kek_id|prefix": "a code from a standard list",
    r"((object|transfer|last_transfer|session|payment_intent|invoice|charge|subscription)_)?id": "opaque",
    r"(refund|payout|transaction|source)_id": "an opaque id of the processor",
    r"idempotency_key|key": "an opaque key of a caller",
    r"scopes|permissions": "names of permissions",
}
# Everything else, one by one.
PUBLIC = {
    "accounts.User.password": "an Argon2 hash; not in history",
    "accounts.User.username": "an alias chosen for signing in; the form says that it must not be a name",
    "accounts.Grant.object_kind": "the kind of a thing",
    "accounts.Team.name": "what a team does; the form says that it must name nobody",
    "accounts.TeamGrant.object_kind": "the kind of a thing",
    "accounts.Approval.kind": "the kind of an act",
    "accounts.Erasure.kind": "the kind of a person",
    "accounts.Erasure.figures": "counts by step",
    "accounts.Mail.letter": "the name of a letter, whose words tell nothing",
    "accounts.Mail.recipient": "a kind of people",
    "accounts.RetentionRun.rule": "the name of a rule",
    "audit.Event.kind": "the kind of an act",
    "audit.LogKey.origin": "the name of the log, published",
    "audit.LogKey.public_key": "published",
    "audit.LogKey.statement": "published",
    "audit.Checkpoint.note": "published",
    "audit.TableShape.table": "the name of a table",
    "audit.TableShape.fields": "names and types of columns",
    "audit.ReadRecord.purpose": "the name of a page, never its address",
    "audit.ReadSubject.fields": "labels of fields",
    "vault.IndexEntry.kind": "the kind of a value that was indexed",
    "vault.SealedFile.kind": "the use of a file, such as voucher",
    "lawyers.Lawyer.code_name": "a bird and a number, without meaning",
    "lawyers.Lawyer.risks": "codes of kinds of case",
    "lawyers.Licence.bar": "one of a few bars with hundreds of members",
    "lawyers.Competence.article_family": "a code",
    "lawyers.Competence.instances": "codes",
    "lawyers.Coverage.region": "a code",
    "lawyers.Coverage.court_code": "a code",
    "cases.Client.code_name": "a tree and a number, without meaning",
    "cases.Case.reference": "counted, without meaning",
    "cases.Case.region": "a code",
    "cases.SavedFilter.query": "codes of closed lists, cleaned by the form of the filters",
    "cases.Counter.series": "the name of a series of numbers",
    "cases.Defendant.interest_group": "a letter",
    "cases.Hearing.zone": "a time zone",
    "cases.Hearing.room": "a room of a court",
    "cases.RemedyFiling.categories": "numbers of the Working Group's categories",
    "cases.CustodyPeriod.place": "a code of the shipped list",
    "cases.Incident.codes": "codes of a thesaurus",
    "cases.Recognition.organisation": "an organisation, as it signs in public",
    "cases.Budget.lines": "amounts by category",
    "cases.MatchRun.solver": "a program and its version",
    "cases.MatchRun.status": "the solver's word",
    "cases.MatchRun.bound": "figures",
    "cases.MatchRun.policy": "figures",
    "cases.MatchRun.result": "ids and figures",
    "cases.MatchProposal.components": "figures",
    "cases.KnownTrial.articles": "numbers of articles",
    "cases.KnownTrial.source": "a public source: monitors and media",
    "treasury.Account.code": "a code of the chart of accounts",
    "treasury.Balance.guard": "a letter",
    "treasury.Ceiling.lines": "amounts by category",
    "treasury.Tariff.name": "the name of a tariff",
    "treasury.TariffLine.stage": "a stage",
    "treasury.Fund.code": "public by decision",
    "treasury.Fund.name": "public by decision",
    "treasury.Fund.categories": "codes",
    "treasury.Grant.funder": "an institution, named in public",
    "treasury.Grant.agreement_ref": "a number of an agreement",
    "treasury.Grant.conditions": "codes of agreed conditions",
    "treasury.Grant.evidence": "codes",
    "treasury.Grant.agreed_currency": "a code from a standard list",
    "treasury.Grant.fixed_rate": "a figure",
    "treasury.GrantLine.title": "the funder's own budget line",
    "treasury.GrantLine.categories": "codes",
    "treasury.BankAccount.code": "a name in the chart of accounts",
    "treasury.BankStatement.number": "the bank's own number of a statement",
    "treasury.BankLine.original_currency": "a code from a standard list",
    "treasury.BankLine.rate": "a figure",
    "treasury.BankLine.marks": "our own references, opaque ids, kinds of words",
    "treasury.OpenLine.refused": "the code of a refusal",
    "treasury.Exchange.rate": "a figure",
    "treasury.TransferReference.code": "random signs; whom it was given to is kept nowhere",
    "treasury.PaymentFile.message_id": "random signs",
    "treasury.PaymentOrder.end_to_end": "random signs",
    "donations.CampaignPage.slug": "part of a public address",
    "donations.CampaignText.title": "published",
    "donations.CampaignText.lead": "published",
    "donations.CampaignText.story": "published",
    "donations.Donation.fallback": "the version of a text",
    "donations.Receipt.number": "random signs",
    "donations.RecurringDonation.fallback": "the version of a text",
    "donations.RecurringDonation.level": "one of the levels of a gift",
    "donations.PayoutEntry.kind": "the processor's name of a kind of movement",
    "donations.Movement.kind": "the processor's name of a kind of movement",
    "donations.Cursor.name": "the name of a sweep",
    "donations.Hint.type": "Stripe's name of an event",
    "donations.Hint.last_error": "the name of an exception",
    "reports.Definition.name": "what a report is for; the form says that it must name no person",
    "reports.Definition.type": "the name of a report",
    "reports.Definition.fund_code": "public by decision",
    "reports.Definition.formats": "names of formats",
    "reports.Explanation.text": "printed in reports to a funder; the form says that it must name nobody",
    "reports.Job.type": "the name of a report",
    "reports.Job.fund_code": "public by decision",
    "reports.Job.formats": "names of formats",
    "reports.Job.error": "the name of an exception",
    "reports.Inspection.problems": "names of tables and opaque keys",
    "reports.Sample.nonce": "signs an auditor chose to draw a sample; the form says that no name is in it",
    "reports.Archive.error": "the name of an exception",
    "reports.Snapshot.type": "the name of a report",
    "reports.Snapshot.fund_code": "public by decision",
    "reports.Snapshot.ruleset": "a version",
    "reports.IssuedFile.format": "the name of a format",
    "api.Answer.fingerprint": "a digest of a request",
    "api.Answer.sealed": "sealed by the API before it is stored",
}
# Reference data: courts and articles, as published.
PUBLIC_MODELS = {"cases.Court", "cases.Article"}


def wordy_fields() -> Iterator[tuple[str, models.Field]]:
    for model in apps.get_models(include_auto_created=True):
        label = model._meta.label
        if model._meta.app_label not in OURS or model.__name__.startswith("Historical"):
            continue
        if label in PUBLIC_MODELS:
            continue
        for field in model._meta.concrete_fields:
            wordy = isinstance(
                field, models.CharField | models.TextField | models.JSONField | models.FileField
            )
            if wordy and not isinstance(field, SealedField) and not field.choices:
                yield f"{label}.{field.name}", field


def test_every_wordy_field_is_sealed_or_public_with_a_reason() -> None:
    unexplained = [
        name
        for name, _field in wordy_fields()
        if name not in PUBLIC and not any(re.fullmatch(pattern, name.rsplit(".")[-1]) for pattern in BY_NAME)
    ]
    assert unexplained == []


def test_the_list_names_only_fields_that_exist() -> None:
    known = {name for name, _field in wordy_fields()}
    gone = {name for name in PUBLIC if name not in known and not name.startswith("api.")}
    assert gone == set()


def test_history_seals_what_its_model_seals() -> None:
    for model in apps.get_models():
        if hasattr(model, "history") and model._meta.app_label in OURS:
            kept = {field.attname: type(field) for field in sealed_fields(model.history.model)}
            assert kept == {field.attname: type(field) for field in sealed_fields(model)}, model


def test_labels_are_used_once() -> None:
    labels = [
        field.label
        for model in apps.get_models()
        if model._meta.app_label in OURS and not model.__name__.startswith("Historical")
        for field in sealed_fields(model)
    ]
    assert len(labels) == len(set(labels))
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", label) for label in labels)
