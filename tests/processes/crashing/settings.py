from vidwiz.settings import *  # noqa: F403
from vidwiz.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.processes.crashing.apps.CrashingConfig"]
