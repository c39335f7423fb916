"""The description of the API (OpenAPI 3.1), which everybody may read: made once for each language.

Making it takes seconds of processor, and asking for it takes no token.
"""

from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularJSONAPIView
from rest_framework.request import Request


class _Remembered(SchemaGenerator):
    def get_schema(self, request: Request | None = None, public: bool = False) -> Any:
        """The whole description, whoever asks: what each may is said by the answers."""
        language = translation.get_language()
        return described(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


@cache
def described(language: str) -> Any:
    """The description with its texts in one of the languages of the installation."""
    made: Any = SchemaGenerator
    with translation.override(language):
        return made().get_schema(request=None, public=True)


class Description(SpectacularJSONAPIView):
    authentication_classes = ()
    generator_class = _Remembered
