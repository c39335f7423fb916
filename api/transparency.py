"""The log for outsiders: signed checkpoints, keys, and proofs of hashes. No event is told, only its hash."""

from typing import Any

from django.http import Http404
from django.urls import URLPattern, path
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail

from api.public import PublicEndpoint
from api.queries import BadQuery
from audit.checkpoints import signing
from audit.checkpoints.models import Checkpoint, LogKey
from audit.proof import paths

MOST = 100
_WHOLE = {"type": "integer", "minimum": 0, "maximum": 2**53}
_HASH = {"type": "string", "pattern": "^[0-9a-f]{64}$"}


class LogEndpoint(PublicEndpoint):
    """Reads its query strictly."""

    parameters: dict[str, dict[str, Any]] = {}

    def number(self, name: str) -> int | None:
        """A whole number of the query; None when it is not there. Raises BadQuery."""
        text = self.request.query_params.get(name)
        if text is None:
            return None
        if not (text.isascii() and text.isdecimal() and len(text) <= 16 and int(text) <= 2**53):
            raise BadQuery({name: [ErrorDetail("A whole number is wanted here.", code="invalid")]})
        return int(text)

    def needed(self, name: str) -> int:
        """The same, when it must be there."""
        found = self.number(name)
        if found is None:
            raise BadQuery({name: [ErrorDetail("This parameter is needed.", code="required")]})
        return found


class CheckpointOut(serializers.Serializer[Any]):
    """``note`` is the signed note (c2sp.org/tlog-checkpoint), letter by letter."""

    size = serializers.IntegerField()
    root_hex = serializers.CharField(source="root_hash")
    signed_at = serializers.DateTimeField()
    note = serializers.CharField()


class Checkpoints(LogEndpoint):
    """The last hundred checkpoints, newest first."""

    output = CheckpointOut
    many = True

    def told(self) -> Any:
        return Checkpoint.objects.order_by("-size")[:MOST]


class OneCheckpoint(LogEndpoint):
    """The latest checkpoint, or the one over ``size`` events."""

    output = CheckpointOut
    parameters = {"size": _WHOLE}

    def told(self) -> Any:
        size = self.number("size")
        found = signing.latest() if size is None else Checkpoint.objects.filter(size=size).first()
        if found is None:
            raise Http404
        return found


class LogKeyOut(serializers.Serializer[Any]):
    """``public_key`` is a verifier key; ``statement`` a note by which the key before vouches for it."""

    number = serializers.IntegerField()
    public_key = serializers.CharField()
    statement = serializers.CharField()
    announced_at = serializers.DateTimeField()


class LogKeys(LogEndpoint):
    """Every key that signed checkpoints of this log, the first one first."""

    output = LogKeyOut
    many = True

    def told(self) -> Any:
        return LogKey.objects.order_by("number")


class InclusionOut(serializers.Serializer[Any]):
    """RFC 9162, section 2.1.3: ``hashes`` lead from the leaf to the root of the first ``size`` events."""

    seq = serializers.IntegerField()
    size = serializers.IntegerField()
    leaf_hash = serializers.CharField()
    hashes = serializers.ListField(child=serializers.CharField())


class Inclusion(LogEndpoint):
    """That an event, by ``seq`` or by its leaf hash, is under a checkpoint, the latest without size."""

    output = InclusionOut
    parameters = {"seq": _WHOLE, "leaf": _HASH, "size": _WHOLE}

    def told(self) -> Any:
        try:
            seq = self._seq()
            size = self.number("size")
            size = _latest_size() if size is None else size
            hashes = paths.inclusion(seq, size)
            leaf = paths.leaf_at(seq)
        except paths.NoSuchPlace:
            raise Http404 from None
        told = {"seq": seq, "size": size, "leaf_hash": leaf.hex()}
        return {**told, "hashes": [hash_.hex() for hash_ in hashes]}

    def _seq(self) -> int:
        leaf = self.request.query_params.get("leaf")
        if leaf is None:
            return self.needed("seq")
        if len(leaf) != 64 or not set(leaf) <= set("0123456789abcdef"):
            raise BadQuery({"leaf": [ErrorDetail("64 hexadecimal digits are wanted here.", code="invalid")]})
        return paths.place_of(bytes.fromhex(leaf))


class ConsistencyOut(serializers.Serializer[Any]):
    """RFC 9162, section 2.1.4."""

    first = serializers.IntegerField()
    second = serializers.IntegerField()
    hashes = serializers.ListField(child=serializers.CharField())


class Consistency(LogEndpoint):
    """That the log of ``second`` events begins with that of ``first``; else the latest checkpoint's."""

    output = ConsistencyOut
    parameters = {"first": _WHOLE, "second": _WHOLE}

    def told(self) -> Any:
        first, second = self.needed("first"), self.number("second")
        second = _latest_size() if second is None else second
        try:
            hashes = paths.consistency(first, second)
        except paths.NoSuchPlace:
            raise Http404 from None
        return {"first": first, "second": second, "hashes": [hash_.hex() for hash_ in hashes]}


def _latest_size() -> int:
    last = signing.latest()
    if last is None:
        raise Http404
    return last.size


urlpatterns: list[URLPattern] = [
    path("public/checkpoints/", Checkpoints.as_view(), name="public-checkpoints"),
    path("public/checkpoint/", OneCheckpoint.as_view(), name="public-checkpoint"),
    path("public/log/keys/", LogKeys.as_view(), name="public-log-keys"),
    path("public/log/inclusion/", Inclusion.as_view(), name="public-inclusion"),
    path("public/log/consistency/", Consistency.as_view(), name="public-consistency"),
]
