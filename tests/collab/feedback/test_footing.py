"""Which corrections stand on a document, and for whose eyes."""

from collab.people.access import Actor
from collab.services import Services
from tests.collab.dialogue.test_citations import GUIDE, ask


def test_corrections_of_answers_that_cite_a_document(services: Services, member: Actor, expert: Actor) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    services.finish_reading()
    theirs = services.corrections.submit(
        member, turn_id=ask(services, member, "What coin do lockers take?"), answer="A token."
    )
    own = services.corrections.submit(
        expert, turn_id=ask(services, expert, "What postcards does the shop sell?"), answer="Of the town."
    )
    services.corrections.submit(expert, question="Where is the lift?", answer="In the hall.")

    def standing(actor: Actor) -> dict[str, list[tuple[str, str]]]:
        found = services.footing.of_documents(actor, [made.id])
        return {id: sorted((one.question, one.state.value) for one in those) for id, those in found.items()}

    assert standing(expert) == {
        made.id: [("What coin do lockers take?", "pending"), ("What postcards does the shop sell?", "live")]
    }
    assert standing(member) == {made.id: [("What coin do lockers take?", "pending")]}
    services.corrections.withdraw(member, theirs.id)
    services.corrections.withdraw(expert, own.id)
    assert standing(expert) == standing(member) == {}


def test_what_stands_on_a_document_stands_on_its_next_version(services: Services, expert: Actor) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    services.finish_reading()
    turn = ask(services, expert, "What coin do lockers take?")
    services.corrections.submit(expert, turn_id=turn, answer="A token.")

    newer = services.documents.replace(expert, made.id, "new.md", GUIDE + b"\nThe shop is closed on Monday.\n")
    services.finish_reading()

    assert newer.id != made.id
    assert services.citations.of_documents([newer.id]) == {newer.id: 1}
    assert [one.question for one in services.footing.of_documents(expert, [newer.id])[newer.id]] == [
        "What coin do lockers take?"
    ]
