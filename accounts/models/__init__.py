"""Who acts: staff and portal lawyers, their roles, grants, approvals, tokens."""

from accounts.models.access import ApiToken, Grant
from accounts.models.approvals import Approval
from accounts.models.people import RoleGrant, User

__all__ = ["ApiToken", "Approval", "Grant", "RoleGrant", "User"]
