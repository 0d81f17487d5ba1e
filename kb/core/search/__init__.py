"""Search over articles: a pure core that needs no database and no service.

>>> from kb.core.search import Document, Index
>>> index = Index([Document(7, "Change your e-mail address", body="Open Settings.")])
>>> [hit.key for hit in index.search("how can i change my email").hits]
[7]
"""

from kb.core.search.confidence import Confidence
from kb.core.search.documents import (
    Document,
    Hit,
    Piece,
    Result,
    Synonym,
    document_of_sections,
)
from kb.core.search.embedding import Embed, wordllama_embed
from kb.core.search.index import Index

__all__ = [
    "Confidence",
    "Document",
    "Embed",
    "Hit",
    "Index",
    "Piece",
    "Result",
    "Synonym",
    "document_of_sections",
    "wordllama_embed",
]
