"""What a table of allowed moves makes possible and what it forbids."""

from collections.abc import Collection, Iterable

Move = tuple[str, str]


def dead_ends(
    statuses: Collection[str], ended: Collection[str], moves: Iterable[Move]
) -> list[str]:
    """Return the statuses from which no ended status can be reached.

    Parameters
    ----------
    statuses : collection of str
        Codes in use; moves from or to others are not counted.
    ended : collection of str
        Codes that end a ticket. An ended status is never a dead end itself.
    moves : iterable of (str, str)
        Allowed moves, from and to.

    Returns
    -------
    list of str
        In the order of ``statuses``.

    Examples
    --------
    >>> dead_ends(["new", "lost", "closed"], ["closed"], [("new", "closed")])
    ['lost']
    """
    known = set(statuses)
    sources: dict[str, set[str]] = {}
    for source, target in moves:
        if source in known and target in known:
            sources.setdefault(target, set()).add(source)
    reached = set(ended) & known
    frontier = set(reached)
    while frontier:
        frontier = {
            source for target in frontier for source in sources.get(target, ())
        } - reached
        reached |= frontier
    return [code for code in statuses if code not in reached]
