"""Intake: from whatever lies in a submission's folder to a clean notebook, with what had to be done said."""
