"""One search engine in a process of its own, so that its peak memory is its own.

Run by ``benchmarks.bench_search`` as ``python search_process.py {job as JSON}``, by the
interpreter of the side that is measured; prints one line of JSON.
"""

import json
import re
import resource
import sqlite3
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

KIB = 1024
LIMIT = 10
WORD = re.compile(r"[a-z0-9]+")
Engine = Callable[[str], list[int]]


def status_bytes(name: str) -> int:
    """A line of Linux's /proc/self/status; elsewhere the peak for either name."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        (line,) = (line for line in lines if line.startswith(f"{name}:"))
        return int(line.split()[1]) * KIB
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KIB


def _ours(articles: list[dict[str, Any]], **options: Any) -> Engine:
    from kb.core.search import Document, Index

    index = Index(
        Document(each["id"], each["title"], body=each["body"]) for each in articles
    )
    return lambda text: index.search(text, limit=LIMIT, **options).keys


def ours(articles: list[dict[str, Any]]) -> Engine:
    return _ours(articles, with_passages=False)


def ours_with_passages(articles: list[dict[str, Any]]) -> Engine:
    return _ours(articles)


def fts5(articles: list[dict[str, Any]]) -> Engine:
    """SQLite's own: any of the words, stemmed, titles five times."""
    base = sqlite3.connect(":memory:")
    base.execute(
        "create virtual table pages using fts5"
        "(title, body, tokenize='porter unicode61 remove_diacritics 2')"
    )
    base.executemany(
        "insert into pages(rowid, title, body) values (:id, :title, :body)", articles
    )
    base.execute("insert into pages(pages) values ('optimize')")

    def search(text: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(_words(text)))
        rows = base.execute(
            "select rowid from pages where pages match ?"
            " order by bm25(pages, 5.0, 1.0) limit ?",
            (words, LIMIT),
        )
        return [row[0] for row in rows] if words else []

    return search


def bm25s(articles: list[dict[str, Any]]) -> Engine:
    """The bm25s package with PyStemmer, titles three times."""
    import bm25s as peer
    import Stemmer

    stemmer = Stemmer.Stemmer("english")

    def terms(text: str) -> list[str]:
        return stemmer.stemWords(_words(text))

    retriever = peer.BM25()
    retriever.index(
        [3 * terms(each["title"]) + terms(each["body"]) for each in articles],
        show_progress=False,
    )
    known = retriever.vocab_dict
    limit = min(LIMIT, len(articles))

    def search(text: str) -> list[int]:
        wanted = [term for term in terms(text) if term in known]
        if not wanted:
            return []
        places, scores = retriever.retrieve([wanted], k=limit, show_progress=False)
        pairs = zip(places[0], scores[0], strict=True)
        return [articles[place]["id"] for place, score in pairs if score > 0]

    return search


def _words(text: str) -> list[str]:
    stop = {"how", "do", "i", "the", "a", "my", "to", "is", "in", "of", "for", "can"}
    return [word for word in WORD.findall(text.lower()) if word not in stop]


ENGINES = {
    each.__name__: each for each in (ours, ours_with_passages, fts5, bm25s)
}  # fmt: skip


def main() -> None:
    job = json.loads(sys.argv[1])
    data = json.loads(Path(job["file"]).read_text(encoding="utf-8"))
    before = status_bytes("VmRSS")
    begun = time.process_time()
    search = ENGINES[job["engine"]](data["articles"])
    built = time.process_time() - begun
    queries = data[job["queries"]]
    begun = time.process_time()
    found = [article in search(text)[:5] for text, article in queries]
    spent = time.process_time() - begun
    print(
        json.dumps(
            {
                "build": built,
                "rate": len(queries) / spent,
                "first_five": sum(found) / len(found),
                "peak": status_bytes("VmHWM"),
                "held": status_bytes("VmRSS") - before,
            }
        )
    )


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
