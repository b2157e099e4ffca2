"""Which words tell who speaks: labels of roles, companies in a heading, and what only one side says."""

import re

from agent.intake.dates import MONTHS, RELATIVE_DAYS, WEEKDAYS
from agent.late import late

CUSTOMER = late(
    r"(?:the )?(?:customer|cust|client|clienta?|cliente|kund(?:e|in)|klant|request[eo]r"
    r"|reporter|demandeu(?:r|se))(?!\w)"
    r"(?! ?[-:]? ?(?:success|support|services?|care|record|since|value|file|page|notes?|account|number|id"
    r"|card|data|ops)\b)",
    re.IGNORECASE,
)
US = late(
    r"(?:our |(?:us|csm|cs|(?:customer|client) (?:success|support|services?|care)|support|soporte|supporto|agent"
    r"|internal|interne?|interno|engineering|dev|product management|entwicklung|technik|me|ich|moi|yo|io|ik"
    r"|deal desk)(?!\w))",
    re.IGNORECASE,
)
MARKED_US = late(
    r"\((?:[^()]{0,40}(?<!\w))?(?:csm|us|our [^()]{1,40}|internal|intern)\)|, (?:vp cs|head of cs)(?!\w)", re.IGNORECASE
)
NOTE = late(r"(?:csm )?(?:note|notes|nota|notiz|vermerk|kommentar|comment)(?!\w)", re.IGNORECASE)
CSM = late(r"(?:csm|me|ich|moi|yo|io|ik)(?!\w)", re.IGNORECASE)
TITLED_CSM = late(r"(?P<before>[^\W\d_][\w'’-]{1,30}) \((?:[^()\n]{0,30} )?CSM\)|\bCSM (?P<after>[A-Z][\w'’-]{1,30})")
INTERNAL_CHANNEL = late(
    r"\A\W{0,3}#?\s?(?:int|internal|csm|cs|team|deal-desk|help|kunden|kundenbetreuung|clientes|soporte|cuentas|clients"
    r"|customers)[-_\s]|internal only|nur intern",
    re.IGNORECASE,
)
_FORM = late(
    r"\W{0,3}(?:ticket|case|incident|request|ref|id|sr|issue|account|opened|owner|queue|plan|vorgang|anfrage|kunde"
    r"|dossier|demande|caso|incidencia|melding|zaak|zgłoszenie|ärende|sag|sak|pyyntö|požadavek)\b[ :#|°º.-]{0,4}"
    r"(?:n[°ºr]\.? ?)?[^\n]{0,3}\d|^(?:account|customer|client|kunde|kundin|cliente|klant|opened|status|priority"
    r"|severity|subject|title|priorität|betreff|priorité|prioridad)\s?:",
    re.IGNORECASE | re.MULTILINE,
)
DESK = late(
    r"(?:support|csm?|(?:customer-?)?success|help(?:desk)?|kundenservice|soporte|supporto)@"
    r"(?P<domain>[^\s<>()\[\],;:@]{1,80})",
    re.IGNORECASE,
)

_ROLE_WORDS = (
    "a accounting accounts admin administration after all and assistant at back backend billing board boss "
    "buchhaltung by ceo cfo chair chairman chef chief compliance comptabilité contabilità controller "
    "controlling coo coordinator cs csm cto de del der di die directeur direction director directrice "
    "direktion draft drafts dringend du einkauf engineer engineering et facturation fieldteam file finance "
    "finances finanza finanzas finanzen forward forwarded frontend fwd geschäftsführer geschäftsführung head "
    "her herself him himself hr internal it itself juridique juristen la lead legal legale leiter leiterin "
    "leitung line manager marketing me my myself note notes of office onboarding operations ops our out owner "
    "payments personal platform president procurement product produkt purchasing receivable recht "
    "rechtsabteilung replies reply sales security self sent service services support team tech technik the to "
    "treasurer und us ventas vertrieb via vice voicemail vp with y"
)
_ROLES = frozenset(_ROLE_WORDS.split())
_OF_A_CHAT = frozenset(
    ("extern", "externa", "externe", "external", "externo", "gast", "guest", "invitado", "invitada", "invité", "ospite")
)
"""what a chat puts behind the name of somebody of another house"""
_DAYS_AND_MONTHS = frozenset(" ".join((*WEEKDAYS, *MONTHS, *RELATIVE_DAYS.values())).split())
_DAYS = frozenset(day for day in " ".join((*WEEKDAYS, *RELATIVE_DAYS.values())).split() if len(day) > len("sam"))
_TITLE_WORDS = (
    "and chief comentario comment commentaire commento cs csm da dame das de del den der di die dr du el file "
    "finance for frau head herr intern internal kommentar la le lead legal madame manager monsieur mr mrs ms "
    "my note notiz of office own product prof sir support team the to van von"
)
_TITLES = frozenset(_TITLE_WORDS.split())
_NAME = late(r"[^\W\d_]{2,40}")
_PIECES = late(r"[,(]")
TO_US_ALL = late(
    r"\W{0,3}(?:hi|hello|hey|dear|hallo|liebes?|bonjour|hola|ciao|beste|hoi) (?:team|all|everyone"
    r"|everybody|folks|colleagues"
    r"|zusammen|alle|à tous|tous|equipo|todos|a tutti|tutti|allemaal|collega)(?!\w)",
    re.IGNORECASE,
)
COMPANY_WORD = late(r"[^\W\d_][\w&'’.-]*")


