"""OpenTelemetry's own format, in all the forms in which it lies in files."""

from tailrace.formats.otlp.sniff import SUPPORTED, sniff

__all__ = ["SUPPORTED", "sniff"]
