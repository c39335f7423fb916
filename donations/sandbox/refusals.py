"""Errors in the shape Stripe answers them."""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """An API call that is answered with an error.

    `status` is the HTTP status; the rest is the `error` object of the answer. `kind` is Stripe's `type`.
    """

    def __init__(
        self,
        message: str,
        *,
        code: str | None = None,
        param: str | None = None,
        status: int = 400,
        kind: str = "invalid_request_error",
    ) -> None:
        super().__init__(message)
        self.message, self.code, self.param, self.status, self.kind = message, code, param, status, kind

    def body(self) -> Json:
        """The JSON answer; keys without a value are left out, as Stripe leaves them out."""
        error: Json = {"message": self.message, "type": self.kind}
        if self.param:
            error["param"] = self.param
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        return {"error": error}


def not_found(name: str, key: str, param: str) -> Refused:
    """404 for an id that does not exist; `name` is Stripe's word for the resource."""
    return Refused(f"No such {name}: '{key}'", code="resource_missing", param=param, status=404)


def not_modelled(what: str, param: str | None = None) -> Refused:
    """Stripe would take this, the sandbox cannot: say so loudly instead of ignoring it."""
    return Refused(
        f"The payment sandbox does not model {what}. See docs/sandbox.md.",
        code="sandbox_not_modelled",
        param=param,
    )
