"""What is scored: four dimensions of five levels, and the type of the issue."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

Level = Annotated[int, Field(ge=1, le=5)]


class Dimension(StrEnum):
    """The four dimensions, in the framework's order."""

    CUSTOMER_IMPACT = "customer_impact"
    ACCOUNT_VALUE = "account_value"
    TIME_SENSITIVITY = "time_sensitivity"
    CSM_CAPABILITY = "csm_capability"


class IssueType(StrEnum):
    """The seven issue types, in the framework's order."""

    PRODUCT_DEFECT = "product_defect"
    FEATURE_GAP = "feature_gap"
    SERVICE_FAILURE = "service_failure"
    COMMERCIAL_DISPUTE = "commercial_dispute"
    RELATIONSHIP_RISK = "relationship_risk"
    EXECUTIVE_INTERVENTION = "executive_intervention"
    CROSS_FUNCTIONAL = "cross_functional"
