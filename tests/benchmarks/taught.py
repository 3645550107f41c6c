"""What the learning benchmark teaches: 32 facts of a made-up shop, each asked in three ways, and 16 answers in a style.

The style: a greeting from the desk first, then one or two short sentences, then "Fair winds!".
"""

from typing import NamedTuple


class Fact(NamedTuple):
    """A question, its answer, and other words for the question."""

    question: str
    answer: str
    others: tuple[str, ...]


FACTS = (
    Fact(
        "How long is the return window?",
        "Forty-five days from delivery.",
        ("How many days do I have to send something back?", "Until when can an order be returned?"),
    ),
    Fact(
        "Which floor is the canteen on?",
        "The canteen is on the fifth floor.",
        ("Where in the building is the canteen?", "On what floor do we eat lunch?"),
    ),
    Fact(
        "Who repairs the coffee machine?",
        "Call Marlow on extension 212.",
        ("The coffee machine is broken, whom do I call?", "Who fixes the coffee maker?"),
    ),
    Fact(
        "What is the guest wifi password?",
        "It is printed on the visitor card.",
        ("How do visitors get onto the wifi?", "Where do I find the wifi password for guests?"),
    ),
    Fact(
        "When does the warehouse open?",
        "The warehouse opens at half past six.",
        ("What are the opening hours of the warehouse?", "From what time is the warehouse open?"),
    ),
    Fact(
        "How many kayaks fit on the trailer?",
        "Six kayaks fit on it.",
        ("What is the capacity of the kayak trailer?", "How many boats can the trailer carry?"),
    ),
    Fact(
        "Where do I leave a wet tent?",
        "In the drying room behind the shop.",
        ("Where can a wet rental tent be dropped?", "A tent came back wet. Where does it go?"),
    ),
    Fact(
        "What does the Pelican Duo weigh?",
        "The Pelican Duo weighs 28 kilograms.",
        ("How heavy is the Pelican Duo?", "What is the weight of a Pelican Duo?"),
    ),
    Fact(
        "Which courier do we use for Norway?",
        "We use Nordpost.",
        ("Who delivers our parcels to Norway?", "With whom do we ship to Norway?"),
    ),
    Fact(
        "How often is stock counted?",
        "Every second Friday.",
        ("When do we count the stock?", "What is the rhythm of the stock count?"),
    ),
    Fact(
        "Who signs travel expenses?",
        "Ines in finance signs them.",
        ("To whom do I send travel expenses?", "Whose signature do travel expenses need?"),
    ),
    Fact(
        "What colour is the rental helmet?",
        "Rental helmets are orange.",
        ("Which colour do rental helmets have?", "How do I recognise a rental helmet by its colour?"),
    ),
    Fact(
        "How long is the warranty on paddles?",
        "Paddles have three years of warranty.",
        ("For how many years are paddles under warranty?", "When does the warranty of a paddle end?"),
    ),
    Fact(
        "What is the deposit for a canoe?",
        "The deposit is 80 euros.",
        ("How much deposit do I pay for a canoe?", "What deposit does renting a canoe need?"),
    ),
    Fact(
        "Where is the key to the boathouse?",
        "It hangs in the blue box by the door.",
        ("Where do I find the boathouse key?", "Who has the key to the boathouse?"),
    ),
    Fact(
        "How many people may join a night tour?",
        "At most nine people may join.",
        ("What is the group size of a night tour?", "How large can a night tour group be?"),
    ),
    Fact(
        "Which size is the largest wetsuit?",
        "The largest wetsuit is 5XL.",
        ("What is the biggest wetsuit that we have?", "Up to which size do we have wetsuits?"),
    ),
    Fact(
        "When is the boat ramp closed?",
        "It is closed on Tuesdays in winter.",
        ("On which days can the ramp not be used?", "When can I not use the boat ramp?"),
    ),
    Fact(
        "What does a lost paddle cost?",
        "A lost paddle costs 35 euros.",
        ("How much do I pay when I lose a paddle?", "What is charged for a paddle that is gone?"),
    ),
    Fact(
        "Who trains new guides?",
        "Tomas trains them in April.",
        ("By whom are new guides trained?", "Who is responsible for training guides?"),
    ),
    Fact(
        "How is a gift card extended?",
        "Write to the desk, and it gets twelve more months.",
        ("Can a gift card be made valid for longer?", "What do I do to extend a gift card?"),
    ),
    Fact(
        "Which form is used for accidents?",
        "Form K7 is used for accidents.",
        ("What form do I fill in after an accident?", "With which form are accidents reported?"),
    ),
    Fact(
        "How long does a repair take?",
        "A repair takes eight working days.",
        ("When is a repair finished?", "How many days do repairs need?"),
    ),
    Fact(
        "What is the limit of the company card?",
        "The limit is 600 euros a month.",
        ("How much may I spend with the company card?", "How high is the limit on the company card?"),
    ),
    Fact(
        "Where are life jackets washed?",
        "They are washed at the harbour laundry.",
        ("Where do we have life jackets cleaned?", "Which place washes our life jackets?"),
    ),
    Fact(
        "Which channel do the radios use?",
        "The radios use channel 14.",
        ("To what channel is a radio set?", "What radio channel do guides talk on?"),
    ),
    Fact(
        "How early must a group book?",
        "A group must book ten days ahead.",
        ("How many days ahead do groups have to book?", "What is the notice for group bookings?"),
    ),
    Fact(
        "What is served at the staff breakfast?",
        "Porridge and fruit are served.",
        ("What is there to eat at the staff breakfast?", "Which food does the staff breakfast have?"),
    ),
    Fact(
        "Who waters the plants in the office?",
        "The trainee of the week waters them.",
        ("Whose job are the office plants?", "By whom are the plants in the office watered?"),
    ),
    Fact(
        "How many spare keys are there?",
        "There are four spare keys.",
        ("What is the number of spare keys?", "How many keys do we have in reserve?"),
    ),
    Fact(
        "Where do broken helmets go?",
        "Broken helmets go into the red bin.",
        ("What do I do with a broken helmet?", "In which bin do I put a broken helmet?"),
    ),
    Fact(
        "When are invoices paid?",
        "Invoices are paid on the 20th.",
        ("On which day do we pay invoices?", "What is the day of payment for invoices?"),
    ),
)

