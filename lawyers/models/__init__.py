"""The panel: who the lawyers are and what they can take on."""

from lawyers.models.panel import Lawyer
from lawyers.models.practice import Away, Capacity, Competence, Coverage, Licence

__all__ = ["Away", "Capacity", "Competence", "Coverage", "Lawyer", "Licence"]
