"""Every other address under the API: a problem document, not a page."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from api.endpoints import Endpoint
from api.tokens import PUBLIC


class Nowhere(Endpoint):
    """There is nothing here, whoever asks."""

    permission = {"GET": PUBLIC, "POST": PUBLIC}
    authentication_classes = ()
    schema = None

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise Http404

    post = get