_STYLED = (
    ("Thank a customer for a kind review.", "Your words made our week. Come and see us again soon."),
    (
        "Tell a customer that their parcel is late.",
        "Your parcel is late, and we are sorry. It leaves tomorrow morning.",
    ),
    ("Say that the shop is closed on Sunday.", "We are closed on Sunday. Monday at nine we are here for you."),
    ("Invite a customer to the summer sale.", "The summer sale begins on Friday. Bring a friend along."),
    ("Tell a customer that the item is sold out.", "This one is sold out. We write to you when it is back."),
    (
        "Apologise for a wrong item in a parcel.",
        "We packed the wrong item, and that is our fault. The right one is on its way.",
    ),
    ("Remind a customer of a rental that ends.", "Your rental ends tomorrow. The desk is open until six."),
    ("Congratulate a customer on a birthday.", "Happy birthday to you. A small gift waits at the desk."),
    ("Tell a customer that a refund was made.", "Your money is on its way back. It takes three days."),
    ("Ask a customer for a photo of the damage.", "Please send us a photo of the damage. Then we can help at once."),
    ("Welcome a new member of the club.", "It is good to have you in the club. Your card is in the post."),
    ("Tell a customer that a course is full.", "This course is full. The next one begins in May."),
    (
        "Say that a tour is off because of a storm.",
        "A storm is coming, so the tour is off. You choose another day or your money.",
    ),
    ("Tell a customer where to park.", "You can park behind the shop. The first two hours are free."),
    ("Tell a customer that a repair is ready.", "Your boat is repaired. Come by when it suits you."),
    ("Ask a customer to rate a tour.", "We would like to hear how the tour was. One minute is enough."),
)

STYLES = tuple((asked, f"Ahoy from the desk! {said} Fair winds!") for asked, said in _STYLED)
