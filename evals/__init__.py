"""Evals: what is measured, on which cases, and what a change made better or worse."""
