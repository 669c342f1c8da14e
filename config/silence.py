"""How long processes may be silent before they are taken for dead."""

from config.env import value

SILENCE_SECONDS = float(value("IMPORTS_SILENCE_SECONDS"))
PULSE_SECONDS = SILENCE_SECONDS / 6  # between two signs of life
