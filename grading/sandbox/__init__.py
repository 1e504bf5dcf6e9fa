"""The sandbox: a Jupyter kernel in bubblewrap that runs a submission and owns nothing outside."""

from grading.sandbox.bubblewrap import NoSandboxError, require
from grading.sandbox.limits import Limits
from grading.sandbox.provisioner import BubblewrapProvisioner

__all__ = ["BubblewrapProvisioner", "Limits", "NoSandboxError", "require"]
