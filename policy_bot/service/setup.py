"""Set-up: a page that registers the App at GitHub, stores its secrets, and checks that everything works.

Served while there is no App, to anyone with the one-time address from the terminal.
"""

from __future__ import annotations

import hmac
import json
import os
import secrets
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask, Response, abort, redirect, render_template, request, session, url_for
from flask_bootstrap import Bootstrap5
from flask_wtf import CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response as AnyResponse

from policy_bot.github import manifest, posture, repositories
from policy_bot.github.app import App, Identity
from policy_bot.github.errors import Absent, Refused, RetryLater
from policy_bot.github.manifest import Registered
from policy_bot.github.posture import Point
from policy_bot.github.signature import verify
from policy_bot.github.web import web_address
from policy_bot.service.oneline import line
from policy_bot.service.pages import site
from policy_bot.service.settings import APP_FILE

MOST_REPOSITORIES = 30


@dataclass
class Setup:
    """A set-up. `token` opens the page, once for each browser that has it."""

    state: Path
    api_url: str
    public_url: str = ""
    token: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)
    registered: Registered | None = field(default=None, repr=False)
    pinged: bool = False
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def file(self) -> Path:
        """The file with the secrets."""
        return self.state / APP_FILE

    def keep(self, made: Registered) -> None:
        """Writes what `serve` needs to a file that only this user can read. Raises OSError."""
        self.state.mkdir(parents=True, exist_ok=True)
        fresh = self.file.with_suffix(".new")
        fresh.unlink(missing_ok=True)
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(variables(made, self.public_url, self.api_url))
        fresh.replace(self.file)


def variables(made: Registered, public_url: str, api_url: str) -> str:
    """The settings of an App as lines of an environment file."""
    key = made.private_key.strip().replace("\n", "\\n")
    values = {
        "GITHUB_APP_ID": str(made.app_id),
        "GITHUB_PRIVATE_KEY": key,
        "GITHUB_WEBHOOK_SECRET": made.webhook_secret,
        "GITHUB_CLIENT_ID": made.client_id,
        "GITHUB_CLIENT_SECRET": made.client_secret,
        "GITHUB_API_URL": api_url,
        "PUBLIC_URL": public_url,
    }
    return "".join(f"{name}='{value}'\n" for name, value in values.items())


def application(setup: Setup) -> Flask:
    """The pages of the set-up."""
    app = Flask(__name__, static_folder=None)
    app.config.update(
        SECRET_KEY=secrets.token_urlsafe(32),
        SESSION_COOKIE_NAME="policy-bot-setup",
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_HTTPONLY=True,
        BOOTSTRAP_SERVE_LOCAL=True,
        MAX_CONTENT_LENGTH=1024 * 1024,
    )
    Bootstrap5(app)
    site.add_style(app)
    forms = CSRFProtect(app)
    _registering(app, setup)
    _checking(app, setup)
    forms.exempt(_webhook(app, setup))
    app.register_error_handler(HTTPException, lambda error: site.failed(error, "pages/setup_error.html"))
    web = web_address(setup.api_url)
    app.after_request(lambda response: site.with_headers(response, f" {web}"))
    return app


