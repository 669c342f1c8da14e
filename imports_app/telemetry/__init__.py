"""What the processes tell of themselves: measurements, and what log lines are about."""
