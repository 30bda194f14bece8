"""What the welcome page shows."""
