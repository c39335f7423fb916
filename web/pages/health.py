"""Two addresses for the machine that watches this one; they say nothing about what is inside."""

import logging

from django.db import DatabaseError, connections
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


@require_safe
def livez(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """The process answers and each of its databases does; 503 otherwise."""
    for alias in connections:
        try:
            with connections[alias].cursor() as cursor:
                cursor.execute("SELECT 1")
        except DatabaseError:
            logger.warning("database %s does not answer", alias)
            return HttpResponse("not ready\n", content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
