"""Tests of the column cache."""
