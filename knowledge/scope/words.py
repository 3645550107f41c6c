"""English words that turn one question into another, and words that ask for the same thing. Nothing but data."""


def listed(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


def groups(lines: str) -> dict[str, str]:
    """Each word of a line stands for the line's first word."""
    return {word: line.split()[0] for line in lines.strip().splitlines() for word in line.split()}


# --- time, numbers, units ---------------------------------------------------------------------------------------------

# Whatever narrows a question to a time, by the form that is compared.
TIMES = groups(
    """
    monday mondays
    tuesday tuesdays tue tues
    wednesday wednesdays
    thursday thursdays thu thur thurs
    friday fridays fri
    saturday saturdays
    sunday sundays
    weekend weekends
    weekday weekdays workday workdays
    january jan
    february feb
    march
    april apr
    june jun
    july jul
    august aug
    september sep sept
    october oct
    november nov
    december dec
    spring springtime
    summer summertime
    autumn
    winter wintertime
    today tonight
    tomorrow
    yesterday
    morning mornings a.m
    noon midday lunchtime
    afternoon afternoons pm p.m
    evening evenings
    night nights overnight midnight
    holiday holidays
    christmas xmas
    easter
    """
)

NUMBERS = groups(
    """
    0 zero
    2 two second 2nd twice both double
    3 three third 3rd
    4 four fourth 4th
    5 five fifth 5th
    6 six sixth 6th
    7 seven seventh 7th
    8 eight eighth 8th
    9 nine ninth 9th
    10 ten tenth 10th
    11 eleven eleventh 11th
    12 twelve twelfth 12th dozen
    20 twenty
    30 thirty
    100 hundred
    1000 thousand
    0.5 half
    """
)

# Units that may stand before or after a number; the same unit has one name.
UNITS = groups(
    """
    km kilometre kilometres kilometer kilometers
    mile miles
    metre metres meter meters
    cm centimetre centimetres centimeter centimeters
    mm millimetre millimetres millimeter millimeters
    inch inches
    foot feet ft
    kg kilo kilos kilogram kilograms
    gram grams
    pound pounds lb lbs
    tonne tonnes ton tons
    litre litres liter liters
    ml millilitre millilitres milliliter milliliters
    gb gigabyte gigabytes
    mb megabyte megabytes
    celsius centigrade
    fahrenheit
    euro euros eur €
    dollar dollars usd $
    gbp £ sterling
    yen jpy ¥
    yuan rmb cny
    franc francs chf
    percent % per-cent
    second seconds sec
    minute minutes min mins
    hour hours hrs
    day days
    week weeks
    month months
    year years
    """
)

# --- opposites and negation -------------------------------------------------------------------------------------------

NEGATIONS = listed("not no never without none nothing nobody neither cannot unable impossible")

# One in the question, the other in the correction: they are not the same question.
OPPOSITES: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (listed(left), listed(right))
    for left, right in (
        ("on", "off"),
        ("open opens opened opening", "close closes closed closing shut"),
        ("with", "without"),
        ("before", "after"),
        ("in inside indoor indoors", "out outside outdoor outdoors"),
        ("up", "down"),
        ("over above", "under below"),
        ("to", "from"),
        ("increase raise increases raised", "decrease reduce lower decreases reduced"),
        ("enable activate enabled activated", "disable deactivate disabled deactivated"),
        ("first", "last"),
        ("earliest", "latest"),
        ("from since", "until till deadline"),
        ("early", "late"),
        ("min minimum least smallest shortest lowest", "max maximum most largest longest highest"),
        ("more longer larger", "less fewer shorter smaller"),
        ("start starts begin begins started", "end ends stop stops finish finishes ended finished"),
        ("add adding", "remove delete removing deleting"),
        ("lock locked", "unlock unlocked"),
        ("upload uploading", "download downloading"),
        ("import", "export"),
        ("checkin", "checkout"),
        ("login", "logout"),
        ("arrive arrival arrivals", "depart departure departures leave"),
        ("send sending sent", "receive receiving received"),
        ("subscribe", "unsubscribe"),
        ("accept approve", "reject decline refuse"),
        ("win", "lose"),
        ("born birth", "died die death"),
        ("old older oldest", "new newer newest"),
        ("public", "private"),
        ("cheap cheapest", "expensive"),
        ("hot warm", "cold"),
        ("legal", "illegal"),
        ("paid", "unpaid"),
        ("deposit", "withdraw withdrawal"),
        ("adult adults", "child children kid kids"),
        ("male men man", "female women woman"),
        ("father fathers dad daddy", "mother mothers mom mum mummy"),
        ("son sons", "daughter daughters"),
        ("brother brothers", "sister sisters"),
        ("husband husbands", "wife wives"),
        ("king", "queen"),
        ("domestic national", "international abroad foreign"),
        ("online", "offline"),
        ("include included includes", "exclude excluded excludes"),
        ("connect connected", "disconnect disconnected"),
        ("left", "right"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
    )
)

# The same act from both ends of the counter: opposites, unless the house does one where the person does the other.
SIDES: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (listed(one), listed(other))
    for one, other in (
        ("buy buying bought purchase", "sell selling sold"),
        ("lend lending lent", "borrow borrowing borrowed"),
    )
)

# --- what an answer is ------------------------------------------------------------------------------------------------

# Words that say what the answer will be, where a country is no city and a profession no language.
ANSWERS = groups(
    """
    country countries nation nationality citizenship citizen
    city cities town village
    continent
    language languages speak speaks speaking spoken tongue
    religion faith
    profession occupation job career
    field discipline domain expertise specialize specialise specializes specialises
    instrument instruments
    genre style
    gender sex
    """
)

# --- words that ask ---------------------------------------------------------------------------------------------------

DETERMINERS = listed("the a an my your our their his her")
AUXILIARIES = listed(
    "is are was were am be do does did can could may might must shall should will would has have had ain"
)
MAY = listed("can could may might able allow allowed permitted possible ok okay")
MUST = listed(
    "must need needs needed should required require requires obliged necessary mandatory obligatory compulsory"
)

# How a polite question begins; what follows is the question.
PREAMBLES = tuple(
    tuple(line.split())
    for line in """
    hello
    hello there
    hi
    hi there
    hey
    good morning
    good afternoon
    good evening
    can you please tell me
    could you please tell me
    can you tell me
    could you tell me
    would you tell me
    will you tell me
    can you give me
    could you give me
    please can you tell me
    please tell me
    tell me
    do you know
    do you happen to know
    may i ask
    can i ask
    i would like to know
    i would love to know
    i want to know
    i need to know
    i wonder
    i was wondering
    """.strip().splitlines()
)
