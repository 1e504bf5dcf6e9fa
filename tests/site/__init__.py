"""The course as a static site, built and opened in a real browser."""
