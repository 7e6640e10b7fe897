"""What the web server is given: `deploy.web.wsgi:application`. VISOR_SERVICE names one service to serve alone."""

import os

from deploy.web import one_machine, one_service

alone = os.environ.get("VISOR_SERVICE")
front = one_service.build(alone) if alone else one_machine.build()
application = front.application
