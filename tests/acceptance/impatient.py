"""The web server, less patient with a process that is silent."""

from config.web.__main__ import main
from config.web.pulse import PULSE_SECONDS

if __name__ == "__main__":
    main(patience=2 * PULSE_SECONDS)
