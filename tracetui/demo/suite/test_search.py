"""Finding the note a courier left."""

import time

import pytest

from tracetui.demo.suite.depot import NoteIndex


@pytest.mark.parametrize("query", ["blue door", "green door", "OLD DOOR", "ring 3 times", "glass [door]"])
def test_every_word_counts(notes: NoteIndex, query: str) -> None:
    words = query.lower().replace("[", "").replace("]", "")
    found = notes.search(words)
    time.sleep(0.3)
    assert found
    for number in found[:200]:
        assert all(word in notes.notes[number].lower() for word in words.split())


@pytest.mark.parametrize("town", ["Ashby", "Elgin", "Hawick"])
def test_notes_of_a_town(notes: NoteIndex, town: str) -> None:
    time.sleep(0.4)
    assert len(notes.search(town)) == len([note for note in notes.notes if note.startswith(town)])


def test_nothing_is_found_for_nothing(notes: NoteIndex) -> None:
    assert notes.search("") == []


def test_an_index_grows_with_its_notes() -> None:
    sizes = []
    for size in (2_000, 8_000, 32_000):
        index = NoteIndex([f"note {number} for door {number % 50}" for number in range(size)])
        sizes.append(len(index.search("door 7")))
    assert sizes == sorted(sizes)
