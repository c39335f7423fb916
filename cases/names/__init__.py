"""Finding people by name over Belarusian, Russian and Latin spellings; pure, no queries."""

from cases.names.candidates import PersonFacts, Scored, score_candidates, search_names
from cases.names.keys import candidate_keys
from cases.names.similarity import SAME_PERSON_LIKELY, search_score, similarity

__all__ = [
    "SAME_PERSON_LIKELY",
    "PersonFacts",
    "Scored",
    "candidate_keys",
    "score_candidates",
    "search_names",
    "search_score",
    "similarity",
]
