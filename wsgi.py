"""Two WSGI applications: ``wsgi:app`` for members and officers, ``wsgi:reporting`` for anonymous reports."""

import os

from unionapp import config
from unionapp.app import create_app, create_reporting_app

_settings = config.from_env(os.environ)
app = create_app(_settings)
reporting = create_reporting_app(_settings)
