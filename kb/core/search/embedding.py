"""Meaning as vectors: optional, by a model that is on this machine already."""

import importlib
import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

# Texts in, one row each out.
Embed = Callable[[Sequence[str]], NDArray[np.floating]]
MOST_CHARACTERS = 4_000
_BATCH = 256


def wordllama_embed() -> Embed | None:
    """Return the embedding of the ``wordllama`` package, or None where that is not installed.

    Notes
    -----
    The package holds its model (256 numbers a text, English) and its tokenizer, yet looks
    for the latter in another folder of its own and would then fetch it. Naming the folder
    of the package keeps it off the network, and so does the flag.
    """
    spec = importlib.util.find_spec("wordllama")
    if spec is None or spec.origin is None:
        return None
    module = importlib.import_module("wordllama")
    folder = Path(spec.origin).parent
    model = module.WordLlama.load(cache_dir=folder, disable_download=True)
    return lambda texts: model.embed(list(texts))


def unit_rows(vectors: NDArray[np.floating]) -> NDArray[np.float32]:
    """Scale rows to length 1; a row of nothing, or of no numbers, becomes zeros."""
    rows = np.nan_to_num(np.asarray(vectors, dtype=np.float32), posinf=0, neginf=0)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled: NDArray[np.float32] = np.divide(
        rows, lengths, out=np.zeros_like(rows), where=lengths > 0
    )
    return scaled


def document_vectors(
    texts: Sequence[tuple[str, str]], embed: Embed
) -> NDArray[np.float32]:
    """Return one row a document: the mean of its title's and its whole text's direction.

    Parameters
    ----------
    texts : sequence of (title, body)
        The whole text is both, up to `MOST_CHARACTERS`.
    embed : callable

    Returns
    -------
    ndarray of float32, shape (documents, dimensions)
        The product with a direction is the mean of the two cosines.
    """
    rows: list[NDArray[np.float32]] = []
    if not texts:
        return np.empty((0, 0), np.float32)
    for at in range(0, len(texts), _BATCH):
        some = texts[at : at + _BATCH]
        titles = unit_rows(embed([title for title, _body in some]))
        wholes = [f"{title}. {body}"[:MOST_CHARACTERS] for title, body in some]
        rows.append((titles + unit_rows(embed(wholes))) / np.float32(2))
    return np.concatenate(rows)
