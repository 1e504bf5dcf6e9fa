"""Submissions changed at random: what is changed, what answers return, and a class of them."""
