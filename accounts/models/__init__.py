"""Who acts: staff and portal lawyers, their roles, teams, grants, approvals, tokens; and what is watched."""

from accounts.models.access import ApiToken, Grant
from accounts.models.approvals import Approval
from accounts.models.erasure import Erasure, LegalHold, RetentionRun
from accounts.models.mail import Mail, NoticeAddress
from accounts.models.people import RoleGrant, User
from accounts.models.teams import Team, TeamGrant, TeamMember
from accounts.models.watching import CutOff, GlassReview, Lockdown, ReadingFreeze

__all__ = [
    "ApiToken",
    "Approval",
    "CutOff",
    "Erasure",
    "GlassReview",
    "Grant",
    "LegalHold",
    "Lockdown",
    "Mail",
    "NoticeAddress",
    "ReadingFreeze",
    "RetentionRun",
    "RoleGrant",
    "Team",
    "TeamGrant",
    "TeamMember",
    "User",
]
