"""What each operator matches: a table a row of docs/topics.md, and why."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from aggregator.core.query import Percolator, parse
from aggregator.core.query.document import Document
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.index import MOST_WORDS
from aggregator.core.query.tree import Near, Word
from aggregator.model import Basis, Precision, When
from tests.core.query.entries import HERALD, entry, matches, topic

PLAIN = [
    ("river dam", "The dam on the river", True, "two words: both"),
    ("river dam", "The dam", False, "both, not one"),
    ("river AND dam", "The dam on the river", True, "AND says the same"),
    ("river OR dam", "The dam", True, "one is enough"),
    ("river|dam", "The river", True, "a bar is OR, blanks or not"),
    ("a b OR c", "c", True, "AND binds tighter than OR, to the left"),
    ("a OR b c", "a", True, "and to the right"),
    ("a OR b c", "b", False, "b alone is half of the second"),
    ("(a OR b) c", "b", False, "brackets bind tightest"),
    ("(a OR b) c", "c b", True, "brackets bind tightest"),
    ("river NOT dam", "The river", True, "NOT"),
    ("river NOT dam", "The river dam", False, "NOT"),
    ("river -dam", "The river dam", False, "minus is NOT"),
    ("NOT dam", "The river", True, "NOT alone"),
    ("-dam -lake", "The river", True, "two of them"),
    ("-(dam OR lake)", "The lake", False, "NOT of a group"),
    ('-"dry river"', "A dry river", False, "NOT of a phrase"),
    ("NOT NOT dam", "The dam", True, "twice is not at all"),
    ("a OR NOT b", "c", True, "NOT binds to what follows"),
    ("and", "salt and pepper", True, "in small letters an operator is a word"),
    ("salt or pepper", "salt or pepper", True, "or"),
    ("salt or pepper", "salt pepper", False, "or, being a word, must be there"),
    ("(" * 90 + "dam" + ")" * 90, "The dam", True, "brackets to any sensible depth"),
]

PHRASES = [
    ('"dry river"', "A dry river bed", True, "these words in this order"),
    ('"dry river"', "A river, dry", False, "not in another order"),
    ('"dry river"', "dry rivers", False, "no plurals in a phrase"),
    ('"dry river"', "a dry-river bed", True, "a hyphen separates"),
    ('"dry river"', "sundry riverbank", False, "whole words"),
    ("“dry river”", "A river, dry", False, "curly quotes are quotes"),
    ("«dry river»", "A dry river", True, "and so are these"),
    ('"(dry) river!"', "dry river", True, "signs inside do not matter"),
    ('"dams"', "dam", False, "one word in quotes has no singular"),
    ("US$15", "fined US$15 million", True, "a word that splits is a phrase"),
    ("US$15", "15 for US", False, "in its order"),
    ("AT&T", "AT&T sues", True, "and so is this one"),
]

FORMS = [
    ("mine", "Mines", True, "plural in the text"),
    ("mines", "A mine", True, "plural in the query"),
    ("community", "communities", True, "-ies for -y"),
    ("comunidad", "comunidades", True, "Spanish -es"),
    ("luz", "luces", True, "-ces for -z"),
    ("voces", "La voz", True, "and back"),
    ("gas", "gases", True, "three letters and -es"),
    ("country", "countrys", True, "a wrong plural is found too"),
    ("glas", "glass", False, "-ss is no plural"),
    ("viru", "virus", False, "-us is no plural"),
    ("crisi", "crisis", False, "-is is no plural"),
    ("us", "uses", False, "two letters are no singular"),
    ("a1", "a1s", False, "no plural with a digit"),
    ("salar", "salarios", False, "not a stemmer"),
    ("gold", "golden", False, "not a stemmer"),
    ("mine=", "mines", False, "= is this word only"),
    ("MMG=", "mmg", True, "in any case"),
    ("mine=", "míne", True, "with any accent"),
    ("min*", "mining", True, "words beginning so"),
    ("min*", "mine and min", True, "the beginning alone too"),
    ("min*", "determine", False, "not inside"),
    ("mining~", "minign", True, "neighbors swapped are one slip"),
    ("mining~", "miningg", True, "one too many"),
    ("mining~", "mning", True, "one missing"),
    ("mining~", "mimimg", False, "two slips are too many for six letters"),
    ("petroperu~", "petrolero", False, "two at nine letters"),
    ("challhuahuacho~", "chalhuahuaco", True, "two slips from twelve letters"),
    ("dam~", "dan", False, "under five letters none"),
    ("mining~", "minings", True, "an s is a slip as well"),
    ('"mining"~', "minign", True, "in quotes as well"),
    ('"mining"~', "mimimg", False, "in quotes as well"),
    ('"las bambas"~', "La Bambas", True, "a slip in a phrase"),
    ('"las bambas"~', "lasbambas", True, "the blank may be what is missing"),
    ('"las bambas"~', "las b ambas", True, "or too many"),
    ('"las bambas"~', "los bambos", False, "one slip for ten letters"),
    ('"mining corridor"~', "minning coridor", True, "two for twelve"),
    ('"a dam"~', "a dan", False, "four letters: exact"),
]

NEARNESS = [
    ("oil NEAR/1 spill", "oil spill", True, "next to each other"),
    ("oil NEAR/1 spill", "oil big spill", False, "fewer than one word between"),
    ("oil NEAR/3 spill", "a spill of crude oil", True, "in either order, two between"),
    ("oil NEAR/2 spill", "a spill of crude oil", False, "two is not fewer than two"),
    ("oil NEAR/2 oil", "oil", False, "a word is not near itself"),
    ("oil NEAR/2 oil", "oil and oil", True, "but near another of its kind"),
    ('"crude oil" NEAR/3 spill', "spill of crude oil", True, "a phrase"),
    ("(oil OR gas) NEAR/3 (spill OR leak)", "a leak of gas", True, "groups"),
    ("(oil OR gas) NEAR/2 leak", "oil is far from the leak", False, "groups"),
    ("(oil big) NEAR/3 spill", "big spill of oil", True, "each of a group of AND"),
    ("(oil big) NEAR/3 spill", "big: it is a spill of oil", False, "each of a group of AND"),
    ("spill NEAR/3 (oil big)", "big spill of oil", True, "on either side"),
    ("spill NEAR/3 (oil big)", "big: it is a spill of oil", False, "on either side"),
    ("((oil big) OR gas) NEAR/2 spill", "gas spill", True, "AND inside OR"),
    ("((oil big) OR gas) NEAR/2 spill", "oil spill", False, "AND inside OR"),
    ("a NEAR/2 b NEAR/2 c", "c x a b", True, "a chain, from the left"),
    ("a NEAR/2 b OR d", "d", True, "binds tighter than OR"),
    ("NOT a NEAR/2 b", "a b", False, "and than NOT"),
    ("spill* NEAR/2 oil~", "spillage, oil", True, "every form of a word"),
    ('"oil spil"~ NEAR/2 amazon', "Amazon oil spill", True, "a phrase with slips"),
]

FOLDING = [
    ("apurimac", "Apurímac", True, "accents in the text"),
    ("Apurímac", "APURIMAC", True, "accents in the query"),
    ("peña", "Pena", True, "ñ is n"),
    ("Straße", "STRASSE", True, "ß is ss"),
    ("apurimac", "Apuri\u0301mac", True, "an accent of its own"),
    ("corredor", "corre\u00addor", True, "a soft hyphen is nothing"),
    ("ﬁre", "Fire", True, "a ligature"),
    ("ＭＭＧ", "MMG", True, "full width"),
    ("Peru", "Peru's court", True, "a possessive"),
    ("Peru", "Peru’s court", True, "with any apostrophe"),
    ("Peru", "PERU´S court", True, "even an accent"),
    ("Peru's", "Peru", True, "in the query as well"),
    ("eau", "L’eau", True, "an elided article"),
    ("orbigny", "D'Orbigny", True, "in capitals"),
    ("O'Brien", "Mr O’Brien", True, "a name stays as written"),
    ("brien", "Mr O‘Brien", True, "its end is a word"),
    ("OBrien", "O'Brien", False, "but not one word"),
    ("oil", "oil_spill.pdf", True, "an underscore separates"),
    ("oil-spill", "oil spill", True, "a hyphen makes a phrase"),
    ("cooperation", "co-operation", False, "a hyphen in the text separates"),
    ("ambas", "bambas", False, "no part of a word"),
    ("Москва", "МОСКВА", True, "another alphabet"),
    ("ёлка", "Елка", True, "whose accents do not matter either"),
    ("σοφός", "ΣΟΦΟΣ", True, "nor where in a word a sigma stands"),
    ("киев", "Киева", False, "without plurals or cases of its own"),
    ("киев*", "Киева", True, "for which there is the star"),
    ("president~", "Prezident", True, "or a slip"),
    ("العربية", "العَرَبِيَّة", True, "vowel points are optional"),
    ("İstanbul", "istanbul", True, "a dot is an accent"),
    ("irmão", "IRMÃOS", True, "a plural with an accent"),
    ("e-mail", "E\u2011mail", True, "a hyphen that does not break"),
    ("dell'aquila", "Dell’Aquila", True, "what is elided and is no d' or l' stays"),
    ("aquila", "dell’Aquila", True, "and is a word of its own"),
    ('"côte d\'ivoire"', "COTE D’IVOIRE", True, "an article inside a phrase"),
    ("workers", "the workers’ union", True, "a possessive without s"),
    ("हिन्दी", "हिन्दी भाषा", True, "vowel signs belong to the word"),
    ("हिन", "हिन्दी भाषा", False, "so a part of it is no word"),
    ("שלום", "שָׁלוֹם", True, "points are optional"),
]

UNSPACED = [
    ("女性", "女性の権利", True, "inside a run"),
    ("権利", "女性の権利", True, "anywhere in it"),
    ("女", "女性の権利", False, "one sign is too little"),
    ("女", "女 性", True, "unless it is the whole run"),
    ('"女性の権利"', "新女性の権利法", True, "quotes change nothing"),
    ("ペルー", "ﾍﾟﾙｰの鉱山", True, "half width"),
    ("佐々木", "佐々木さん", True, "the mark of repetition"),
    ("NHK", "NHKのニュース", True, "a Latin word ends where the script changes"),
    ("3月", "3月の会議", True, "digits with a sign"),
    ("3月", "13月の会議", False, "digits are whole"),
    ("페루", "페루에서", True, "Korean particles are written onto the word"),
    ("ไทย", "ภาษาไทย", True, "Thai"),
    ("女性=", "女性の権利", True, "no plural to leave out"),
    ("女性 NEAR/2 権利", "女性 の 権利", True, "places are runs"),
]


@pytest.mark.parametrize(
    ("query", "title", "expected", "why"),
    [*PLAIN, *PHRASES, *FORMS, *NEARNESS, *FOLDING, *UNSPACED],
)
def test_a_query_matches_a_title(query: str, title: str, expected: bool, why: str) -> None:  # noqa: FBT001
    assert matches(query, entry(title)) is expected, why
    assert matches(query, entry("", title)) is expected, f"{why}, in the summary"


FIELDS = [
    ("title:dam", True, "one word"),
    ("title:river", False, "the next word only, in that field only"),
    ("summary:river", True, "the summary"),
    ("title:(dam lake)", True, "a group"),
    ("title:(dam river)", False, "all of the group in that field"),
    ("title:(dam OR river)", True, "a group with OR"),
    ('title:"new dam"', True, "a phrase"),
    ("title:/^A new/", True, "a regular expression"),
    ("title:dam river", True, "what follows is free again"),
    ("-title:river", True, "NOT of a field"),
    ("title:(NOT river)", True, "NOT in a field"),
    ("title:(lake summary:river)", True, "a field in a field"),
    ('"lake on"', False, "a phrase never runs from title to summary"),
    ("lake NEAR/5 on", False, "nor does NEAR"),
    ("content:hydrologist", True, "the text of the content"),
    ("hydrologist", False, "which is not searched by itself"),
    ("content:strong", False, "its markup is no text"),
    ("source:herald", True, "the key of the source"),
    ('source:"highland herald"', True, "and its title"),
    ('source:"herald the"', False, "each by itself"),
    ("author:quispe", True, "an author"),
    ('author:"quispe maría"', False, "each author by herself"),
    ("author:(quispe NEAR/2 maría)", False, "for NEAR as well"),
    ('author:"quispe maria"~', False, "and for slips"),
    ("url:2018", True, "a word of the address"),
    ("url:herald.example", True, "several of them"),
    ("url:https://herald.example/news", True, "an address as it is"),
    ("url:/news.2018/", True, "a regular expression on the address"),
    ("tag:energy", True, "a category"),
    ('tag:"human rights"', True, "of several words"),
    ('tag:"energy human"', False, "each by itself"),
    ("lang:es", True, "the language of the source, when the entry has none"),
    ("lang:en", False, "and no other"),
    ("after:2018-01-22", True, "the day itself is after"),
    ("before:2018-01-22", False, "and not before"),
    ("before:2018-01-23", True, "a day later"),
    ("after:2018-02", False, "a month is its first day"),
    ("after:2018 before:2019", True, "a year too"),
    ("TITLE:dam", True, "fields in any case"),
]


@pytest.mark.parametrize(("query", "expected", "why"), FIELDS)
def test_a_field_is_searched_alone(query: str, expected: bool, why: str) -> None:  # noqa: FBT001
    one = entry(
        "A new dam at the lake",
        "On the river",
        content="<p>A <strong>hydrologist</strong> says</p>",
        authors=("Ana Quispe", "María Flores"),
        categories=("Energy", "Human rights"),
        link="https://herald.example/news/2018/dam",
    )

    assert matches(query, one) is expected, why


def test_a_phrase_with_slips_does_not_run_over_the_end_of_a_value() -> None:
    one = entry("x", categories=("protected", "forests"))

    assert not matches('tag:"protected forests"~', one)
    assert matches('tag:"protected forests"~', entry("x", categories=("protectedforests",)))


def test_the_language_of_an_entry_goes_before_that_of_its_source() -> None:
    assert matches("lang:qu", entry("x", language="qu-PE"))
    assert not matches("lang:es", entry("x", language="qu-PE"))


@pytest.mark.parametrize("hours", [-5, 0, 9])
def test_a_day_is_a_day_in_the_calendar_of_the_page(hours: int) -> None:
    day = datetime(2018, 1, 22, tzinfo=timezone(timedelta(hours=hours)))
    one = entry("x", published=When(at=day, precision=Precision.DAY, basis=Basis.WRITTEN))

    assert matches("after:2018-01-22 before:2018-01-23", one)


REGEXES = [
    (r"/mining\s+corridor/", "The Mining  Corridor", True, "raw text, any case"),
    ("/^the/", "The corridor", True, "the beginning of a field"),
    ("/corridor$/", "The corridor", True, "its end"),
    ("/apurimac/", "Apurímac", False, "raw: nothing is folded"),
    (r"/\d+ (km|miles)/", "15 km away", True, "blanks and brackets inside"),
    (r"/and\/or/", "and/or", True, "an escaped slash"),
    ("-/corr/", "The corridor", False, "NOT"),
    ("(/a\\dc/|x)", "a1c", True, "beside brackets and bars"),
    ('/"quoted"/', 'a "quoted" word', True, "quotes inside"),
    ("/(a+)+$/", "a" * 5000 + "b", False, "linear time, whatever the pattern"),
]


@pytest.mark.parametrize(("query", "title", "expected", "why"), REGEXES)
def test_a_regex_looks_at_raw_text(query: str, title: str, expected: bool, why: str) -> None:  # noqa: FBT001
    assert matches(query, entry(title)) is expected, why


def test_a_regex_looks_at_one_field_at_a_time() -> None:
    assert not matches("/dam.*river/", entry("dam", "river"))


def test_an_exact_topic_has_no_plurals_and_no_slips() -> None:
    assert not matches("mine", entry("mines"), exact=True)
    assert not matches("mining~", entry("minign"), exact=True)
    assert not matches('title:("las bambas"~ NEAR/3 x)', entry("la bambas x"), exact=True)
    assert matches("min*", entry("Mínes"), exact=True)


@pytest.mark.parametrize(
    ("language", "query", "title", "expected"),
    [
        ("es", "luz", "luces", True),
        ("en-GB", "luz", "luces", False),
        ("es", "community", "communities", False),
        ("de", "auto", "autos", False),
        ("de", "autos", "autos", True),
        ("fr", "mine", "mines", True),
    ],
)
def test_the_language_of_a_topic_says_which_plurals_count(
    language: str,
    query: str,
    title: str,
    expected: bool,  # noqa: FBT001
) -> None:
    assert matches(query, entry(title), language=language) is expected


def test_a_topic_reuses_another_with_its_own_rules() -> None:
    mining = topic("mine OR mining", name="mining", exact=True)
    topics = [mining, topic("topic:mining NOT coal", name="other"), topic("topic:other", name="t")]
    percolator = Percolator(topics, sources=[HERALD])

    assert percolator.match(entry("A mine")) == ("mining", "other", "t")
    assert percolator.match(entry("A coal mine")) == ("mining",)
    assert percolator.match(entry("Mines")) == ()


@pytest.mark.parametrize("query", ["NOT river", "/dam/", "title:dam", "after:2018"])
def test_what_has_no_place_in_a_text_is_near_nothing(query: str) -> None:
    near = Near(left=parse(query), right=Word(word="dam"), distance=5)

    assert not compile_query(near)(Document(entry("A dam, a dam, a dam")))


def test_a_topic_that_nobody_looked_up_is_an_error_and_never_just_no_match() -> None:
    with pytest.raises(ValueError, match="topic:mining was not resolved"):
        compile_query(parse("dam OR topic:mining"))


def test_what_was_asked_of_some_topics_is_kept_until_others_are_asked_for() -> None:
    percolator = Percolator([topic("dam", name="a"), topic("lake", name="b")])
    one, other = (frozenset({topic("", name=name).id}) for name in "ab")

    first = percolator.only(one)

    assert percolator.only(one) is first
    assert percolator.only(other) is not first
    assert percolator.only(one | other) is percolator


def test_more_words_than_are_remembered_are_looked_up_as_well() -> None:
    percolator = Percolator([topic("dam"), topic("glacier~", name="u")])
    many = " ".join(f"w{number}" for number in range(MOST_WORDS + 2))

    assert percolator.match(entry("glaciar", f"{many} dam")) == ("t", "u")
    assert percolator.match(entry("dam", "w1")) == ("t",)


def test_an_entry_without_a_title_is_searched_in_its_summary() -> None:
    assert matches("dam", entry("", "A dam"))
    assert not matches("title:dam", entry("", "A dam"))
    assert matches("title:(NOT dam)", entry("", "A dam"))


def test_dates_are_compared_where_there_are_any() -> None:
    assert matches("after:2018", entry("x", published=_at(2018)))
    assert not matches("after:2018", entry("x", published=_at(2017)))


def _at(year: int) -> When:
    at = datetime(year, 6, 1, 12, tzinfo=UTC)
    return When(at=at, precision=Precision.TIME, basis=Basis.MACHINE)
