"""Who acts: staff, roles, grants of access, two-person approvals, sign-in, tokens."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from accounts import budget
        from accounts.erasing import proof, staff
        from accounts.outbox import forgetting, letters, outsiders, recipients
        from accounts.retention import own
        from audit.checkpoints import signing
        from audit.checks import excuse
        from audit.proof import registry
        from vault import reading

        reading.set_gate(budget.gate)
        staff.register()
        registry.register("erased people", proof.problems)
        own.register_rules()
        forgetting.register_own()
        letters.register_own()
        outsiders.register_own()
        signing.set_teller(outsiders.send_out)
        recipients.register(recipients.STAFF, recipients.staff_address)
        excuse("accounts.Mail", "a letter on its way; what caused it is in an event, and it goes once sent")
