from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.text import _WORD, fold, word_places, words

western = st.text(
    alphabet=st.characters(codec="latin-1") | st.sampled_from("'’´`“–_sdlaáÁßẞ½\u00ad")
)


@given(st.text() | western)
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text() | western)
def test_a_word_folded_is_itself_a_word(text: str) -> None:
    assert all(words(word) == (word,) for word in words(text))


@given(st.text() | western)
def test_unicode_form_and_case_do_not_matter(text: str) -> None:
    assert words(normalize("NFD", text)) == words(text)
    assert words(text.casefold()) == words(text)


@given(western)
def test_the_quick_way_for_western_texts_finds_the_same_words(text: str) -> None:
    assert words(text) == tuple(_WORD.findall(fold(text)))


@pytest.mark.parametrize("apostrophe", "'’‘´`ʼ＇′‛")
def test_any_apostrophe_makes_a_possessive(apostrophe: str) -> None:
    assert fold(f"Peru{apostrophe}s court") == "peru court"


def test_what_ends_in_s_without_being_a_possessive_stays() -> None:
    assert words("it's O'Shea's 'so' d'or x'st") == ("it", "o", "shea", "so", "or", "x", "st")


@given(st.text() | western)
def test_every_word_has_a_place_in_the_text(text: str) -> None:
    places = word_places(text)

    assert len(places) == len(words(text))
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert list(places) == sorted(places)


@given(st.lists(st.sampled_from(["Perú", "oil-spill", "NHKの", "MMG’s", "d'Or", "(x)", "a_b"])))
def test_the_place_of_a_word_holds_it(parts: list[str]) -> None:
    text = " ".join(parts)

    for word, (start, end) in zip(words(text), word_places(text), strict=True):
        assert words(text[start:end]) == (word,)
