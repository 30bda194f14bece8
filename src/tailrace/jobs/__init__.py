"""Background work without Qt: submit, progress, cancel, latest-wins slots; a reader pool and one writer thread."""

from tailrace.jobs.runner import Cancelled, JobRunner, Ticket

__all__ = ["Cancelled", "JobRunner", "Ticket"]
