"""Item models and the shared state: filter history, selection, time window."""