def _registering(app: Flask, setup: Setup) -> None:
    @app.get("/")
    @app.get("/setup")
    def begin() -> AnyResponse | str:
        given = request.args.get("token", "")
        if given and hmac.compare_digest(given.encode(), setup.token.encode()):
            session["may"] = True
            return redirect(url_for("begin"))
        _only_who_may()
        if setup.registered is not None:
            return redirect(url_for("checks"))
        session["state"] = session.get("state") or secrets.token_urlsafe(24)
        setup.public_url = setup.public_url or _address(request.host_url)
        organisation = session.get("organisation", "")
        back = url_for("registered", _external=True)
        return render_template(
            "pages/setup.html",
            action=manifest.form_address(web_address(setup.api_url), organisation, session["state"]),
            manifest=json.dumps(manifest.manifest(setup.public_url, back)),
            organisation=organisation,
            address=setup.public_url,
            keep=session.get("keep", True),
            file=setup.file,
        )

    @app.post("/setup")
    def choose() -> AnyResponse:
        """Changes owner, address, or place of the secrets. By POST, since another site may link to a GET."""
        _only_who_may()
        setup.public_url = _address(request.form.get("address", "")) or setup.public_url
        session["organisation"] = request.form.get("organisation", "").strip()[:100]
        session["keep"] = request.form.get("keep", "file") != "show"
        return redirect(url_for("begin"))

    @app.get("/setup/registered")
    def registered() -> AnyResponse | str:
        _only_who_may()
        state = session.pop("state", "")
        if not state or not hmac.compare_digest(state.encode(), request.args.get("state", "").encode()):
            abort(400, "This registration did not start here. Start again.")
        try:
            made = manifest.convert(setup.api_url, request.args.get("code", ""))
        except Refused:
            abort(400, "GitHub did not accept the code: it works once, within an hour. Start again.")
        except RetryLater as later:
            abort(503, f"GitHub does not answer ({later.why}). Load this page again.")
        setup.registered = made
        if not session.get("keep", True):
            return render_template(
                "pages/setup_shown.html", text=variables(made, setup.public_url, setup.api_url)
            )
        try:
            setup.keep(made)
        except OSError as error:
            abort(500, f"{setup.file} cannot be written: {error.strerror}. Make it writable and start again.")
        return redirect(url_for("checks"))


def _checking(app: Flask, setup: Setup) -> None:
    @app.get("/setup/checks")
    def checks() -> AnyResponse | str:
        _only_who_may()
        if setup.registered is None:
            return redirect(url_for("begin"))
        points = list(_points(setup))
        return render_template(
            "pages/setup_checks.html", app=setup.registered, points=points, kept=setup.file.exists()
        )

    @app.post("/setup/start")
    def start() -> str:
        _only_who_may()
        setup.done.set()
        return render_template("pages/setup_done.html", address=setup.public_url)


def _webhook(app: Flask, setup: Setup) -> Callable[[], Response]:
    @app.post("/webhook")
    def webhook() -> Response:
        """GitHub's first deliveries, which prove the address. The service will fetch them later."""
        made, given = setup.registered, request.headers.get("X-Hub-Signature-256", "")
        if made is not None and verify(request.get_data(), given, (made.webhook_secret,)):
            setup.pinged = True
            return line("not started yet", 503)
        return line("not set up yet", 503)

    return webhook


def _only_who_may() -> None:
    if not session.get("may"):
        abort(403, "Open the address that policy-bot printed when it started: it has the one-time token.")


def _address(text: str) -> str:
    return text.strip().rstrip("/")[:300]


def _points(setup: Setup) -> Iterator[Point]:
    """The results of `doctor` for every installation of the new App."""
    made = setup.registered
    assert made is not None
    app = App(Identity(made.app_id, made.private_key, setup.api_url))
    try:
        yield from posture.of_app(app.itself())
        found = list(repositories.accounts(app.itself()))
        if not found:
            yield Point(False, "the App is not installed anywhere yet", "Install it with the button above.")
        for installation, owner in found:
            yield Point(True, f"the App is installed on {owner}")
            yield from posture.of_gates(app.client(installation), made.app_id, MOST_REPOSITORIES)
    except (Absent, Refused, RetryLater) as error:
        yield Point(False, f"the request to GitHub failed: {error}", "Load this page again in a minute.")
    if setup.pinged:
        yield Point(True, "a webhook from GitHub has arrived")


class _Quiet(WSGIRequestHandler):
    """Logs no addresses, since they contain the token."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Logs nothing."""


def run(setup: Setup, host: str, port: int, tell: Callable[[str], None]) -> bool:
    """Serves the pages until the person starts the service; False if they stopped it.

    `tell` gets the one-time address. Raises OSError if the address cannot be used.
    """
    server = make_server(host, port, application(setup), threaded=True, request_handler=_Quiet)
    shown = setup.public_url or f"http://{host}:{server.server_port}"
    tell(f"{shown}/setup?token={setup.token}")
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        setup.done.wait()
    except KeyboardInterrupt:
        return False
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    return True
