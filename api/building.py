"""From a room's table to addresses: each line becomes a view of its own, named after what it does."""

import inspect
from typing import Any

from django.urls import URLPattern, path
from rest_framework.serializers import Serializer

from accounts.approvals import request_approval
from api.endpoints import Book, Collection, Deed, Endpoint, Figures, Thing
from api.tables import Act, Resource
from api.tokens import Wanted


def listing(address: str, resource: Resource, see: Wanted, act: Act | None = None) -> list[URLPattern]:
    """A list; with ``act``, a POST to it that adds to the room."""
    if act is None:
        view = _view(Collection, f"List{_camel(resource.name)}", resource=resource, permission={"GET": see})
        return [_path(address, view, f"list-{resource.name}")]
    permission = {"GET": see, "POST": act.permission}
    name = f"Book{_camel(resource.name)}"
    view = _view(Book, name, resource=resource, act=act, permission=permission)
    return [_path(address, view, f"list-{resource.name}"), *_asking(address, resource, act)]


def thing(address: str, resource: Resource, see: Wanted) -> list[URLPattern]:
    """One row, by its id."""
    view = _view(Thing, f"One{_camel(resource.name)}", resource=resource, permission={"GET": see})
    return [_path(address, view, f"one-{resource.name}")]


def figures(
    address: str,
    resource: Resource,
    see: Wanted,
    worked_out: Any,
    output: type[Serializer[Any]],
    *,
    many: bool,
) -> list[URLPattern]:
    """Figures about one row."""
    view = _view(
        Figures,
        f"Figures{_camel(worked_out.__name__)}",
        resource=resource,
        permission={"GET": see},
        worked_out=staticmethod(worked_out),
        output=output,
        many=many,
    )
    view.__doc__ = worked_out.__doc__
    return [_path(address, view, f"figures-{worked_out.__name__.replace('_', '-')}")]


def deed(address: str, resource: Resource, act: Act, name: str = "") -> list[URLPattern]:
    """An act on the thing in the address, or on the room itself; named after its action unless said."""
    name = name or act.action.__name__
    view = _view(Deed, f"Do{_camel(name)}", resource=resource, act=act, permission={"POST": act.permission})
    view.__doc__ = inspect.getdoc(act.action)
    return [_path(address, view, name.replace("_", "-")), *_asking(address, resource, act)]


def _asking(address: str, resource: Resource, act: Act) -> list[URLPattern]:
    """Where a colleague's approval of exactly this act is asked for."""
    if act.terms is None:
        return []
    from api.trail import APPROVALS

    terms, said = act.terms, act.said or _said

    def shape(target: Any, values: dict[str, Any]) -> dict[str, Any]:
        kind, object_id, payload = terms(target, values)
        summary = {"said": said(target, values), "form": {}, "page": ""}
        return {"kind": kind, "object_id": object_id, "payload": payload, "summary": summary}

    asking = Act(request_approval, act.permission, input=act.input, answers=APPROVALS, adds=True, shape=shape)
    name = f"ask-{act.action.__name__.replace('_', '-')}"
    view = _view(
        Deed, f"Do{_camel(name)}", resource=resource, act=asking, permission={"POST": act.permission}
    )
    view.__doc__ = f"Ask a second person to approve exactly this: {act.action.__name__} with the same body."
    return [_path(f"{address}ask/", view, name)]


def _said(target: Any, values: dict[str, Any]) -> list[list[str]]:
    """What the colleague reads before agreeing; sealed with the request, in the shape the pages use."""
    return [
        [name.replace("_", " "), _word(value)] for name, value in values.items() if value not in (None, "")
    ]


def _word(value: Any) -> str:
    return "; ".join(_word(one) for one in value) if isinstance(value, list | tuple) else str(value)


def _view(base: type[Endpoint], name: str, **attributes: Any) -> type[Endpoint]:
    return type(name, (base,), {**attributes, "__module__": __name__, "__doc__": None})


def _path(address: str, view: type[Endpoint], name: str) -> URLPattern:
    return path(address, view.as_view(), name=name)


def _camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.replace("_", "-").split("-"))
