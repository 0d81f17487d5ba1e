"""How often real questions find their article; the whole table is in the benchmark."""

import json
from pathlib import Path

import pytest

from kb.core.search import Document, Index

QUESTIONS = (
    Path(__file__).parents[4] / "shared" / "data" / "search" / "stackfaq_queries_a.json"
)


@pytest.mark.skipif(not QUESTIONS.exists(), reason="the known questions are not here")
def test_real_questions_find_their_article_by_words_alone():
    data = json.loads(QUESTIONS.read_text(encoding="utf-8"))
    index = Index(
        Document(each["id"], each["title"], body=" ".join(each["answers"]))
        for each in data["articles"]
    )
    found = [
        (index.search(each["query"], with_passages=False).keys, each["article"])
        for each in data["queries"]
    ]
    assert all(keys for keys, _right in found)
    assert sum(keys[0] == right for keys, right in found) / len(found) >= 0.72
    assert sum(right in keys[:5] for keys, right in found) / len(found) >= 0.94
