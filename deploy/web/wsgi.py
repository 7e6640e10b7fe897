"""What the web server is given: `deploy.web.wsgi:application`."""

from deploy.web.one_machine import build

application = build()
