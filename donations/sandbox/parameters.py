"""Check request parameters against the SDK's own parameter TypedDicts, so that what the pinned
version does not know is refused in the words Stripe uses."""

import re
import types
import typing
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

import typing_extensions
from stripe._request_options import RequestOptions
from stripe._stripe_context import StripeContext

from donations.sandbox.refusals import Json, Refused

# Names the SDK imports only while type checking; without them get_type_hints raises NameError.
NAMES: dict[str, Any] = {name: getattr(typing, name) for name in ("Any", "Dict", "List", "Optional", "Union")}
NAMES |= {"Mapping": Mapping, "StripeContext": StripeContext}
# The SDK mixes its own call options into every top-level class; Stripe would refuse them in a body.
OPTIONS = frozenset(RequestOptions.__annotations__)
UNIONS = (typing.Union, types.UnionType)


def checked(given: Json, shape: type) -> Json:
    """The parameters with their real types. Raises Refused as Stripe words it, unknown names first."""
    return _object(given, shape, "")


@lru_cache(maxsize=512)
def fields(shape: type) -> dict[str, Any]:
    """Parameter names of a TypedDict with their resolved types, without the SDK's call options."""
    hints = typing_extensions.get_type_hints(shape, localns=NAMES)
    # Typed dicts do not support issubclass.
    top_level = RequestOptions in getattr(shape, "__orig_bases__", ())
    return {name: hint for name, hint in hints.items() if not (top_level and name in OPTIONS)}


def _unknown(path: str) -> Refused:
    return Refused(f"Received unknown parameter: {path}", code="parameter_unknown", param=path)


def _object(given: Any, shape: type, path: str) -> Json:
    if not isinstance(given, dict):
        raise Refused(f"Invalid object: {path}", param=path)
    known = fields(shape)
    for name in given:
        if name not in known:
            raise _unknown(_join(path, name))
    for name in sorted(getattr(shape, "__required_keys__", frozenset()) & known.keys()):
        if name not in given:
            raise missing(_join(path, name))
    return {name: _value(value, known[name], _join(path, name)) for name, value in given.items()}


def missing(path: str) -> Refused:
    """400 for a parameter that must be there."""
    return Refused(f"Missing required param: {path}.", code="parameter_missing", param=path)


def _join(path: str, name: str) -> str:
    return f"{path}[{name}]" if path else name


def _value(given: Any, hint: Any, path: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing_extensions.NotRequired, typing_extensions.Required):
        return _value(given, arguments[0], path)
    if origin in UNIONS:
        return _either(given, arguments, path)
    if origin is typing.Literal:
        return _choice(given, arguments, path)
    return _nested(given, hint, path) if _takes_object(hint) else _scalar(given, hint, path)


def _nested(given: Any, hint: Any, path: str) -> Any:
    if typing.get_origin(hint) is list:
        return _list(given, typing.get_args(hint)[0], path)
    if typing_extensions.is_typeddict(hint):
        return _object(given, hint, path)
    return _map(given, path)


def _is_map(hint: Any) -> bool:
    return getattr(typing.get_origin(hint) or hint, "__name__", "") == "UntypedStripeObject"


def _either(given: Any, arguments: tuple[Any, ...], path: str) -> Any:
    nested = [a for a in arguments if _takes_object(a)]
    if isinstance(given, dict) and nested:
        return _value(given, nested[0], path)
    choices = [a for a in arguments if typing.get_origin(a) is typing.Literal]
    plain = [a for a in arguments if not _takes_object(a) and a not in choices and a is not type(None)]
    # `Literal[...] | str` leaves room for values the SDK's authors do not know yet; today's API is closed.
    if choices and (not plain or plain == [str]):
        return _choice(given, typing.get_args(choices[0]), path)
    if not plain:
        raise Refused(f"Invalid object: {path}", param=path)
    return _value(given, plain[0], path)


def _takes_object(hint: Any) -> bool:
    origin = typing.get_origin(hint)
    return typing_extensions.is_typeddict(hint) or origin in (dict, list) or _is_map(hint)


def _choice(given: Any, choices: tuple[Any, ...], path: str) -> str:
    if not isinstance(given, str) or given not in choices:
        shown = [str(choice) for choice in choices]
        listed = f"{', '.join(shown[:-1])} or {shown[-1]}" if len(shown) > 1 else shown[0]
        raise Refused(f"Invalid {path}: must be one of {listed}", param=path)
    return given


def _list(given: Any, hint: Any, path: str) -> list[Any]:
    if not isinstance(given, dict) or not all(key.isascii() and key.isdigit() for key in given):
        raise Refused("Invalid array", param=path)
    ordered = sorted(given, key=int)
    return [_value(given[key], hint, f"{path}[{key}]") for key in ordered]


def _map(given: Any, path: str) -> dict[str, str]:
    if not isinstance(given, dict) or not all(isinstance(value, str) for value in given.values()):
        raise Refused("Invalid object: expected key-value pairs of text", param=path)
    return dict(given)


def _scalar(given: Any, hint: Any, path: str) -> Any:
    if not isinstance(given, str):
        raise Refused(f"Invalid string: {path}", param=path)
    if hint is int:
        return _integer(given, path)
    if hint is bool:
        return _boolean(given, path)
    if hint in (float, Decimal):
        return _decimal(given, path)
    if given == "":
        raise Refused(
            f"You passed an empty string for '{path}'. We assume empty values are an attempt to unset a "
            f"parameter; however '{path}' cannot be unset. You should remove '{path}' from your request or "
            "supply a non-empty value.",
            code="parameter_invalid_empty",
            param=path,
        )
    return given


def _integer(given: str, path: str) -> int:
    if not re.fullmatch(r"-?[0-9]{1,18}", given):
        raise Refused(f"Invalid integer: {given[:40]}", code="parameter_invalid_integer", param=path)
    return int(given)


def _boolean(given: str, path: str) -> bool:
    if given not in ("true", "false"):
        raise Refused(f"Invalid boolean: {given[:40]}", param=path)
    return given == "true"


def _decimal(given: str, path: str) -> str:
    try:
        finite = Decimal(given).is_finite()
    except InvalidOperation:
        finite = False
    if not finite:
        raise Refused(f"Invalid decimal: {given[:40]}", param=path)
    return given
