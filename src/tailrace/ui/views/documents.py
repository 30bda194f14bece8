"""Retrieved documents as cards: rank, score with a bar, text, metadata, what was judged of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from tailrace.model import Document, Score, SpanKind
from tailrace.ui.views.messages.cards import Block, BlockKind, Card
from tailrace.ui.views.scores import document_score_words


def document_cards(documents: Sequence[Document], scores: Iterable[Score], kind: SpanKind) -> list[Card]:
    """One card a document, in the source's order. The bar compares scores within the list: of 1 where all are between
    0 and 1, else of the largest."""
    judged: dict[int, list[Score]] = {}
    for score in scores:
        if score.document_position is not None:
            judged.setdefault(score.document_position, []).append(score)
    known = [document.score for document in documents if document.score is not None]
    full = 1.0 if known and max(known) <= 1 else max(known, default=1.0)
    return [_card(document, judged.get(document.rank, []), full, kind) for document in documents]


def _card(document: Document, judged: Sequence[Score], full: float, kind: SpanKind) -> Card:
    title = f"{document.rank + 1}" + (f" · {document.document_id}" if document.document_id else "")
    facts, share = "no score", None
    if document.score is not None:
        facts = f"score {document.score:.4g}"
        share = min(1.0, max(0.0, document.score / full)) if full > 0 else None
    blocks = [
        Block(BlockKind.MARKUP, document.text) if document.text else Block(BlockKind.TEXT, "(no text)", tone="dim")
    ]
    if document.metadata:
        blocks.append(Block(BlockKind.LABEL, "metadata"))
        try:
            blocks.append(Block(BlockKind.JSON, orjson.dumps(document.metadata).decode()))
        except (TypeError, ValueError):
            blocks.append(Block(BlockKind.MONO, repr(document.metadata)))
    if judged:
        blocks.append(Block(BlockKind.LABEL, "scores"))
        blocks.extend(Block(BlockKind.TEXT, document_score_words(score)) for score in judged)
    shown = kind if kind in (SpanKind.RERANKER, SpanKind.RETRIEVER) else SpanKind.RETRIEVER
    return Card(title, tuple(blocks), shown, facts, share=share, framed=False)
