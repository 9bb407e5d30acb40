"""What people see of the sandbox: the web application with its API and a few pages that look like
GitHub's.
"""

from __future__ import annotations

from flask import Flask, Response, request

from policy_bot.sandbox.faults import Cut
from policy_bot.sandbox.rest.dispatch import answer
from policy_bot.sandbox.sandbox import Sandbox


def pages(sandbox: Sandbox) -> Flask:
    """The application; also usable in process, as any WSGI application."""
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # a cut connection is the server's affair, not an error page

    @app.route("/api/<path:_>", methods=["GET", "POST", "PATCH", "PUT", "DELETE"])
    def api(_: str) -> Response:
        headers = dict(request.headers)
        try:
            status, out, content = answer(sandbox, request.method, request.url, headers, request.get_data())
        except Cut:
            raise ConnectionAbortedError from None
        return Response(content, status, out)

    return app
