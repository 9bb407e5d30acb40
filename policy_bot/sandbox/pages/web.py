"""The sandbox as a web application: the API, and pages of pull requests and check runs."""

from __future__ import annotations

from flask import Flask, Response, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Redirection

from policy_bot.sandbox.faults import Cut
from policy_bot.sandbox.pages.conversation import Conversation
from policy_bot.sandbox.pages.rendered import coloured, rendered
from policy_bot.sandbox.problem import ApiProblem
from policy_bot.sandbox.rest.dispatch import answer
from policy_bot.sandbox.sandbox import Blocked, Sandbox
from policy_bot.sandbox.state import Pull, Repository

ICONS = {
    "success": "check",
    "neutral": "neutral",
    "skipped": "neutral",
    "failure": "cross",
    "timed_out": "cross",
    "cancelled": "neutral",
    "action_required": "cross",
}


def application(sandbox: Sandbox) -> Flask:
    """Makes the application, which can also be used in process like any WSGI application."""
    app = Flask(__name__)
    app.config["PROPAGATE_EXCEPTIONS"] = True  # a cut connection is handled by the server
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters.update(
        markdown=rendered, code=coloured, icon=lambda word: ICONS.get(word, "pending")
    )
    app.jinja_env.globals.update(
        world=sandbox.world, version=lambda: _version(sandbox), notice=lambda: sandbox.notice
    )
    _add_api(app, sandbox)
    _add_pages(app, sandbox)
    _add_deeds(app, sandbox)
    return app


def _version(sandbox: Sandbox) -> str:
    return f"{sandbox.version()} {sandbox.notice}"


def _icon(conclusion: str | None) -> str:
    return ICONS.get(conclusion or "", "pending")


def _add_api(app: Flask, sandbox: Sandbox) -> None:
    @app.route("/api/<path:_>", methods=["GET", "POST", "PATCH", "PUT", "DELETE"])
    def api(_: str) -> Response:
        headers = dict(request.headers)
        try:
            status, out, content = answer(sandbox, request.method, request.url, headers, request.get_data())
        except Cut:
            raise ConnectionAbortedError from None
        return Response(content, status, out)

    @app.post("/settings/apps/new")
    @app.post("/organizations/<organisation>/settings/apps/new")
    def new_app(organisation: str = "") -> Redirection:
        """Accepts the manifest without a question."""
        return redirect(
            sandbox.sign_in.create(request.form.get("manifest", ""), request.args.get("state", ""))
        )

    @app.get("/apps/<slug>/installations/new")
    def new_installation(slug: str) -> str:
        """Installs the App on every organisation without it."""
        installed = {one.account.login for one in sandbox.world.installations.values()}
        owners = {one.full_name.partition("/")[0] for one in sandbox.world.repositories.values()} - installed
        for owner in sorted(owners):
            sandbox.install(owner)
        return f"{slug} is installed on {', '.join(sorted(owners)) or 'nothing new'}"

    @app.get("/login/oauth/authorize")
    def authorize() -> Redirection:
        return redirect(sandbox.sign_in.authorize(request.args))

    @app.post("/login/oauth/access_token")
    def exchange() -> dict[str, str]:
        return sandbox.sign_in.exchange(request.form)

    @app.get("/version")
    def version() -> str:
        """Changes with every event; pages poll it and reload."""
        return _version(sandbox)


def _add_pages(app: Flask, sandbox: Sandbox) -> None:
    @app.get("/")
    def home() -> str:
        repositories = [one for one in sandbox.world.repositories.values() if not one.deleted]
        return render_template("home.html", repositories=repositories)

    @app.get("/<owner>/<name>/pull/<int:number>", defaults={"tab": "conversation"})
    @app.get("/<owner>/<name>/pull/<int:number>/<any(files, checks):tab>")
    def pull(owner: str, name: str, number: int, tab: str) -> str:
        with sandbox.lock:
            found = _pull(sandbox, owner, name, number)
            runs = sandbox.world.latest_runs(found.repository, found.head_sha)
            view = Conversation(sandbox.world, found)
            run = runs[0] if runs else None
            return render_template(f"{tab}.html", pull=found, view=view, runs=runs, run=run, tab=tab)

    @app.get("/<owner>/<name>/runs/<int:number>")
    def run(owner: str, name: str, number: int) -> str:
        with sandbox.lock:
            repository = _repository(sandbox, owner, name)
            found = next((one for one in repository.checks if one.id == number), None) or abort(404)
            return render_template("run.html", run=found, repository=repository)

    @app.get("/avatars/<login>.svg")
    def avatar(login: str) -> Response:
        svg = render_template("avatar.svg", letter=login[:1].upper(), hue=sum(login.encode()) * 37 % 360)
        return Response(svg, content_type="image/svg+xml")


def _add_deeds(app: Flask, sandbox: Sandbox) -> None:
    @app.post("/<owner>/<name>/pull/<int:number>/merge")
    def merge(owner: str, name: str, number: int) -> Redirection:
        with sandbox.lock:
            try:
                sandbox.merge(_pull(sandbox, owner, name, number))
            except Blocked:
                abort(409)
        return redirect(url_for("pull", owner=owner, name=name, number=number))

    @app.post("/<owner>/<name>/pull/<int:number>/apply/<int:comment>")
    def apply(owner: str, name: str, number: int, comment: int) -> Redirection:
        with sandbox.lock:
            found = _pull(sandbox, owner, name, number)
            chosen = next((one for one in found.comments if one.id == comment), None) or abort(404)
            sandbox.apply(chosen)
        return redirect(url_for("pull", owner=owner, name=name, number=number))


def _repository(sandbox: Sandbox, owner: str, name: str) -> Repository:
    try:
        return sandbox.world.repository(f"{owner}/{name}")
    except ApiProblem:
        raise HTTPException(response=Response("Not found", 404)) from None


def _pull(sandbox: Sandbox, owner: str, name: str, number: int) -> Pull:
    return _repository(sandbox, owner, name).pulls.get(number) or abort(404)
