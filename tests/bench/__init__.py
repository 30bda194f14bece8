"""The budgets of speed and what measures them. Off by default: `make bench`, or `python -m tests.bench`."""
