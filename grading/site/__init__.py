"""The course as a static site that needs no installation: ``python -m grading site OUT``."""

from grading.site.building import SiteError, build
from grading.site.weighing import weights

__all__ = ["SiteError", "build", "weights"]
