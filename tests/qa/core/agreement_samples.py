"""Published tables that several tests use; N is a hole."""

import math

N = math.nan

# Krippendorff (2011), "Computing Krippendorff's alpha-reliability".
KRIPPENDORFF = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, N, N, N],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, N, 3],
    [N, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, N],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, N],
]

# Shrout and Fleiss (1979), table 2: four judges, six targets.
JUDGES = [
    [9, 6, 8, 7, 10, 6],
    [2, 1, 4, 1, 5, 2],
    [5, 3, 6, 2, 6, 4],
    [8, 2, 8, 6, 9, 7],
]

# Cohen (1960), p. 45: rows are the first rater's, columns the second's categories.
COHEN = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]


def ratings_of(table: list[list[int]]) -> tuple[list[int], list[int]]:
    """Spell a table of counts out as two rows of ratings, 1 up."""
    cells = [
        (row + 1, column + 1)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]
    return [row for row, _ in cells], [column for _, column in cells]