def names(words: str | None) -> frozenset[str]:
    """The names in a heading, without titles, company, role and day."""
    person = re.split(r"[,(|]", words or "", maxsplit=1)[0]
    return frozenset(_NAME.findall(person.lower())) - _TITLES - _DAYS


def company(author: str | None) -> frozenset[str] | None:
    """The words of the company behind a name ("Ann Lee, CFO, Alder"); None where only a role or an aside stands."""
    for piece in reversed(_pieces(author)):
        words = COMPANY_WORD.findall(piece)
        telling = frozenset(word.lower() for word in words) - _ROLES - _OF_A_CHAT - _DAYS_AND_MONTHS
        if any(word[0].isupper() and word.lower() in telling for word in words):
            return telling
    return None


def of_an_office(author: str | None) -> bool:
    """Whether nothing but an office or an aside stands behind the name ("Rita Voss, Finance", "Bo (to himself)")."""
    words = [word.lower() for piece in _pieces(author) for word in COMPANY_WORD.findall(piece)]
    return bool(words) and _ROLES.issuperset(words)


def of_our_desk(author: str | None) -> bool:
    """Whether a desk of ours stands behind the name ("Bo Ray, Support")."""
    return any(US.match(piece.strip()) for piece in _pieces(author))


def _pieces(author: str | None) -> list[str]:
    return _PIECES.split(author or "")[1:]


# What stands at the start of a word is tried there only, as most time went into places where nothing can begin.
_SUPPLIER = late(
    r"\b(?<!your )(?:support (?:has|is|will|reproduced|tells|says)|our (?:support(?! people| staff)|engineer|roadmap)"
    r"|I(?:'ve| have)? (?:passed|forwarded|reproduced)|(?:look|looking) into"
    r"|we(?:'ll| will| are|'re)? look(?:ing)?\b|apologi[sz]e for|unser(?:e|em|en)? (?:Support|Entwickl)"
    r"|notre (?:support|équipe)|ons (?:team|support))"
    r"|(?=[stewdnlmc])(?<!your )(?:sorry (?:about|for) (?:the (?!subject|long|late|short)|that|this)"
    r"|thank you for (?:reporting|raising|flagging)|schauen uns das an|entschuldig|tut mir leid"
    r"|weitergegeben|weitergeleitet|désolée?s?|nuestro (?:equipo|soporte)|lamento|disculp"
    r"|excuses|nostro (?:team|supporto)|mi scuso|ci scusiamo)",
    re.IGNORECASE,
)
_BUYER = late(
    r"\b(?:your (?:\w{1,20} )?(?:support|team|system|software|product|platform|tool|service|update|release|company"
    r"|people|colleagues?|invoices?|app|portal|engineers?|developers?)\b|(?:we|nobody|they|team"
    r"|staff) (?:cannot|can't|can not"
    r"|los(?:e|es|ing)|depend|rely)\b|(?:our|my) (?:staff|users|business|guests|members|patients|drivers|warehouse"
    r"|board|team)\b|still (?:fail|not|no|wait)|fail(?:s|ed|ing)?\b|unacceptable"
    r"|(?:ihr|eure?)(?:e|em|er|en)? (?:System|Software|Support|Team|Update|Programm|Kolleg)"
    r"|wir (?:können|verlieren)|votre (?:équipe|support|outil|logiciel|système)|sus? (?:sistema|soporte)|vostr[aoei]\b"
    r"|jullie\b)"
    r"|niemand|nous (?:ne pouvons|perdons)|no podemos|perdemos|non possiamo|perdiamo",
    re.IGNORECASE,
)


