from .assessing import assess as assess
from .assessing import assess_plan as assess_plan
from .assessment import Assessment as Assessment
from .assessment import Certificate as Certificate
from .assessment import Forecast as Forecast
from .assessment import Status as Status
from .board_changes import BoardChanges as BoardChanges
from .board_figures import BoardFigures as BoardFigures
from .board_flow import BoardFlow as BoardFlow
from .board_flow import board_flow as board_flow
from .board_flow import board_flow_of as board_flow_of
from .board_flow import board_names as board_names
from .board_forecasting import forecast_board as forecast_board
from .board_forecasting import forecast_board_plan as forecast_board_plan
from .board_forecasting import holds_board as holds_board
from .board_outlook import BoardOutlook as BoardOutlook
from .board_outlook import outlook as outlook
from .board_rules import BoardRules as BoardRules
from .board_rules import board_rules as board_rules
from .boards import BoardForecast as BoardForecast
from .bringing_in import Submission as Submission
from .bringing_in import bring_in as bring_in
from .bringing_in import only_key as only_key
from .bringing_in import set_baseline as set_baseline
from .certificates import certificate as certificate
from .certifying import certificate_of as certificate_of
from .certifying import certificate_of_plan as certificate_of_plan
from .certifying import certify as certify
from .certifying import quality_trend as quality_trend
from .certifying import standard_of as standard_of
from .comparing import compare as compare
from .every_activity import activities as activities
from .every_activity import chosen_activities as chosen_activities
from .every_activity import wbs_choices as wbs_choices
from .examining import examine as examine
from .forecasting import forecast as forecast
from .forecasting import forecast_if_possible as forecast_if_possible
from .forecasting import forecast_plan as forecast_plan
from .hybrid import joined as joined
from .levers import WhatIf as WhatIf
from .levers import simulation_of as simulation_of
from .levers import what_if as what_if
from .overview import edition as edition
from .overview import portfolio as portfolio
from .pulling import Pull as Pull
from .pulling import pull as pull
from .risk_inputs import RiskInputs as RiskInputs

__all__ = [
    "Assessment",
    "BoardChanges",
    "BoardFigures",
    "BoardFlow",
    "BoardForecast",
    "BoardOutlook",
    "BoardRules",
    "Certificate",
    "Forecast",
    "Pull",
    "RiskInputs",
    "Status",
    "Submission",
    "WhatIf",
    "activities",
    "assess",
    "assess_plan",
    "board_flow",
    "board_flow_of",
    "board_names",
    "board_rules",
    "bring_in",
    "certificate",
    "certificate_of",
    "certificate_of_plan",
    "certify",
    "chosen_activities",
    "compare",
    "edition",
    "examine",
    "forecast",
    "forecast_board",
    "forecast_board_plan",
    "forecast_if_possible",
    "forecast_plan",
    "holds_board",
    "joined",
    "only_key",
    "outlook",
    "portfolio",
    "pull",
    "quality_trend",
    "set_baseline",
    "simulation_of",
    "standard_of",
    "wbs_choices",
    "what_if",
]
