"""The web server's way in. It holds a lease on the database for as long as the process lives."""

import contextlib

from django.core import wsgi

from fisc.plumbing import database, startup

_held = contextlib.ExitStack()
_held.enter_context(startup.opened_database())
database.refuse_owner()
database.wait_briefly()

application = wsgi.get_wsgi_application()
