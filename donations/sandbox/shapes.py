"""Objects shaped as the SDK's classes: every field the pinned SDK annotates is present."""

import types
import typing
from typing import Any

from stripe import StripeObject

from donations.sandbox.refusals import Json

UNIONS = (typing.Union, types.UnionType)


OUTLINES: dict[type, tuple[Json, frozenset[str]]] = {}


class WrongShape(Exception):
    """The sandbox itself built an object the SDK's class does not describe."""


def shaped(model: type[StripeObject], **values: Any) -> Json:
    """A JSON object with every annotated field of `model`: given, else null where the type allows it.

    Raises WrongShape for a field the class does not have or a missing one that may not be null.
    """
    blank, required = OUTLINES.get(model) or _outline(model)
    unknown = values.keys() - blank.keys()
    if unknown:
        raise WrongShape(f"{model.__qualname__} has no {sorted(unknown)}")
    absent = required - values.keys()
    if absent:
        raise WrongShape(f"{model.__qualname__} needs {sorted(absent)}")
    return blank | values


def _outline(model: type[StripeObject]) -> tuple[Json, frozenset[str]]:
    """The object with nothing in it but its name, and the fields that may not stay null."""
    known = annotations(model)
    blank: Json = dict.fromkeys(known)
    if "object" in known:
        blank["object"] = getattr(model, "OBJECT_NAME", None)
    required = {name for name, hint in known.items() if blank[name] is None and not optional(hint)}
    OUTLINES[model] = blank, frozenset(required)
    return OUTLINES[model]


def annotations(model: type) -> dict[str, Any]:
    """Field names and types of an SDK class, without class variables and the end marks of deleted objects."""
    own: dict[str, Any] = vars(model).get("__annotations__", {})
    skipped = ("OBJECT_NAME", "deleted")
    return {name: hint for name, hint in own.items() if name not in skipped}


def optional(hint: Any) -> bool:
    """Whether null is a value of this type."""
    return typing.get_origin(hint) in UNIONS and type(None) in typing.get_args(hint)
