"""The tables of all attributes at once: which traces have which values. They are filled when they are first needed.

As with the other columns, whoever changes what the same attributes give raises `tables.VERSION`.
"""

from __future__ import annotations

# `single`: its values are compared one by one; not so where nearly every trace has another one, nor many numbers.
# `long`: some value was too long to be kept.
NAMES = """
CREATE TABLE IF NOT EXISTS attribute_name (
    key INTEGER, name VARCHAR, single BOOLEAN, long BOOLEAN, numbers BOOLEAN
)
"""
VALUES = "CREATE TABLE IF NOT EXISTS attribute_value (value INTEGER, key INTEGER, text VARCHAR)"
HOLDERS = "CREATE TABLE IF NOT EXISTS attribute_holder (trace BIGINT, value INTEGER)"
NUMBERS = "CREATE TABLE IF NOT EXISTS attribute_number (trace BIGINT, key INTEGER, least DOUBLE, most DOUBLE)"
ATTRIBUTE_TABLES = (NAMES, VALUES, HOLDERS, NUMBERS)
