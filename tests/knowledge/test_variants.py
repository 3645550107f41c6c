"""Whether a sentence is about another variant of what is asked about, by hand."""

import pytest

from knowledge.variants import asked_for, is_other, kinds_in, named

WASHED = "May the Nightfall 10 be machine washed?"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (WASHED, "The Nightfall 0 sleeping bag may be washed in a machine at 30 degrees."),
        ("may the nightfall 10 be washed", "Wash the Nightfall-0 by hand."),
        ("Can the Lumo 400 charge a telephone?", "The Lumo 200 and 800 lanterns can charge a telephone."),
        ("Does the TX200 print in colour?", "The TX-300 prints in colour."),
        ("How far does the Model X go?", "The Model Y goes 500 km."),
        ("how far does the model x go", "The Model Y goes 500 km."),
        ("Who won World War I?", "World War II was won by the Allies."),
        ("How much does a shirt weigh in size L?", "A shirt weighs 160 g in size M."),
        ("Where is room 12?", "Behind the stairs you find room 14."),
        ("What is a label from Germany?", "A parcel to Germany costs 4.90 euros."),
        ("what is a label to austria", "A label from France, Germany or Austria costs 5 euros."),
        ("When do orders paid before 15:00 leave?", "Orders paid after 15:00 leave the next day."),
        ("Does Plus cover include punctures?", "Basic cover does not include punctures."),
        ("What does the Gold Membership cost?", "The Silver membership costs 5 euros."),
    ],
)
def test_another_number_letter_or_direction_is_another_thing(question: str, told: str) -> None:
    assert is_other(asked_for(question), named(told))


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (WASHED, "The Nightfall 10 sleeping bag must not be washed at home."),
        (WASHED, "The Nightfall 0 and 10 sleeping bags are washed by hand."),
        (WASHED, "Sleeping bags are washed by hand."),
        (WASHED, "The Nightfall is washed at 30 degrees."),
        ("Which is heavier, the Lumo 400 or the Lumo 200?", "The Lumo 200 weighs 140 g."),
        ("Who listed the market as grade 1?", "It was listed Grade I by English Heritage."),
        ("Can I return the lamp I bought?", "The Lamp 400 can be returned."),
        ("Can I return shoes 20 days after the purchase?", "Shoes 30 days old can be returned."),
        ("Where is room 12?", "Rooms 10 to 15 are behind the stairs."),
        ("Do children 14 years old pay?", "Children 12 or older pay."),
        ("Which products have 3 pockets?", "The jacket has 4 pockets."),
        ("What is a label from Germany?", "A label from France or Germany costs 3.90 euros."),
        ("Is it open from Friday to Sunday?", "It is open from Monday to Friday."),
        ("Is a parcel from Germany to France insured?", "Every parcel to France is insured."),
        ("Does Plus cover include punctures?", "Basic and Plus cover include punctures."),
        ("Does Plus cover include punctures?", "Every cover includes punctures."),
        ("Does Plus cover include punctures?", "Unlike Basic cover, Plus pays for punctures."),
        ("What did Tesla build?", "Edison built a lamp."),
    ],
)
def test_the_same_or_nothing_to_tell_apart_is_not(question: str, told: str) -> None:
    assert not is_other(asked_for(question), named(told))


def test_what_was_just_said_takes_the_place_of_what_was_said_before() -> None:
    asked = asked_for("And the Brisk 300?").or_else(asked_for("How long is the Brisk 200 under warranty?"))
    assert is_other(asked, named("The Brisk 200 has a warranty of three years."))
    assert not is_other(asked, named("The Brisk 300 has a warranty of four years."))


def test_what_is_not_told_apart_is_as_the_context_says() -> None:
    asked, heading = asked_for(WASHED), named("Nightfall 0 sleeping bag")
    assert is_other(asked, named("It is washed at 30 degrees.").or_else(heading))
    assert not is_other(asked, named("The Nightfall 10 is not.").or_else(heading))


def test_what_the_sources_tell_apart_is_a_name_also_where_it_is_written_small() -> None:
    told = named("The Antwerp branch is shut.")
    known = kinds_in(["The Antwerp branch is shut.", "The Ghent branch is open."])
    assert known == {"branch": {"antwerp", "ghent"}}
    assert not is_other(asked_for("is the ghent branch open"), told)
    assert is_other(asked_for("is the ghent branch open", known), told)
    assert is_other(asked_for("Which branch in Ghent is open?", known), told)
