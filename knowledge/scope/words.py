"""English words that turn one question into another, and words that ask for the same thing. Nothing but data."""


def listed(words: str) -> frozenset[str]:
    """The words of a text as a set."""
    return frozenset(words.split())


def _groups(lines: str) -> dict[str, str]:
    """Each word of a line stands for the line's first word."""
    return {word: line.split()[0] for line in lines.strip().splitlines() for word in line.split()}


# --- time, numbers, units ---------------------------------------------------------------------------------------------

# Whatever narrows a question to a time, by the form that is compared.
TIMES = _groups(
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

NUMBERS = _groups(
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
UNITS = _groups(
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
        ("deposit", "withdraw withdrawal"),
        ("adult adults", "child children kid kids"),
        ("male men man", "female women woman"),
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

# --- words that ask ---------------------------------------------------------------------------------------------------

DETERMINERS = listed("the a an my your our their his her")
AUXILIARIES = listed(
    "is are was were am be do does did can could may might must shall should will would has have had ain"
)
MAY = listed("can could may might able allow allowed permitted possible ok okay")
MUST = listed("must need needs should required require requires obliged necessary mandatory obligatory")

# How a polite question begins; what follows is the question.
PREAMBLES = tuple(
    tuple(line.split())
    for line in """
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

# --- words that mean the same in questions to a help desk -------------------------------------------------------------

SYNONYMS = _groups(
    """
    price prices cost costs costing fee fees charge charges charged pay pays paid paying payment rate rates free cheap
    book books reserve reserves reserved reservation booking bookings schedule arrange
    borrow borrowing borrowed loan loans lend
    refund refunds refunded reimbursement reimburse reimbursed money
    deliver delivers delivered delivery deliveries ship ships shipped shipping shipment send sends sent dispatch
    start starts begin begins commence
    buy buys buying bought purchase purchases purchased
    cancel cancels cancelled canceled cancellation terminate
    change changes changed modify alter edit update amend
    child children kid kids
    phone telephone
    email mail e-mail
    car cars vehicle vehicles
    bike bikes bicycle bicycles
    photo photos photograph photographs picture pictures pics
    lost lose missing
    broken defective faulty damaged
    help support assistance assist
    contact reach call
    include includes included including cover covers covered contain contains part
    fix repair mend repaired
    doctor physician
    register enrol enroll signup registration
    delete erase
    discount discounts reduction reduced rebate concession
    validity valid expire expires expired expiry expiration
    toilet toilets restroom restrooms bathroom bathrooms loo washroom
    lift elevator
    luggage baggage bag bags suitcase suitcases
    extra additional further
    replace replacement exchange
    weight weigh heavy
    size big large
    height high tall
    temperature hot warm
    distance far
    depth deep
    width wide
    speed fast quick
    leave store stores stored
    sofa couch
    flat apartment
    film movie
    rent rents renting rental hire
    return returns returned returning
    job profession occupation
    country nation
    born birth birthplace
    died die dies death
    found founded founding established formed foundation
    headquarters headquartered based
    employer employed employs employ
    citizen citizenship nationality
    speak speaks spoken speaking
    write written writes wrote
    fight fought fighting
    owner owned owns own
    developer developed develop develops development
    company firm organization organisation
    genre style
    play plays played player perform performs performed
    position role
    field domain expertise specialize specialise
    broadcast broadcasts aired airs premiered debut
    member membership affiliated
    spouse wife husband married
    """
)

# What a person does and what the house does about it: one on one side is the other on the other side.
CONVERSES: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (listed(doing), listed(serving))
    for doing, serving in (
        (
            "take takes get gets getting find obtain make have receive",
            "accept accepts accepted book reserve schedule arrange download access order receive obtain",
        ),
        ("pay pays paid paying payment use", "accept accepts accepted take takes"),
        ("visit visits visiting come enter", "open opens opened"),
        ("keep kept", "borrow borrowed lend lent loan"),
        ("buy get find order purchase", "sell sells sold offer stock"),
        ("leave bring", "board boarding look accept"),
    )
)

# Acts that a question may name or leave out, unless the other names one of those below: buy, but not where it says use.
UNSAID = listed("buy sell sells sold stock visit enter open opens accept accepts accepted pay paid wear")
ACTS = listed("use used using bring brings bringing take takes taking give keep put go come set hold need")

# Words that may come and go without changing what is asked.
LIGHT_WORDS = listed(
    """
    please get gets getting got have make made makes take takes taking took give gives offer offers need needs want
    wants like know find tell show shows use using used possible able allow allows allowed permit permits permitted
    ok okay fine there some one ones still currently now just really actually exactly anyone someone somebody people
    person everyone guest's available provide provides require required requires right whether happen happens way
    hello hi hey thanks thank ever already sure wonder wondering understand explain mean means per each anyhow
    anyway bring brings bringing let lets go goes come comes put keep thing things something anything located period
    amount number belong belongs back stay within until time times long much many kind sort type called name exist
    exists yet same set up off once hold holds held item items
    """
)

# The house itself, which a question to its own assistant may name or leave out.
HOUSE_WORDS = listed(
    """
    hotel hostel clinic hospital practice pharmacy shop store market bakery restaurant cafe gym library museum gallery
    cinema theatre campsite zoo office company airline bank house building place school university
    """
)
