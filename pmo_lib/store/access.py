"""Who may see and change what. Asked anew at every read and write, so that a revoked grant ends at once.

Where no user is on record the workspace belongs to the single person who can open its folder: everybody is the admin.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import sqlalchemy as sa

from pmo_lib.errors import NotFound, StoreError
from pmo_lib.store import lists
from pmo_lib.store.schema import ROLES, grants, projects, users


@dataclass(frozen=True, slots=True)
class Rights:
    """What one user holds now: role by project key, and by portfolio name."""

    user: str
    admin: bool
    by_project: dict[str, str] = field(default_factory=dict)
    by_portfolio: dict[str, str] = field(default_factory=dict)
    portfolio_of: dict[str, str | None] = field(default_factory=dict)

    def role(self, key: str) -> str | None:
        """The highest role on the project; None: it does not exist for this user."""
        if self.admin:
            return "admin"
        held = (self.by_project.get(key), self.by_portfolio.get(self.portfolio_of.get(key) or ""))
        return max((role for role in held if role), key=ROLES.index, default=None)

    def sees(self, key: str) -> bool:
        return self.role(key) is not None

    def must_see(self, key: str) -> None:
        if not self.sees(key):
            raise NotFound(f"the workspace has no project {key}; pmo projects lists those it has")

    def must_edit(self, key: str) -> None:
        self.must_see(key)
        if self.role(key) == "viewer":
            raise StoreError(f"{self.user} may read {key} but not change it; ask an admin for the role editor")

    def must_administer(self, act: str) -> None:
        if not self.admin:
            raise StoreError(f"{self.user} may not {act}; ask an admin")

    def visible(self, connection: sa.Connection) -> sa.ColumnElement[bool]:
        """The condition that every query over projects carries."""
        if self.admin:
            return sa.true()
        return projects.c.key.in_([key for key in connection.scalars(sa.select(projects.c.key)) if self.sees(key)])


def rights(connection: sa.Connection, user: str | None) -> Rights:
    """What `user` holds now; None is the person at the workspace's own folder."""
    admin = connection.execute(sa.select(users.c.admin).where(users.c.name == user)).scalar() if user else True
    if admin is None and not connection.execute(sa.select(sa.exists(users.select()))).scalar():
        admin = True
    if user is None or admin:
        return Rights(user or "", True)
    held = connection.execute(sa.select(grants.c.scope, grants.c.name, grants.c.role).where(grants.c.user == user)).all()
    by_scope = {scope: {name: role for kind, name, role in held if kind == scope} for scope in ("project", "portfolio")}
    portfolios = lists.portfolios(connection) if by_scope["portfolio"] else {}
    return Rights(user, False, by_scope["project"], by_scope["portfolio"], portfolios)
