"""Street addresses as they are written in German, English, French, Spanish, Italian and Dutch."""

from collections.abc import Iterator

from agent.late import late_regex
from agent.redaction.found import Found
from agent.schema import PrivateKind

_BEFORE, _BEHIND = 90, 120  # characters of an address before and after its house number
_HOUSE_NUMBER = late_regex(r"(?<![\d.,:/])\d{1,5}(?![\d:/%]|[.,]\d)")
_CAP = r"\p{Lu}[\p{L}'’.-]*"
_TOWN_WORD = r"(?:St\.|\p{Lu}[\p{L}'’-]*)"
_TOWN = (
    rf"{_TOWN_WORD}(?:[ -](?:{_TOWN_WORD}|am|an|der|im|bei|sur|sous|en|le|la|les|de|del|della|di|den|aan|op)){{0,4}}"
)
_GAP = r"(?:,?\s{1,3}(?:>\s?)?|\s?[,·|-]\s?)"
_GERMAN_ENDS = r"(?:straße|strasse|str\.|weg|gasse|platz|allee|damm|ufer|chaussee|steig|ring|stieg|promenade)"
_NO_STREET = r"(?!(?:Arbeits|Stell|Lager|Park|Spiel|Steck|Sitz|Fertigungs|Montage|Produktions|Wasch|Lackier|Verpackungs|Förder|Um|Aus|Daten|Liefer|Transport|Start|Speicher)[a-zä]*(?:platz|weg|str|ring|allee|stieg))"
_DUTCH_ENDS = r"(?:straat|laan|weg|plein|gracht|kade|dijk|singel|dreef|steeg|plantsoen|wal|boulevard|haven|burgwal|pad|hof|park|baan)"
_NO_WEG = r"(?!(?:Snel|Om|Onder|Lever|Aanvoer|Transport|Bestands|Start|Wacht|Rij)(?:weg|pad|baan))"
_ENGLISH_ENDS = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Way|Close|Crescent|"
    r"Gardens|Grove|Hill|Mews|Parade|Quay|Row|Walk|Highway|Hwy|Parkway|Pkwy|Circle|Cir|Green|Rise|Wharf)\b\.?"
)
_UK_POSTCODE = r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}"
_LATIN_LINK = r"(?:de la |de los |de las |de l['’]|della |dello |degli |delle |del |dei |des |du |de |di |da |d['’]|la |le |les |el |los |las |l['’]|dell['’])"
_NUMBER = r"\d{1,4}(?: ?[a-zA-Z](?!\p{L})|[/-]\d{1,3}| ?(?:bis|ter|quater)\b)?"

