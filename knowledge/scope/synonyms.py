"""Words that mean the same in questions to a help desk, and words that say nothing there. Nothing but data."""

from knowledge.scope.words import groups, listed

# Each word in any form that has its stem; irregular forms are listed. Where a word has another sense as well,
# `senses.py` says in which it stands for the others.
SYNONYMS = groups(
    """
    price cost fee charge pay paid payment rate
    book reserve schedule arrange
    borrow loan lend
    refund reimbursement
    deliver delivery ship shipment shipped send sent dispatch
    start begin commence
    buy bought purchase
    cancel terminate
    change modify alter edit update amend
    child children kid
    phone telephone
    email e-mail
    car vehicle
    bike bicycle
    photo photograph picture pics
    lost lose missing
    broken defective faulty damaged
    help support assistance
    contact reach call
    include cover contain part
    fix repair mend
    doctor physician
    register enrol signup registration
    delete erase
    discount reduction reduced rebate concession
    validity expire expiry
    toilet restroom bathroom loo washroom
    lift elevator
    luggage baggage bag suitcase
    extra additional further
    weight weigh heavy
    size big large
    height high tall
    temperature hot warm
    distance far
    depth deep
    width wide
    speed fast quick
    leave store
    sofa couch
    flat apartment
    film movie
    rent rental hire
    return
    job profession occupation living
    country nation
    born birth birthplace
    died die death
    established found formed foundation
    headquarters based
    employer employed
    citizen citizenship nationality
    speak spoken
    write written wrote
    fight fought
    owner owned
    developer
    company firm organization organisation
    genre style
    play player perform
    position role
    field domain expertise specialize specialise
    broadcast aired premiered debut
    member membership affiliated
    spouse wife husband married
    father dad daddy
    mother mom mum mummy
    """
)

# Acts that are one for whoever does them: to get something is to order it, to take cards is to accept them.
ALIKE: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (
        listed("get gets getting find obtain make have receive"),
        listed("book reserve schedule arrange download access order receive obtain"),
    ),
    (listed("take takes get have make"), listed("accept accepts accepted")),
)

# What a person does and what the house does about it: one on one side is the other on the other side.
CONVERSES: tuple[tuple[frozenset[str], frozenset[str]], ...] = tuple(
    (listed(doing), listed(serving))
    for doing, serving in (
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
    exists yet same set up off hold holds held item items
    """
)

# The house itself, which a question to its own assistant may name or leave out.
HOUSE_WORDS = listed(
    """
    hotel hostel clinic hospital practice pharmacy shop store market bakery restaurant cafe gym library museum gallery
    cinema theatre campsite zoo office company airline bank house building place school university
    """
)

# What is found inside of another house: the cafe's garden is not the garden.
FACILITIES = listed("shop store market bakery restaurant cafe gallery")

# Who works there: the house before them tells which of them are meant.
STAFF = listed("staff employee employees worker workers team teams manager managers")
