"""Products and prices: made by the API, or inline when a session is created."""

import stripe
from stripe.params import (
    PriceCreateParams,
    PriceListParams,
    PriceRetrieveParams,
    ProductCreateParams,
    ProductListParams,
    ProductRetrieveParams,
    ProductUpdateParams,
)

from donations.sandbox.endpoints import LIST_PARAMETERS, Endpoint, listing, merged, retrieve, same
from donations.sandbox.parameters import missing
from donations.sandbox.refusals import Json, Refused, not_found, not_modelled
from donations.sandbox.shapes import shaped
from donations.sandbox.world import World

PRODUCTS, PRICES = "/v1/products", "/v1/prices"
RECURRING_PARTS = {"interval", "interval_count", "usage_type"}
PRICE_PARAMETERS = frozenset(
    {"currency", "metadata", "nickname", "product", "product_data", "recurring", "unit_amount"}
)
MOST_PERIODS = {"day": 1095, "week": 156, "month": 36, "year": 3}


def create_product(world: World, key: str, given: Json) -> Json:
    """Something to be given for."""
    made = _product(world, given)
    world.emit("product.created", made)
    return made


def _product(world: World, given: Json) -> Json:
    now = world.now()
    return world.keep(
        shaped(
            stripe.Product,
            id=world.new_id("prod_", 14),
            active=True,
            created=now,
            description=given.get("description"),
            images=[],
            livemode=False,
            marketing_features=[],
            metadata=given.get("metadata") or {},
            name=given["name"],
            type="service",
            updated=now,
        )
    )


def update_product(world: World, key: str, given: Json) -> Json:
    """Another name, description or metadata."""
    found = world.find("product", key)
    if found is None:
        raise not_found("product", key, "id")
    changes: Json = {name: given[name] for name in ("active", "description", "name") if name in given}
    changes["metadata"] = merged(found["metadata"], given.get("metadata") or {})
    changed = world.keep(found | changes | {"updated": world.now()})
    world.emit("product.updated", changed)
    return changed


def create_price(world: World, key: str, given: Json) -> Json:
    """An amount for a product, once or each period."""
    made = inline_price(world, given, "", active=True)
    world.emit("price.created", made)
    return made


def inline_price(world: World, given: Json, path: str, *, active: bool = False) -> Json:
    """The price of a `price_data`; its product is named or made. Raises Refused for odd ones."""
    if "unit_amount" not in given:
        raise missing(f"{path}[unit_amount]" if path else "unit_amount")
    if given["unit_amount"] < 0:
        raise Refused(
            "This value must be greater than or equal to 0.", code="parameter_invalid_integer", param=path
        )
    recurring = _recurring(given.get("recurring"), path)
    return world.keep(
        shaped(
            stripe.Price,
            id=world.new_id("price_1"),
            active=active,
            billing_scheme="per_unit",
            created=world.now(),
            currency=given["currency"].lower(),
            livemode=False,
            metadata=given.get("metadata") or {},
            nickname=given.get("nickname"),
            product=_product_of(world, given, path),
            recurring=recurring,
            tax_behavior="unspecified",
            type="recurring" if recurring else "one_time",
            unit_amount=given["unit_amount"],
            unit_amount_decimal=str(given["unit_amount"]),
        )
    )


def _product_of(world: World, given: Json, path: str) -> str:
    if "product" in given:
        if world.find("product", given["product"]) is None:
            raise not_found("product", given["product"], f"{path}[product]")
        return str(given["product"])
    if "product_data" not in given:
        raise missing(f"{path}[product]")
    unknown = given["product_data"].keys() - {"name", "description", "metadata"}
    if unknown:
        raise not_modelled(f"product_data with {sorted(unknown)}", f"{path}[product_data]")
    return str(_product(world, given["product_data"])["id"])


def _recurring(given: Json | None, path: str) -> Json | None:
    if not given:
        return None
    if given.keys() - RECURRING_PARTS or given.get("usage_type", "licensed") != "licensed":
        raise not_modelled("metered prices", f"{path}[recurring]")
    count = given.get("interval_count", 1)
    if not 1 <= count <= MOST_PERIODS[given["interval"]]:
        raise Refused("The maximum interval is three years.", param=f"{path}[recurring][interval_count]")
    parts = {"interval": given["interval"], "interval_count": count, "usage_type": "licensed"}
    return shaped(stripe.Price.Recurring, **parts)


def _prices_wanted(price: Json, given: Json) -> bool:
    return same("active", "currency", "product", "type")(price, given)


ENDPOINTS = [
    Endpoint(
        "POST",
        PRODUCTS,
        ProductCreateParams,
        create_product,
        frozenset({"name", "description", "metadata"}),
    ),
    Endpoint(
        "GET",
        PRODUCTS,
        ProductListParams,
        listing("product", PRODUCTS, same("active")),
        LIST_PARAMETERS | {"active"},
    ),
    Endpoint("GET", PRODUCTS + "/{id}", ProductRetrieveParams, retrieve("product", "product", "id")),
    Endpoint(
        "POST",
        PRODUCTS + "/{id}",
        ProductUpdateParams,
        update_product,
        frozenset({"active", "description", "metadata", "name"}),
    ),
    Endpoint(
        "POST",
        PRICES,
        PriceCreateParams,
        create_price,
        PRICE_PARAMETERS,
    ),
    Endpoint(
        "GET",
        PRICES,
        PriceListParams,
        listing("price", PRICES, _prices_wanted),
        LIST_PARAMETERS | {"active", "currency", "product", "type"},
    ),
    Endpoint("GET", PRICES + "/{id}", PriceRetrieveParams, retrieve("price", "price", "price")),
]
