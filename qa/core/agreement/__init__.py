"""How far reviewers agree: every measure of agreement, under one name.

Ratings are reviewers × units with NaN (or None) for holes, or `Ratings.from_triples`
where most cells are empty. A figure that is undefined is NaN: never 1, never 0.

Which one: alpha ordinal for a criterion's levels and alpha interval for total scores
(any holes); alpha nominal with Gwet's AC1 and the plain share for pass or fail; ICC
``A,1`` for what one review is worth when all rated all; kappa for one reviewer against
a reference; Bland and Altman for how far apart, in points.
"""

from qa.core.agreement.alpha import (
    INTERVAL,
    LEVELS,
    NOMINAL,
    ORDINAL,
    alpha_of_triples,
    krippendorff_alpha,
)
from qa.core.agreement.bootstrap import (
    FEW_REVIEWERS,
    UNITS,
    UNITS_AND_REVIEWERS,
    BootstrapInterval,
    bootstrap_interval,
)
from qa.core.agreement.chance import (
    ChanceCorrected,
    cohen_kappa,
    gwet_ac,
    gwet_agreement,
    kappa_agreement,
    kappa_error,
)
from qa.core.agreement.icc import FORMS, icc, icc_interval, mean_squares
from qa.core.agreement.pairs import BlandAltman, bland_altman
from qa.core.agreement.ratings import Ratings

__all__ = [
    "FEW_REVIEWERS",
    "FORMS",
    "INTERVAL",
    "LEVELS",
    "NOMINAL",
    "ORDINAL",
    "UNITS",
    "UNITS_AND_REVIEWERS",
    "BlandAltman",
    "BootstrapInterval",
    "ChanceCorrected",
    "Ratings",
    "alpha_of_triples",
    "bland_altman",
    "bootstrap_interval",
    "cohen_kappa",
    "gwet_ac",
    "gwet_agreement",
    "icc",
    "icc_interval",
    "kappa_agreement",
    "kappa_error",
    "krippendorff_alpha",
    "mean_squares",
]