def is_a_form(words: str) -> bool:
    """Whether they hold the fields that a ticket system prints above a ticket."""
    return bool(_FORM.search(words))


def leaning(words: str) -> int:
    """Above 0 where the words are rather a supplier's, below 0 where they are rather a buyer's."""
    return len(_SUPPLIER.findall(words)) - len(_BUYER.findall(words))


_AMOUNT = (
    r"(?:(?:EUR|GBP|CHF|USD|[€£$]) ?\d[\d.,'’ \u00a0]{0,12} ?[km]?"
    r"|\b\d[\d.,'’ \u00a0]{0,12}[km]? ?(?:EUR|euros?|€|GBP|CHF|USD|pounds|Franken))"
)
_PERIOD = (
    r"(?:(?: ?/ ?| an? | per | pro | par | al?l?['’ ]?| im | p\. ?|/)(?:yr|year|annum|a\.|month|mo|mois"
    r"|an|jahr|monat|jaar"
    r"|maand|año|mes|anno|mese)(?!\w)| annual|annually|jährlich| ARR| MRR| p\.a| pa\b)"
)
_REVENUE = late(rf"\b(?:ARR|MRR)\b|{_AMOUNT}{_PERIOD}|contract value|(?:pays?|paying|zahl(?:t|en)|paie|paga) "
                      rf"(?:us |only |uns |nur ){{0,2}}{_AMOUNT}", re.IGNORECASE)  # fmt: skip
_OWN_MONEY = late(
    r"\b(?:we|our|us|I|my|wir|uns|unser\w*|ich|nous|notre|nos|je|nostr[oaie]|ci|ons|wij|we|nuestr[oa]s?|your?|ihr\w*"
    r"|votre|vous|\w{2,20}(?:[aei]mos|iamo))\b",
    re.IGNORECASE,
)
_ASIDE = late(
    r"(?:do not|don['’]?t) tell (?:them|the (?:customer|client))|we could credit them|between us[,:]"
    r"|(?:sagt?|erzählt?) (?:ihm|ihr|ihnen|dem Kunden) nichts",
    re.IGNORECASE,
)
_BEFORE_AMOUNT = 80


def from_inside(words: str) -> bool:
    """Whether only we would write this: what the account pays, unless it is told in the first person, or an aside."""
    if _ASIDE.search(words):
        return True
    for match in _REVENUE.finditer(words):
        line = words[max(0, match.start() - _BEFORE_AMOUNT) : match.start()].rpartition("\n")[2]
        if not _OWN_MONEY.search(line):
            return True
    return False


_SELF = late(
    r"\b(?:we|our|us|wir|unser\w*|uns|nous|notre|nos|nosotros|nuestr\w+|noi|nostr\w|ci|wij|ons|onze)\b", re.IGNORECASE
)
_OTHERS = late(
    r"\b(?:they|them|their|(?:the|this) (?:customer|client|account)|der Kunde|die Kundin|ils|leurs?"
    r"|le client|la cliente"
    r"|ellos|el cliente|loro|il cliente|zij|hun|de klant)\b",
    re.IGNORECASE,
)


def speaks_for_others(words: str) -> bool:
    """Whether it is rather about people who are absent than about the writer's own house."""
    absent = len(_OTHERS.findall(words))
    return bool(absent) and absent >= len(_SELF.findall(words))


_THE_CUSTOMER = late(
    r"\b(?:(?:the|this) (?:customer|client)|(?:der|dem|des|diese[mnrs]?) Kund(?:en?|in)|[cl]e client|au client"
    r"|la cliente|(?:al|el|il|del) cliente|de klant)\b"
    r"(?! (?:portal|export|import|data|base|list|file|records?|master|side|app|area|orders?|database|table|id)\b)",
    re.IGNORECASE,
)


def speaks_of_the_customer(words: str) -> bool:
    """Whether the customer is named as somebody else, which nobody of the customer's does."""
    return bool(_THE_CUSTOMER.search(words))
