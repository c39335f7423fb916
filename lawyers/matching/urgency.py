"""How much it weighs to leave a case without counsel."""

from lawyers.matching.facts import Need
from lawyers.matching.policy import Policy


def urgency(need: Need, policy: Policy) -> int:
    """Points of the policy, at least 1: a case without points would not be worth covering."""
    points = policy.urgency_later
    if need.hours_to_hearing is not None:
        within = (p for hours, p in policy.urgency_by_hours if need.hours_to_hearing <= hours)
        points = next(within, policy.urgency_later)
    points += policy.urgency_custody * need.in_custody
    points += policy.urgency_minor * need.minor
    points += policy.urgency_illness * need.ill
    return max(1, points)
