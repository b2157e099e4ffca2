"""The stated ARR in EUR per year. What the amount means for a level is the policy's."""

from decimal import ROUND_HALF_UP, Decimal

from agent.policy import Rates
from agent.schema import Period, StatedArr

# A period the text does not name is a year: that is what the A in ARR says.
_PER_YEAR = {Period.YEAR: 1, Period.UNKNOWN: 1, Period.QUARTER: 4, Period.MONTH: 12}
# More than any account pays in any currency: a misreading, whose digits without end would not even print.
_LARGEST = Decimal(10) ** 15


def eur_per_year(arr: StatedArr | None, rates: Rates) -> Decimal | None:
    """Exact EUR per year; None if unstated, in a currency without a rate, or beyond any real amount."""
    if arr is None or arr.amount > _LARGEST:
        return None
    return rates.to_eur(arr.amount * _PER_YEAR[arr.period], arr.currency)


def whole(eur: Decimal) -> int:
    """EUR without cents, half a euro upwards."""
    return int(eur.to_integral_value(ROUND_HALF_UP))
