"""Search over articles: how often it is right, and its speed and memory beside others.

Run with ``python -m benchmarks.bench_search``.

Right or not: re-worded questions whose article is known, from ``../shared/data/search``
(not part of this repository; skipped where absent), as they are, with a slip of the finger
in every word of four letters or more, by words alone and, where ``wordllama`` is installed,
with likeness of meaning.

Speed: made-up articles of some 350 words, so no file is needed. Each engine has a process
of its own with the same articles and questions: ours, SQLite's FTS5, and bm25s where
``--peer-python`` (or ``BENCH_PEER_PYTHON``) names an interpreter that has it and PyStemmer.
Times are of the processor, one thread.
"""

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

# Read when numpy is imported; one thread is what one request gets.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

from kb.core.search import Document, Embed, Index, wordllama_embed

SEED = 20_260_101
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "search"
PROCESS = Path(__file__).with_name("search_process.py")
MIB = 1024**2
SIZES = (125, 1_000, 10_000)
ROUNDS_OF_SLIPS = 3
QUESTIONS = 1_000
LETTERS = "abcdefghijklmnopqrstuvwxyz"
# First right and in the first five, then in the first five with slips, in percent.
GOALS = {"with meaning": (81.0, 97.0, 95.0), "by words": (72.0, 94.0, 90.0)}
# Words that the slips leave alone, as nobody searches for them.
SPARED = set(
    re.findall(
        r"\w+",
        "about been being could does from have into just like please that their them there"
        " they this want were what when where which will with would your",
    )
)

Questions = list[tuple[str, int]]


def slip(word: str, rng: random.Random) -> str:
    """Leave out, put in, change or swap a letter, never the first alone."""
    at, letter = rng.randrange(1, len(word)), rng.choice(LETTERS)
    return rng.choice(
        [
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[:at] + letter + word[at + 1 :],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        ]
    )


def slipped(text: str, rng: random.Random) -> str:
    words = text.split(" ")
    for at, word in enumerate(words):
        letters = sum(character.isalnum() for character in word)
        if letters >= 4 and word.lower() not in SPARED:
            words[at] = slip(word, rng)
    return " ".join(words)


