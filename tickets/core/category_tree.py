"""The category tree as paths of names, such as “Billing / Refunds”."""

from collections.abc import Mapping

SEPARATOR = " / "
MAX_DEPTH = 4


def path_below(parent_path: str, name: str) -> str:
    """Return the path of a category; ``parent_path`` is empty at the root."""
    return f"{parent_path}{SEPARATOR}{name}" if parent_path else name


def depth(path: str) -> int:
    """Return on which level a path lies; a root is on level 1."""
    return path.count(SEPARATOR) + 1


def is_inside(path: str, root: str) -> bool:
    """Tell whether ``path`` is ``root`` or lies below it."""
    return path == root or path.startswith(root + SEPARATOR)


def moved(paths: Mapping[int, str], former: str, new: str) -> dict[int, str]:
    """Return the new paths of a subtree whose root goes from ``former`` to ``new``.

    Parameters
    ----------
    paths : mapping of int to str
        Present path by row; rows outside the subtree are left out of the result.
    """
    return {
        row: new + path.removeprefix(former)
        for row, path in paths.items()
        if is_inside(path, former)
    }
