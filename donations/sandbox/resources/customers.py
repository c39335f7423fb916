"""Customers, their payment methods and mandates."""

from stripe.params import (
    CustomerCreateParams,
    CustomerDeleteParams,
    CustomerListParams,
    CustomerRetrieveParams,
    CustomerUpdateParams,
    MandateRetrieveParams,
    PaymentMethodDetachParams,
    PaymentMethodListParams,
    PaymentMethodRetrieveParams,
)

from donations.sandbox import standing
from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, merged, retrieve, same
from donations.sandbox.methods import new_customer
from donations.sandbox.refusals import Json, Refused, not_found
from donations.sandbox.world import World

PATH, METHODS = "/v1/customers", "/v1/payment_methods"
WRITABLE = frozenset({"description", "email", "metadata", "name", "phone", "preferred_locales"})


def create(world: World, key: str, given: Json) -> Json:
    """A customer as given."""
    return new_customer(world, **{name: value for name, value in given.items() if value != ""})


def fetch(world: World, key: str, given: Json) -> Json:
    """A customer, or the stub that Stripe keeps of a deleted one."""
    found = world.find("customer", key)
    if found is None:
        raise not_found("customer", key, "id")
    return _stub(key) if _deleted(world, key) else found


def update(world: World, key: str, given: Json) -> Json:
    """Change what is given; an empty text unsets."""
    found = _living(world, key)
    changes = {name: value or None for name, value in given.items()}
    changes["metadata"] = merged(found["metadata"], given.get("metadata") or {})
    changed = world.keep(found | changes)
    world.emit("customer.updated", changed, previous={name: found[name] for name in changes})
    return changed


def delete(world: World, key: str, given: Json) -> Json:
    """Delete a customer with personal data; subscriptions end, payments stay."""
    found = _living(world, key)
    for each in world.store.every("subscription"):
        if each["customer"] == key and each["status"] not in standing.ENDED:
            standing.end(world, each, "cancellation_requested")
    for each in world.store.every("payment_method"):
        if each["customer"] == key:
            world.keep(each | {"customer": None})
    world.store.put("deleted_customer", key, {"at": world.now()})
    gone: Json = {"email": None, "name": None, "phone": None, "description": None, "metadata": {}}
    world.emit("customer.deleted", world.keep(found | gone))
    return _stub(key)


def _stub(key: str) -> Json:
    return {"id": key, "object": "customer", "deleted": True}


def _deleted(world: World, key: str) -> bool:
    return world.store.get("deleted_customer", key) is not None


def _living(world: World, key: str) -> Json:
    found = world.find("customer", key)
    if found is None or _deleted(world, key):
        raise not_found("customer", key, "id")
    return found


def select(world: World, key: str, given: Json) -> Json:
    """A page of customers that were not deleted."""

    def fits(customer: Json, asked: Json) -> bool:
        return same("email")(customer, asked) and not _deleted(world, customer["id"])

    return listing("customer", PATH, fits)(world, key, given)


def select_methods(world: World, key: str, given: Json) -> Json:
    """The methods of one customer."""
    if "customer" not in given:
        raise Refused("You must pass a customer to list payment methods.", param="customer")
    return listing("payment_method", METHODS, same("customer", "type"))(world, key, given)


def methods_of(world: World, key: str, given: Json) -> Json:
    """The same, asked for under the customer."""
    return select_methods(world, "", given | {"customer": _living(world, key)["id"]})


def detach(world: World, key: str, given: Json) -> Json:
    """The method can never be charged again; its mandate ends."""
    found = world.find("payment_method", key)
    if found is None:
        raise not_found("PaymentMethod", key, "payment_method")
    if found["customer"] is None:
        raise Refused(
            "The payment method you provided is not attached to a customer so detachment is impossible."
        )
    detached = world.keep(found | {"customer": None})
    named = world.store.get("mandate_of", key)
    if named is not None:
        ended = world.keep(world.need("mandate", named["id"]) | {"status": "inactive"})
        world.emit("mandate.updated", ended, previous={"status": "active"})
    for each in world.store.every("subscription"):
        if each["default_payment_method"] == key and each["status"] not in standing.ENDED:
            standing.change(world, each, default_payment_method=None)
    world.emit("payment_method.detached", detached, previous={"customer": found["customer"]})
    return detached


ENDPOINTS = [
    Endpoint("POST", PATH, CustomerCreateParams, create, WRITABLE),
    Endpoint("GET", PATH, CustomerListParams, select, LIST_PARAMETERS | {"email"}),
    Endpoint("GET", PATH + "/{id}", CustomerRetrieveParams, fetch),
    Endpoint("POST", PATH + "/{id}", CustomerUpdateParams, update, WRITABLE),
    Endpoint("DELETE", PATH + "/{id}", CustomerDeleteParams, delete),
    Endpoint(
        "GET",
        PATH + "/{id}/payment_methods",
        PaymentMethodListParams,
        methods_of,
        LIST_PARAMETERS - {"created"} | {"type"},
    ),
    Endpoint(
        "GET",
        METHODS,
        PaymentMethodListParams,
        select_methods,
        LIST_PARAMETERS - {"created"} | {"customer", "type"},
    ),
    Endpoint(
        "GET",
        METHODS + "/{id}",
        PaymentMethodRetrieveParams,
        retrieve("payment_method", "PaymentMethod", "payment_method"),
    ),
    Endpoint("POST", METHODS + "/{id}/detach", PaymentMethodDetachParams, detach),
    Endpoint("GET", "/v1/mandates/{id}", MandateRetrieveParams, retrieve("mandate", "mandate", "mandate")),
]
