"""Submissions with a story, hostile and broken ones: small functions that are made into notebooks when needed."""
