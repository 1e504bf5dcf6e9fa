"""The submissions that one command grades: which there are, and which of them are still to be done."""
