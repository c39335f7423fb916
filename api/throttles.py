"""How often one token may call. No address is ever looked at; the public part shares one bucket."""

from typing import Any

from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from accounts.models import ApiToken


class TokenThrottle(SimpleRateThrottle):
    """Reads and changes are counted apart. The count is kept by each server process for itself."""

    scope = "token"
    READS = "1200/min"
    CHANGES = "240/min"
    PUBLIC = "1200/min"

    def __init__(self) -> None:
        """The rate is known once the request is."""

    def get_cache_key(self, request: Request, view: Any) -> str:
        caller = request.auth.prefix if isinstance(request.auth, ApiToken) else "public"
        return f"api:{caller}:{request.method == 'POST'}"

    def allow_request(self, request: Request, view: Any) -> bool:
        rate = self.PUBLIC
        if isinstance(request.auth, ApiToken):
            rate = self.CHANGES if request.method == "POST" else self.READS
        self.rate = rate
        self.num_requests, self.duration = self.parse_rate(rate)
        return super().allow_request(request, view)
