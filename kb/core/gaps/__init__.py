"""Gaps of the help centre: what was asked in vain, joined, valued and ranked."""

from kb.core.gaps.casing import sentence_case, written_forms
from kb.core.gaps.clustering import Cluster, Text, cluster
from kb.core.gaps.hours import (
    Estimate,
    Range,
    Term,
    avoided_share,
    count_range,
    estimate,
    mean_range,
    share_range,
    shrunk_share,
)
from kb.core.gaps.synonyms import OneForm
from kb.core.gaps.texts import LIGHT, key_of, meanings, terms_of
from kb.core.gaps.wordings import telling_wordings

__all__ = [
    "LIGHT",
    "Cluster",
    "Estimate",
    "OneForm",
    "Range",
    "Term",
    "Text",
    "avoided_share",
    "cluster",
    "count_range",
    "estimate",
    "key_of",
    "mean_range",
    "meanings",
    "sentence_case",
    "share_range",
    "shrunk_share",
    "telling_wordings",
    "terms_of",
    "written_forms",
]
