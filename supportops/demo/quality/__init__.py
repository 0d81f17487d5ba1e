"""A year of quality: draws, reviews, calibrations, disputes, coaching."""

from supportops.demo.quality.year import load_quality

__all__ = ["load_quality"]
