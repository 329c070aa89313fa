"""Resources and who does what."""

from __future__ import annotations

import dataframely as dy

from pmo_lib.tables.plan import MONEY, instant

PERSON_MINUTES = {"unit": "person minutes"}


class Resources(dy.Schema):
    """One row a resource."""

    resource = dy.String(primary_key=True, description="key: the source's unique id of the resource")
    code = dy.String(nullable=True, description="short name or initials")
    name = dy.String(description="the resource's name")
    kind = dy.Enum(["labour", "equipment", "material", "cost"], description="what it is")
    calendar = dy.String(nullable=True, description="key of the resource's own calendar")
    max_units = dy.Float64(nullable=True, min=0, metadata={"unit": "full-time equivalents"}, description="how many are available")
    standard_rate = dy.Float64(nullable=True, metadata={"unit": "project currency per hour (material: per unit)"}, description="price")
    parent = dy.String(nullable=True, description="key of the resource group")


class Assignments(dy.Schema):
    """One row a resource on an activity."""

    activity = dy.String(description="activity id")
    resource = dy.String(nullable=True, description="key of the resource; null: a role or an unassigned demand")
    uid = dy.String(nullable=True, description="the source's internal id of the assignment")
    units = dy.Float64(nullable=True, metadata={"unit": "full-time equivalents"}, description="rate of use while working")
    planned_work = dy.Int64(nullable=True, metadata=PERSON_MINUTES, description="work as planned now")
    actual_work = dy.Int64(nullable=True, metadata=PERSON_MINUTES, description="work done")
    remaining_work = dy.Int64(nullable=True, metadata=PERSON_MINUTES, description="work to do")
    planned_quantity = dy.Float64(nullable=True, metadata={"unit": "the material's unit"}, description="quantity of a material")
    planned_cost = dy.Float64(nullable=True, metadata=MONEY, description="cost as planned now")
    actual_cost = dy.Float64(nullable=True, metadata=MONEY, description="cost so far")
    remaining_cost = dy.Float64(nullable=True, metadata=MONEY, description="cost still to come")
    start = instant("when this assignment begins")
    finish = instant("when this assignment ends")
    drives = dy.Bool(
        nullable=True, description='false: the activity takes no dates from it (P6\'s "Drive activity dates"); null: the source says no such thing'
    )
