"""What a field of a file is called, for people: P6's columns and MS Project's elements in words, with the field's own name to look for."""

from __future__ import annotations

import re

P6 = {
    "target_drtn_hr_cnt": "original duration",
    "remain_drtn_hr_cnt": "remaining duration",
    "total_float_hr_cnt": "total float",
    "free_float_hr_cnt": "free float",
    "critical_drtn_hr_cnt": "greatest float of critical activities",
    "lag_hr_cnt": "lag",
    "target_work_qty": "planned labour units",
    "act_work_qty": "actual labour units",
    "remain_work_qty": "remaining labour units",
    "target_equip_qty": "planned nonlabour units",
    "act_equip_qty": "actual nonlabour units",
    "remain_equip_qty": "remaining nonlabour units",
    "target_qty": "planned units",
    "act_reg_qty": "actual regular units",
    "act_ot_qty": "actual overtime units",
    "remain_qty": "remaining units",
}


def spoken(field: str) -> str:
    """The field in words, its own name behind them where it differs: "remaining duration (remain_drtn_hr_cnt)"."""
    plain = P6.get(field) or re.sub(r"(?<=[a-z])(?=[A-Z])", " ", field).lower()
    return plain if plain == field or plain == field.lower() else f"{plain} ({field})"
