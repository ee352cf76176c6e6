"""Every speed and memory figure that the README quotes, each one command."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fisc.settings")
