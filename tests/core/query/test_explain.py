from hypothesis import given

from aggregator.core.query import Percolator, parse
from aggregator.core.query.document import Document
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.explain import Explanation, explain, marks
from aggregator.core.query.tree import Query, told
from aggregator.model import Entry
from tests.core.query.entries import HERALD, entry, topic
from tests.core.query.queries import entries, queries


def explained(query: str, one: Entry) -> Explanation:
    return explain(parse(query), Document(one, source=HERALD))


def told_lines(query: str, one: Entry) -> list[str]:
    return list(explained(query, one).lines())


@given(queries, entries)
def test_an_explanation_agrees_with_the_match(query: Query, one: Entry) -> None:
    document = Document(one)

    assert explain(query, document).matches is compile_query(query)(document)


@given(queries, entries)
def test_marks_lie_in_the_text_and_do_not_overlap(query: Query, one: Entry) -> None:
    texts = {"title": one.title or "", "summary": one.summary}

    for field, spans in marks(query, Document(one)).items():
        edges = [edge for span in spans for edge in span]
        assert edges == sorted(edges)
        assert len(set(edges)) == len(edges)
        assert edges[0] >= 0
        assert edges[-1] <= len(texts[field])


def test_it_names_the_field_and_the_words_around() -> None:
    lines = told_lines(
        '"las bambas"~ OR MMG= OR conga', entry("La Bambas road", "The huge MMG mine")
    )

    assert lines == [
        "✓ one of:",
        '  ✓ "las bambas"~   title: «La Bambas» road',
        "  ✓ mmg=   summary: The huge «MMG» mine",
    ]


def test_it_names_the_part_that_failed() -> None:
    lines = told_lines("oil spill NOT football", entry("Oil price and football"))

    assert lines == [
        "✗ all of:",
        "  ✓ oil   title: «Oil» price and football",
        "  ✗ spill",
        "  ✗ NOT football",
        "    ✓ football   title: Oil price and «football»",
    ]


def test_it_hints_at_a_word_that_may_have_been_meant() -> None:
    assert told_lines("challhuahuacho", entry("In Chalhuahuacho")) == [
        "✗ challhuahuacho   (there is 'chalhuahuacho')"
    ]
    assert told_lines('"las bambas" OR conga', entry("La Bambas")) == [
        '✗ none of: "las bambas" OR conga',
        "  \"las bambas\"   (there is 'la bambas')",
    ]


def test_every_operator_is_explained() -> None:
    one = entry("Oil and gas", "A leak", link="https://herald.example/oil", authors=("Ana",))

    for query in [
        "oil NEAR/3 gas",
        "/oil.*gas/",
        "author:ana",
        "url:oil",
        "after:2018",
        "NOT coal",
        "source:highland",
        "title:(oil gas)",
    ]:
        explanation = explained(query, one)
        assert explanation.matches, query
        assert all(line.lstrip().startswith("✓") for line in explanation.lines()), query
    assert told_lines("oil NEAR/3 gas", one) == ["✓ oil NEAR/3 gas   title: «Oil and gas»"]


def test_a_long_text_is_cut_around_the_place() -> None:
    text = "word " * 40 + "dam" + " word" * 40

    (place,) = explained("dam", entry("x", text)).places

    assert place.quoted(12) == "…word word «dam» word word…"


def test_marks_stand_where_the_words_stand_in_the_raw_text() -> None:
    one = entry("L’Apurímac’s (mines)", "新女性の権利法 and O'Brien; MMG’s")

    found = marks(parse("apurimac AND mine AND 女性 AND O'Brien AND mmg"), Document(one))

    cut = {
        field: [(one.title if field == "title" else one.summary or "")[a:b] for a, b in spans]  # type: ignore[index]
        for field, spans in found.items()
    }
    assert cut == {"title": ["Apurímac", "mines"], "summary": ["女性", "O'Brien", "MMG"]}


def test_marks_that_overlap_are_one() -> None:
    found = marks(
        parse('"las bambas" OR bambas OR "bambas road"'), Document(entry("Las Bambas road"))
    )

    assert found == {"title": ((0, 15),)}


def test_nothing_is_marked_when_it_does_not_match() -> None:
    assert marks(parse("oil AND coal"), Document(entry("Oil"))) == {}
    assert marks(parse("oil AND NOT coal"), Document(entry("Oil"))) == {"title": ((0, 3),)}


def test_a_percolator_marks_for_pages() -> None:
    percolator = Percolator([topic("mine", name="mining"), topic("topic:mining oil", name="t")])

    assert percolator.marks(topic("", name="t").id, entry("Oil mines")) == {
        "title": ((0, 3), (4, 9))
    }
    assert told(percolator.query(topic("", name="t").id)) == "mine AND oil"


def test_only_title_and_summary_are_marked_and_nothing_of_no_length() -> None:
    one = entry("Oil leak", "At the coast", categories=("Energy",))

    assert marks(parse("tag:energy leak"), Document(one)) == {"title": ((4, 8),)}
    assert marks(parse("/x*/"), Document(one)) == {}


def test_a_word_that_is_written_with_joined_signs_is_marked_with_all_around_it() -> None:
    joined = entry("㍿銅山")  # one sign that means four

    assert marks(parse("銅山"), Document(joined)) == {"title": ((0, 3),)}
    assert marks(parse("会社"), Document(joined)) == {"title": ((0, 3),)}


def test_a_reference_to_a_topic_is_told_as_it_is_written() -> None:
    assert told(parse("dam NOT topic:mining")) == "dam AND NOT topic:mining"
