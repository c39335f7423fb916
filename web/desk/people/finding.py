"""Finding the person a request is about: by id, code name, number of a case, or alias."""

import uuid

from django.http import Http404

from accounts.erasing import registry
from accounts.models import User
from cases.models import Case, Client
from lawyers.models import Lawyer


def person_or_404(pk: uuid.UUID) -> tuple[registry.Kind, registry.Person]:
    """Whose id it is. Raises Http404."""
    try:
        return registry.find(pk)
    except registry.NobodyToErase:
        raise Http404 from None


def find_person(text: str) -> uuid.UUID | None:
    """Somebody's id by what colleagues call them; names are not looked at."""
    wanted = text.strip()
    found = (
        Client.objects.filter(code_name__iexact=wanted).values_list("id", flat=True).first()
        or Case.objects.filter(reference__iexact=wanted).values_list("client", flat=True).first()
        or Lawyer.objects.filter(code_name__iexact=wanted).values_list("id", flat=True).first()
        or User.objects.filter(username=wanted).values_list("id", flat=True).first()
    )
    if found is None:
        found = _as_id(wanted)
    return found


def _as_id(text: str) -> uuid.UUID | None:
    try:
        kind, person = registry.find(uuid.UUID(text))
    except (ValueError, registry.NobodyToErase):
        return None
    return person.id if kind else None
