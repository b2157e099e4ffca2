"""Ticket numbers, told from money, dates, telephones and norms."""

import regex

from agent.schema import Brief

MOST_TICKETS = 4

# What stands between a word for a ticket and its number, and a number that is no date, year, amount or telephone.
_NUMBERED = r"s?\.?\s*(?:no\b\.?|nr\b\.?|n[°ºo]\b?\.?|num(?:ber|éro|mer)?\b\.?|número|numero)?\s*[:#]?\s*"
_ID = (
    r"(?!(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?!\d)(?:-\d\d)?)?(?![\d-]))(?!\d{1,2}-\d{1,2}-\d{2,4}(?!\d))"
    r"(?:[A-Z]{1,3}-)?\d{1,10}(?:-\d{1,8}){0,2}(?:-[A-Z]{1,2})?(?![.,:/]\d|\s?[%€$£]|\s\d|\s(?i:eur|usd|gbp|chf|euros?|k|h|uhr|am|pm)\b)"
)
_TICKET = regex.compile(
    r"(?<![\w/@.#-])(?:"
    r"(?!(?:EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|UTF|ISO|DIN|SHA|RFC|COVID|FY\d*|Q[1-4]|H[12])-)"
    r"[A-Z][A-Z0-9]{1,9}(?:-\d{1,8}){1,3}"
    r"|#\d{3,}"
    r"|(?:INC|REQ|RITM|CHG|PRB|TASK|CS)\d{5,}"
    r"|(?i:(?:ticket|incident|incidencia|incidente|ref|reference|referenz|vorgang|dossier)" + _NUMBERED + r"\K)"
    r"(?=(?:[A-Z]{1,3}-)?[\d-]*\d{3})" + _ID + r"|(?i:(?<!\bin )(?:case|id|demande|request|issue|fall|anfrage|caso|"
    r"solicitud|richiesta|segnalazione|melding|zaak)" + _NUMBERED + r"\K)"
    r"(?=\d{4}|[A-Z]{1,3}-\d{3}|\d{1,4}-\d{2})" + _ID + r")(?![\w-])"
)


def tickets(brief: Brief) -> tuple[str, ...]:
    """Ticket numbers as the thread writes them, newest message first; never amounts, dates or norms."""
    texts = (text for message in brief.situation.messages for text in (message.subject or "", message.body))
    found = (match[0] for text in texts for match in _TICKET.finditer(text))
    return tuple(dict.fromkeys(found))[:MOST_TICKETS]
