"""What an instructor may set about grading."""

from __future__ import annotations

from dataclasses import fields

from traitlets import Bool, Dict, Enum, Unicode
from traitlets.config import Configurable

from grading.sandbox import Limits


class Grading(Configurable):
    """What an instructor may set, in nbgrader_config.py or as ``--Grading.name=value``."""

    unsafe_no_sandbox = Bool(False, help="grade without the sandbox; every report says so").tag(config=True)
    secret_file = Unicode("grading/secret", help="where the secret of the inputs is kept").tag(config=True)
    numerical_only = Enum(
        ["flag", "zero"], "flag", help="what becomes of derivatives that were measured, not derived"
    ).tag(config=True)
    limits = Dict(help=f"limits that differ: {', '.join(f.name for f in fields(Limits))}").tag(config=True)
