"""Which of a text's amounts is what the account pays: recurring, current, its own."""

import re

from agent.money.amounts import PER_UNIT, StatedAmount, read_amounts
from agent.schema import Period

LEAST_BARE_AMOUNT = 1_000

# What says that an amount is the account's recurring revenue, and what says that it is something else.
_REVENUE = re.compile(
    r"(?<![^\W_])(?:ARR|MRR|ACV|contract|contrat|contrato|contratto|vertrag\w{0,12}|subscription|abo|abonnement\w{0,4}"
    r"|suscripción|abbonamento|renews?|renewal|verlängerung|renouvellement|renovación|rinnovo|verlenging"
    r"|licen[cs]e\w{0,4}|lizenz\w{0,10}|plan|tarif|pays?|paying|zahl(?:t|en)|paie(?:nt)?|pagan?"
    r"|betaalt|betalen|spends?|account|worth|fee|canone|canon|cuota|redevance|abono)(?![^\W_])",
    re.IGNORECASE,
)
_NOT_REVENUE = re.compile(
    r"penal|fined?\b|fines\b|credit|refund|invoice|overcharg|overbill|billed|charged|disput|difference|arrears"
    r"|lost\b|los(?:e|es|ing|s)\b|losses|damage|cost|salar|wage|budget|competitor|offer|quote[ds]?\b|cheaper|limit"
    r"|approv|sign off|surcharge|overage|fee for|late fees?|devolv|devuel|sales\b|strafe|gutschrift|rechnung"
    r"|bestreit|verlust"
    r"|verlier|schadenersatz|kost|gehalt|angebot|wettbewerb|differenz|freigabe|nachlass|pénalit|amende|avoirs?\b"
    r"|factur(?!amos)|faisait|chiffre|perte|perd|coût|offre|remise|écart|multa|reembols|abono(?! anual| mensual)"
    r"|pérdida|pierd|perdi"
    r"|coste|oferta|penale|nota di credito|fattur|perdit|perde|offerta|boete|verlies|schadevergoeding|factuur"
    r"|offerte|korting|turnover|umsatz(?! mit uns)|revenue of|(?:their|its|own|company) revenue|fatturato"
    r"|facturaci[oó]n de|omzet"
    r"|overtime|straordinari|überstunden|heures sup|horas extra|overuren|upsell|pipeline|potential|forecast"
    r"|prospect|could (?:be|become|grow)"
    r"|would (?:be|become)|grow to|target|ausbau|potenzial|potenciel|potentiel|potencial|potenziale|ausgebaut"
    r"|deposit|kaution",
    re.IGNORECASE,
)
# What says that an amount is no longer paid, or is paid by somebody larger than the account.
_FORMER = re.compile(
    r"(?<![^\W_])(?:was|were|used to|previous\w*|former\w*|old|earlier|until (?:last|this)|instead of|up from"
    r"|down from|raised from|bisher|früher\w*"
    r"|vorher|war|alte[nrs]?|statt|avant|ancien\w*|était|passé de|au lieu de|antes|anterior|era|en vez de|pasó de"
    r"|prima|vecchio|invece di"
    r"|vroeger|oude?|in plaats van)(?![^\W_])[^.;\n]{0,20}$",
    re.IGNORECASE,
)
_LARGER = re.compile(
    r"(?<![^\W_])(?:group|parent|holding|headquarters|konzern\w*|mutter\w*|groupe|maison mère|grupo|matriz|gruppo"
    r"|casa madre|concern"
    r"|moeder\w*)(?![^\W_])[^.;\n]{0,30}$",
    re.IGNORECASE,
)
# "$88k, renewal 12/15": what renews is what is paid.
_RENEWS = re.compile(
    r"[,;|]? ?\(?(?:and |up for )?(?:renew\w*|verlänger\w+|läuft (?:bis|aus)|kündbar|reconduction|renouvel\w+"
    r"|échéance|renov\w+|renueva|vence"
    r"|rinnov\w+|scade|verleng\w+|loopt (?:tot|af))(?![^\W_])",
    re.IGNORECASE,
)
_NAMED = re.compile(r"(?<![^\W_])(?:ARR|MRR|ACV)(?: ?[:=~]| is| of| at| von| de| di| van)? ?$")
_NUMBER = re.compile(r"\d[\w.,]*")
_CLAUSE_END, _CLAUSE_OR_COMMA = re.compile(r"[.;!?](?=\s)|\n"), re.compile(r"[,;)\n]|[.!?](?=\s)")


def _clause(text: str, amount: StatedAmount) -> tuple[str, str]:
    """What stands before and after an amount in its own clause, 40 and 25 characters at most."""
    before = _CLAUSE_END.split(text[max(0, amount.start - 40) : amount.start])[-1]
    return before, _CLAUSE_OR_COMMA.split(text[amount.end : amount.end + 25])[0]


def _last_part(before: str) -> str:
    """What follows the last comma, where a word for revenue stands there: the rest speaks of something else.

    So does what stands before another number, where the amount is named: "a penalty of EUR 5k and an ARR of".
    """
    part = before.rpartition(",")[2]
    if _NAMED.search(part):
        return _NUMBER.split(part)[-1]
    return part if _REVENUE.search(part) else before


def _revenue_rank(text: str, amount: StatedAmount) -> int:
    """How clearly an amount is recurring revenue: 4 with a period and a word for it, 1 bare, 0 if something else.

    What was paid once, or is paid by a group, ranks two lower: it counts where nothing better stands.
    """
    before, after = _clause(text, amount)
    periodic = amount.period is not Period.UNKNOWN
    if _NOT_REVENUE.search(_last_part(before)) or (
        not periodic and (_NOT_REVENUE.search(after) or PER_UNIT.match(text, amount.end))
    ):
        return 0
    renews = _RENEWS.match(text, amount.end) and amount.amount >= LEAST_BARE_AMOUNT
    named = bool(_REVENUE.search(before) or _REVENUE.search(after) or renews)
    rank = 1 + 2 * periodic + named
    return max(1, rank - 2) if _FORMER.search(before) or _LARGER.search(before) else rank


def find_arr(text: str) -> StatedAmount | None:
    """The amount that is most clearly the account's recurring revenue, the first of equals; None if none is.

    A bare amount ("Nordhav, 48k EUR, renews in May") counts only where it is the only one and at least 1,000.
    """
    ranked = [(_revenue_rank(text, amount), amount) for amount in read_amounts(text)]
    if clear := [(rank, -amount.start, amount) for rank, amount in ranked if rank > 1]:
        return max(clear)[2]
    bare = [amount for rank, amount in ranked if rank and amount.amount >= LEAST_BARE_AMOUNT]
    return bare[0] if len(bare) == 1 else None
