"""What storing a passage needs is worked out before it is stored."""

from knowledge.preparing import prepare
from tests.fakes import WordEmbedder


def test_a_passage_comes_with_its_words_and_vectors() -> None:
    shares: list[float] = []
    (piece,) = prepare("guide.md", b"## Lockers\nThey take a 2 euro coin.\n", WordEmbedder(), shares.append)
    assert (piece.chunk.heading, piece.chunk.text) == ("Lockers", "They take a 2 euro coin.")
    assert piece.words == ("locker", "take", "2", "euro", "coin")
    expected = WordEmbedder().encode(["Lockers\nThey take a 2 euro coin.", "Lockers: They take a 2 euro coin."])
    assert [piece.vectors.passage, *piece.vectors.sentences] == [row.astype("<f4").tobytes() for row in expected]
    assert shares == [1.0]
