"""The core against its peers and its limits, side by side in one run: ``python -m tests.bench``."""