_ADDRESS = late_regex(
    "|".join((
        # Hauptstraße 5, 80331 München; Am Markt 3, 20095 Hamburg only with its town
        rf"(?<!\p{{L}}){_NO_STREET}(?:\p{{Lu}}[\p{{L}}.-]*{_GERMAN_ENDS}|(?:{_CAP}[ -]){{1,3}}(?:Straße|Strasse|Str\.|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee))"
        rf" \d{{1,4}} ?(?:[a-zA-Z](?!\p{{L}}))?(?: ?[-–/] ?\d{{1,4}}[a-z]?)?(?:{_GAP}(?:(?:D|A|CH)-)?\d{{4,5}} {_TOWN})?",
        rf"(?<!\p{{L}})(?:Am|An der|An den|An dem|Im|In der|In den|Zum|Zur|Unter den|Auf der|Auf dem|Hinter der) {_CAP}(?: {_CAP})? \d{{1,4}} ?[a-z]?{_GAP}(?:(?:D|A|CH)-)?\d{{4,5}} {_TOWN}",
        rf"(?<!\p{{L}})(?:Postfach|Postbus|P\.? ?O\.? Box|Casella Postale|Apartado(?: de Correos)?|BP|B\.P\.) \d[\d ]{{1,8}}(?:{_GAP}\d{{4,5}}(?: ?[A-Z]{{2}})? {_TOWN})?",
        # 12 Baker Street, London NW1 6XE; 1600 Main St, Springfield, IL 62704
        rf"(?<![\w.,-])(?:(?:Flat|Unit|Apt|Suite|Apartment) [\w-]{{1,5}},? )?\d{{1,5}}[A-Za-z]?(?:-\d{{1,5}})? (?:(?:North|South|East|West|N|S|E|W)\.? )?(?:\p{{Lu}}[\p{{L}}'’.-]* |\d{{1,3}}(?:st|nd|rd|th) ){{1,4}}{_ENGLISH_ENDS}"
        rf"(?: (?:North|South|East|West|NE|NW|SE|SW|N|S|E|W)\b)?(?:,? (?:Apt|Suite|Ste|Unit|Flat|Floor|#)\.? ?[\w-]{{1,6}})?(?:{_GAP}\p{{Lu}}[\p{{L}}'’-]+(?: \p{{Lu}}[\p{{L}}'’-]+){{0,2}}(?={_GAP}(?:[A-Z]{{2}},? \d{{5}}|{_UK_POSTCODE})|,? {_UK_POSTCODE}))?"
        rf"(?:,?\s{{1,3}}(?:[A-Z]{{2}},? \d{{5}}(?:-\d{{4}})?|{_UK_POSTCODE})|, \p{{Lu}}\p{{Ll}}+(?=[.,;]|\s*$))?",
        # 12 rue de la Paix, 75002 Paris
        rf"(?<![\w.,-]){_NUMBER},? (?i:rue|avenue|av\.|boulevard|bd\.?|place|allée|chemin|impasse|quai|cours|route|square|passage|faubourg|esplanade|sentier|villa) "
        rf"{_LATIN_LINK}?[\p{{L}}\d][\p{{L}}\d'’.-]*(?:[ -](?:{_LATIN_LINK})?{_CAP}){{0,4}}(?:{_GAP}(?:F-|B-|CH-)?\d{{4,5}} {_TOWN}(?: (?i:cedex)(?: \d{{1,2}})?)?)?",
        # Calle Mayor 5, 28013 Madrid
        rf"(?<!\p{{L}})(?i:calle|c/|c\.|avenida|avda\.?|av\.|paseo|p\.º|plaza|pza\.|carretera|ctra\.|ronda|travesía|camino|rambla|gran vía|glorieta|callejón|polígono(?: industrial)?) ?"
        rf"{_LATIN_LINK}?{_CAP}(?: (?:{_LATIN_LINK})?{_CAP}){{0,4}},? ?(?:n\.?[º°]? ?|núm\.? )?{_NUMBER}(?:,? ?\d{{1,2}}\.?[ºª°](?: ?[A-Z](?!\p{{L}}))?)?(?:{_GAP}\d{{5}} {_TOWN}(?: \([\p{{L}} ]{{2,20}}\))?)?",
        rf"(?<!\p{{L}})(?:Gran Vía|La Rambla|Rambla) {_NUMBER}(?:{_GAP}\d{{5}} {_TOWN})?",
        # Via Roma 10, 20121 Milano (MI)
        rf"(?<!\p{{L}})(?i:via|viale|v\.le|piazza|p\.zza|p\.za|corso|c\.so|largo|vicolo|strada|piazzale|lungotevere|lungarno|salita|contrada) "
        rf"(?:{_LATIN_LINK}|[XVI]+ )?(?:{_CAP}|\d{{1,2}} {_CAP})(?: (?:{_LATIN_LINK}|e )?{_CAP}){{0,4}},? ?(?:n\.?[º°]? ?)?{_NUMBER}(?:/[A-Za-z])?(?:{_GAP}(?:I-)?\d{{5}} {_TOWN}(?: \([A-Z]{{2}}\))?)?",
        rf"(?<!\p{{L}})(?:{_CAP} ){{1,3}}\d{{1,4}} ?[a-zA-Z]?(?:-\d{{1,3}})?{_GAP}\d{{4}} [A-Z]{{2}}\s{{1,3}}{_TOWN}",
        # Keizersgracht 123, 1015 CJ Amsterdam
        rf"(?<!\p{{L}}){_NO_WEG}(?:(?:{_CAP}|van|de|der|den|het|ten|ter|1e|2e) ){{0,4}}\p{{Lu}}[\p{{L}}'’-]*{_DUTCH_ENDS} \d{{1,4}}(?:[- ]?[a-zA-Z](?!\p{{L}})|-\d{{1,3}}| ?(?:I{{1,3}}|hs|huis)\b)?(?:{_GAP}\d{{4}} ?[A-Z]{{2}}(?:\s{{1,3}}{_TOWN})?)?",
    ))
)  # fmt: skip


# 〒100-0005 東京都千代田区丸の内1-1-1: the postal mark, or a prefecture with a town and a number.
_JAPANESE = late_regex(
    r"〒\s?\d{3}[-‐－ー−]?\d{4}(?:(?!\\[nrt])[^\n\"])*"
    r"|(?:東京都|北海道|(?:大阪|京都)府|\p{Han}{2,3}県)(?:(?!\\[nrt])[^\s\"、。\d]){1,20}\d+(?:[-‐－ー−丁目番地号の]+\d*)*"
)


def japanese(text: str) -> Iterator[Found]:
    """Japanese postal addresses; behind the postal mark the whole line."""
    yield from (Found(m.start(), m.start() + len(m[0].rstrip()), PrivateKind.ADDRESS) for m in _JAPANESE.finditer(text))


def addresses(text: str) -> Iterator[Found]:
    """Street and number, with postcode and town where they follow; a town alone is no address."""
    for start, end in _near_numbers(text):
        for match in _ADDRESS.finditer(text, start, end):
            yield Found(match.start(), match.start() + len(match[0].rstrip(" ,.-")), PrivateKind.ADDRESS)


def _near_numbers(text: str) -> Iterator[tuple[int, int]]:
    """Where an address can stand at all: around a number. Anywhere else the pattern would only cost time."""
    region: tuple[int, int] | None = None
    for match in _HOUSE_NUMBER.finditer(text):
        start, end = max(0, match.start() - _BEFORE), match.end() + _BEHIND
        if region and start <= region[1]:
            region = region[0], end
        else:
            if region:
                yield region
            region = text.rfind(" ", 0, start) + 1, end
    if region:
        yield region
