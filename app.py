"""Starts the web application; nothing else."""

import sys

from collab.config import load_settings
from collab.services import Services
from collab.web.serving import serve

if __name__ == "__main__":
    sys.exit(serve(load_settings, Services))
