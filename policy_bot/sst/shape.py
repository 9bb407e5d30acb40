"""The facts of every kind of subject, with types and meaning, which expressions of policies name.

Facts are total: every subject of a kind has every field, with "" / 0 / false if the source says nothing,
so that an expression never meets an absent field. Times are seconds; -1 stands for "does not apply".
"""

from __future__ import annotations

from policy_bot.sst import shape_function, shape_http
from policy_bot.sst.shape_type import Shape

SHAPES: dict[str, dict[str, Shape]] = {
    "config": {
        "streaming_at_root": Shape("bool", "`streaming` is a key of the `$config` root."),
        "streaming_at_root_value": Shape(
            "bool", "The value of the root's `streaming`; false if there is none."
        ),
        "streaming_in_app": Shape("bool", "`streaming` is a key of what `app()` returns."),
        "root_keys": Shape("list", "Keys of the `$config` root."),
        "app_keys": Shape("list", "Keys of the result of `app()`."),
        "later_app_keys": Shape(
            "list", "Those of `unread_app_keys` that a later SST release reads, each with that release."
        ),
        "unread_app_keys": Shape("list", "Keys of the result of `app()` that SST ignores, but `streaming`."),
        "import_in_app": Shape("bool", "`app()` uses `import()`."),
        "uninjected_files": Shape(
            "list",
            "Imported files that use SST's globals but do not get them: `.sst` in the path, `.mts`, `.cts`.",
        ),
        "dependency_major": Shape(
            "int", "Major version of `sst` by lockfile or package.json; 0 if neither does."
        ),
        "version_required": Shape("string", '`app().version`; "" if not set.'),
        "version_admitted": Shape(
            "bool", "The installed version satisfies `app().version`; true if either is missing."
        ),
        "removal": Shape("string", '`app().removal`; "retain" if not set.'),
        "protect": Shape("bool", "`app().protect`; false if not set."),
        "streams": Shape("bool", "At least one function or site of the project streams."),
        "early_global": Shape("bool", "`$dev`, `$app` or `$cli` is read before it is defined."),
        "crashes": Shape(
            "bool", "SST stops while it evaluates the config, before it looks at anything else."
        ),
        "form": Shape("string", "`v2` or `v3` (v3 and v4 have one form)."),
        "home": Shape("string", "`app().home`."),
    },
    "function": shape_function.FUNCTION,
    "site": shape_http.SITE,
    "routing": shape_http.ROUTING,
    "route": shape_http.ROUTE,
    "stream": shape_http.STREAM,
    "queue": {
        "name": Shape("string", "The component's name."),
        "visibility_timeout": Shape("int", "Effective visibility timeout in seconds."),
        "function_timeout": Shape("int", "Timeout of its subscriber in seconds; -1 if it has none."),
        "advised_visibility": Shape(
            "int",
            "Six times its subscriber's timeout plus the batch window, as AWS advises, at most 43200; -1 "
            "if it has none.",
        ),
        "batch_window": Shape("int", "Batch window in seconds."),
        "dlq": Shape("bool", "A dead-letter queue is given, by `dlq` or by a transform's `redrivePolicy`."),
        "serves_as_dlq": Shape("bool", "It is itself the dead-letter queue of something."),
    },
    "component": {
        "type": Shape(
            "string",
            "Its type: `sst.aws.Bucket`, or a resource of Pulumi's such as `aws.s3.Bucket`, or an SST v2"
            " construct such as `sst2.Bucket`.",
        ),
        "name": Shape("string", "The component's name."),
        "provider": Shape("string", "First part of its type: `sst`, `aws`, `cloudflare` ..."),
        "file": Shape("string", "The file that constructs it."),
        "existing": Shape("bool", "It refers to something that exists already (`sst.aws.Vpc.get`)."),
        "references": Shape("list", "Components that its arguments mention, as `sst.aws.Vpc/Main`."),
        "entry": Shape("string", 'HTTP entry of a function: `url`, `rest`, `http`, `websocket`, or "".'),
        "args": Shape(
            "args",
            "The arguments as SST receives them, after `$transform`: `args.access`, `args.server.timeout`,"
            " `has(args.vpc)`. An argument that is not set is null. A component inside them has `type`,"
            " `name` and `output`.",
        ),
    },
    "argument": {
        "name": Shape("string", 'Name of the component; "" for a call on a component\'s class.'),
        "component": Shape(
            "string",
            "Type of the component, e.g. `sst.aws.Queue`, or the method, e.g. `sst.aws.Queue.subscribe()`.",
        ),
        "path": Shape("string", "The unknown argument as written, e.g. `server.timout`."),
        "key": Shape("string", "The last part of `path`."),
        "meant": Shape("string", 'The argument that is misspelt; "" if there is none close.'),
        "belongs": Shape("string", 'The nested argument of that name, e.g. `server.timeout`; "" if none.'),
        "releases": Shape("string", 'Other SST releases that have it, e.g. `4.13.0 to 4.17.0`; "" if none.'),
    },
    "crash": {
        "code": Shape(
            "string",
            "What kind: `dev-global`, `top-level-import`, `invalid-duration`, `providers-true`, ...; what "
            "AWS refuses begins with `aws-`.",
        ),
        "message": Shape("string", "As SST words it, or what AWS refuses."),
        "refused": Shape("bool", "It is refused by the release that the project runs."),
        "remedy": Shape("string", 'How to fix it, as a sentence; "" if the message says it.'),
        "global": Shape("string", "The global that is not defined there, for `dev-global`."),
    },
    "unseen": {
        "followed": Shape(
            "bool", "The code at this place could be followed. Never known: it may make anything, or nothing."
        ),
    },
    "problem": {
        "kind": Shape("string", "`unreadable`, `syntax`, `limit`, `gone`, `settings`."),
        "file": Shape("string", "The file that it is about."),
        "reason": Shape("string", "Why it could not be read or judged, in words."),
        "judged": Shape("bool", "What is meant was judged. Never known of a project that is gone."),
    },
}
