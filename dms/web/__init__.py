"""The staff's web application. `dms.web.factory.create_app` builds it; desks hold the pages, templates the HTML.

Pages ask services and show plain data. No decision about rights is taken here: the services' gate takes them.
"""