def known_questions() -> Iterator[tuple[str, list[Document], Questions]]:
    for path in sorted(SHARED.glob("stackfaq_queries_*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        documents = [
            Document(each["id"], each["title"], body=" ".join(each["answers"]))
            for each in data["articles"]
        ]
        questions = [(each["query"], each["article"]) for each in data["queries"]]
        yield path.name, documents, questions


def rates(index: Index, questions: Questions) -> tuple[float, float, int]:
    """Percent right first and in the first five, and how many found nothing."""
    found = [index.search(text, with_passages=False).keys for text, _key in questions]
    pairs = list(zip(found, (key for _text, key in questions), strict=True))
    first = sum(keys[:1] == [key] for keys, key in pairs)
    five = sum(key in keys[:5] for keys, key in pairs)
    empty = sum(not keys for keys in found)
    return 100 * first / len(pairs), 100 * five / len(pairs), empty


def report_quality(embed: Embed | None) -> None:
    some = False
    for name, documents, questions in known_questions():
        some = True
        print(f"{name}: {len(documents)} articles, {len(questions)} questions")
        report_index("by words", Index(documents), questions)
        if embed is not None:
            index = Index(documents, embed=embed)
            report_index("with meaning", index, questions)
        else:
            print("  with meaning: wordllama is not installed, skipped")
    if not some:
        print(
            f"No known questions in {SHARED}: how often it is right was not measured."
        )


def report_index(label: str, index: Index, questions: Questions) -> None:
    first, five, empty = rates(index, questions)
    print(
        f"  {label:<13} as asked     first {first:5.1f} %, first five {five:5.1f} %,"
        f" nothing found {empty}"
    )
    asked = []
    for number in range(ROUNDS_OF_SLIPS):
        rng = random.Random(SEED + number)
        asked += [(slipped(text, rng), key) for text, key in questions]
    slip_first, slip_five, slip_empty = rates(index, asked)
    print(
        f"  {label:<13} every word slipped: first {slip_first:5.1f} %, first five"
        f" {slip_five:5.1f} %, nothing found {slip_empty} of {len(asked)}"
    )
    goal = GOALS[label]
    met = first >= goal[0] and five >= goal[1] and slip_five >= goal[2]
    met = met and not empty and not slip_empty
    wanted = " / ".join(f"{each:.0f}" for each in goal)
    print(f"    goal {wanted} %, none without result: {'met' if met else 'NOT met'}")


def vocabulary(rng: random.Random, size: int) -> list[str]:
    """Made-up words of two to four syllables, all different."""
    ends = ("", "n", "r", "s", "t", "l")
    syllables = [
        first + vowel + end for first in "bcdfghklmnprstvw" for vowel in "aeiou"
        for end in ends
    ]  # fmt: skip
    words: dict[str, None] = {}
    while len(words) < size:
        words["".join(rng.choices(syllables, k=rng.randint(2, 4)))] = None
    return list(words)


def made_up(articles: int) -> dict[str, Any]:
    """Articles by Zipf's law, and questions made of words of one of them."""
    rng = random.Random(SEED)
    words = vocabulary(rng, 30_000)
    weights = [1 / (rank + 5) for rank in range(len(words))]
    pages, topics, questions = [], [], []
    for number in range(articles):
        drawn = rng.choices(words, weights, k=rng.randint(150, 550))
        topic = rng.sample(words, 12)
        body = [rng.choice(topic) if rng.random() < 0.08 else word for word in drawn]
        title = " ".join(rng.sample(topic, 4) + drawn[:2])
        pages.append({"id": number, "title": title, "body": " ".join(body)})
        topics.append((topic, drawn))
    # None is asked twice, so that nothing is remembered from the time before.
    for number in (at % articles for at in range(QUESTIONS)):
        topic, drawn = topics[number]
        asked = rng.sample(topic, 3) + rng.sample(drawn, 5)
        questions.append((f"how do i {' '.join(asked)}", number))
    slips = [(slipped(text, rng), number) for text, number in questions]
    return {"articles": pages, "clean": questions, "slips": slips}


def measured(python: str, **job: Any) -> dict[str, Any]:
    """Run one engine in a process of its own; what it printed, or why it failed."""
    done = subprocess.run(  # noqa: S603 -- our own script
        [python, str(PROCESS), json.dumps(job)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        lines = done.stderr.strip().splitlines() or [f"ended by {done.returncode}"]
        return {"failed": lines[-1]}
    return json.loads(done.stdout)


def report_speed(peer_python: str | None) -> None:
    print(
        f"\n{'articles, engine':<34} {'build s':>8} {'searches/s':>11}"
        f" {'held MiB':>9} {'peak MiB':>9} {'first five':>11}"
    )
    sides = [
        ("ours", sys.executable, "ours", "clean"),
        ("ours, with passages", sys.executable, "ours_with_passages", "clean"),
        ("ours, every word slipped", sys.executable, "ours", "slips"),
        ("SQLite FTS5", sys.executable, "fts5", "clean"),
        ("SQLite FTS5, slipped", sys.executable, "fts5", "slips"),
    ]
    if peer_python:
        sides += [
            ("bm25s", peer_python, "bm25s", "clean"),
            ("bm25s, slipped", peer_python, "bm25s", "slips"),
        ]
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            file = Path(folder) / f"{size}.json"
            file.write_text(json.dumps(made_up(size)), encoding="utf-8")
            for label, python, engine, queries in sides:
                found = measured(
                    python, engine=engine, queries=queries,
                    file=str(file),
                )  # fmt: skip
                show(f"{size:>6,} {label}", found)
    if not peer_python:
        print("bm25s: no interpreter given that has it (--peer-python), skipped.")


def show(label: str, found: dict[str, Any]) -> None:
    if "failed" in found:
        print(f"{label:<34} failed: {found['failed']}")
        return
    print(
        f"{label:<34} {found['build']:>8.2f} {found['rate']:>11,.0f}"
        f" {found['held'] / MIB:>9,.0f} {found['peak'] / MIB:>9,.0f}"
        f" {100 * found['first_five']:>10.1f}%"
    )


def report_update() -> None:
    """How long one changed article takes, against reading all again."""
    data = made_up(SIZES[-1])
    pages = [
        Document(row["id"], row["title"], body=row["body"]) for row in data["articles"]
    ]
    begun = time.process_time()
    index = Index(pages)
    whole = time.process_time() - begun
    begun = time.process_time()
    index.updated([pages[0]])
    one = time.process_time() - begun
    print(
        f"\n{len(pages):,} articles: all read {whole:.2f} s, one changed {one:.2f} s,"
        f" tables {index.nbytes / MIB:.0f} MiB"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--peer-python", default=os.environ.get("BENCH_PEER_PYTHON"))
    parser.add_argument("--only-quality", action="store_true")
    options = parser.parse_args()
    report_quality(wordllama_embed())
    if not options.only_quality:
        report_speed(options.peer_python)
        report_update()


if __name__ == "__main__":
    main()
