"""A synthetic class: for trying everything before term, and for load tests. What it is made with is written down."""
