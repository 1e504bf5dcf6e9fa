"""The sandbox: a kernel in bubblewrap that runs a submission and owns nothing outside."""

from grading.sandbox.bubblewrap import NoSandboxError, require
from grading.sandbox.limits import Limits

__all__ = ["Limits", "NoSandboxError", "require"]
