"""Stripe's form encoding: `line_items[0][price_data][currency]=eur` to nested dicts."""

import re
from urllib.parse import parse_qsl

from donations.sandbox.refusals import Json, Refused

MAX_FIELDS = 2000
MAX_DEPTH = 12
KEY = re.compile(r"[^\[\]]+|\[[^\[\]]*\]")


def decode(text: str) -> Json:
    """Nested parameters of a body or query. Lists stay dicts keyed "0", "1", … until the types are known."""
    try:
        pairs = parse_qsl(text, keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict")
    except ValueError as error:
        raise Refused("The request body could not be read as form-encoded parameters.") from error
    tree: Json = {}
    for key, value in pairs:
        _place(tree, _steps(key), value)
    return tree


def _steps(key: str) -> list[str]:
    parts = KEY.findall(key)
    if "".join(parts) != key or not parts or parts[0].startswith("[") or len(parts) > MAX_DEPTH:
        raise Refused(f"Invalid parameter name: {key[:80]}", param=key[:80])
    return [part[1:-1] if part.startswith("[") else part for part in parts]


def _place(tree: Json, steps: list[str], value: str) -> None:
    node = tree
    for step in steps[:-1]:
        child = node.setdefault(step or str(len(node)), {})
        if not isinstance(child, dict):
            raise Refused(f"Invalid object: {step} is given both as a value and as an object", param=steps[0])
        node = child
    last = steps[-1] or str(len(node))
    if isinstance(node.get(last), dict):
        raise Refused(f"Invalid object: {last} is given both as a value and as an object", param=steps[0])
    node[last] = value
