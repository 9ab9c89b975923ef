"""What links to older items are called, in the languages of the European and CJK web."""

from __future__ import annotations

from aggregator.core.text import fold

_AROUND = " \t\r\n\xa0»›>→⟩❯▶►⇒≫＞«‹<←…:|[]().&"


def plain_label(text: str) -> str:
    """Return the words of a label in lower case, without the arrows and colons around them.

    >>> plain_label("« Older  Posts")
    'older posts'
    """
    if text.isalpha():  # most links of a menu: nothing to take away
        return text.casefold()
    return " ".join(text.strip(_AROUND).casefold().split())


def _labels(table: str) -> frozenset[str]:
    """Return the labels of a table as they are written, and without their accents."""
    labels = {plain_label(label) for label in table.replace("\n", "|").split("|")}
    return frozenset(labels | {fold(label) for label in labels}) - {""}


# The first that a label shows alone is the next page; where there is a "›", "»" is the last.
ARROWS = ("›", "→", "⟩", "❯", "▶", "►", "⇒", ">", "＞", "»", "≫", ">>")

# These mean older items wherever they stand.
OLDER = _labels("""
    older|older posts|older entries|older news|older articles|older items|older stories
    next page|next posts|next entries|view older posts|previous posts|previous entries
    más antiguas|más antiguos|entradas antiguas|entradas más antiguas|página siguiente
    siguiente página|noticias anteriores|entradas anteriores|publicaciones anteriores
    mais antigas|mais antigos|postagens mais antigas|próxima página|página seguinte
    plus anciens|plus anciennes|articles plus anciens|articles précédents|page suivante
    ältere|ältere beiträge|ältere artikel|ältere einträge|ältere meldungen|nächste seite
    più vecchi|più vecchie|articoli precedenti|articoli meno recenti|pagina successiva
    oudere|oudere berichten|volgende pagina|äldre|äldre inlägg|nästa sida|eldre|eldre innlegg
    neste side|ældre|ældre indlæg|næste side|vanhemmat|vanhemmat artikkelit|seuraava sivu
    starsze|starsze wpisy|następna strona|starší|starší příspěvky|další stránka|ďalšia strana
    régebbi|régebbi bejegyzések|következő oldal|mai vechi|pagina următoare|articole mai vechi
    παλαιότερα|παλαιότερες αναρτήσεις|επόμενη σελίδα|старые записи|старее|следующая страница
    следующая стр|попередні записи|наступна сторінка|по-стари|следваща страница|старији чланци
    starije|sljedeća stranica|sledeća strana|starejše|naslednja stran|vanemad|järgmine leht
    vecākas|nākamā lapa|senesni|kitas puslapis|eldri|næsta síða|önceki yazılar|daha eski
    sonraki sayfa|més antigues|pàgina següent|zaharragoak|hurrengo orria|máis antigas
    次のページ|次ページ|次のページへ|古い記事|過去の記事|以前の記事|下一页|下一頁|下页|下頁|较旧|較舊
    更早|旧文章|다음 페이지|이전 글|이전 게시물|trang sau|cũ hơn
""")

# These mean the next page when they stand in a pager.
NEXT = _labels("""
    next|more|siguiente|siguientes|seguinte|próxima|próximo|proxima|suivant|suivante|suivants
    nächste|weiter|vor|successivo|successiva|successivi|avanti|prossima|volgende|nästa|neste
    næste|seuraava|następna|następne|dalej|další|ďalej|ďalšie|následující|következő|următor
    următoarea|înainte|επόμενη|επόμενο|επόμενα|далее|вперед|вперёд|следующая|следующие
    наступна|далі|напред|следваща|следећа|sljedeća|sljedeće|sledeća|naslednja|järgmine|nākamā
    kitas|toliau|næsta|sonraki|ileri|següent|següents|hurrengoa|seguinte|次へ|次|次の|다음|下一
    load more|show more|more news|more posts|mehr laden|weitere|más noticias|ver más
    cargar más|voir plus
""")
