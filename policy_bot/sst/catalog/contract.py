"""The parts of a config that the SST CLI reads, by release, and the messages with which it refuses others.

Sources: `pkg/project/project.go`, `pkg/js/js.go`, `platform/src/config.ts` from 3.0.0 to 4.17.0.
"""

from __future__ import annotations

# Keys of the result of app() and the first release that reads them; any other is dropped silently.
APP_KEYS = {
    "name": "3.0.0",
    "home": "3.0.0",
    "removal": "3.0.0",
    "providers": "3.0.0",
    "version": "3.0.0",
    # pkg/project/project.go, commit 4834be7fd; 3.6.39 corrected only the TypeScript type (`protected`)
    "protect": "3.3.62",
    "watch": "3.17.25",
    "state": "4.13.0",
    "types": "4.9.2",
    "removalPolicy": "3.0.0",  # refused with a message of their own
    "backend": "3.0.0",
}
KEY_TYPES: dict[str, tuple[str, type]] = {  # Go's names of the keys' types, and ours
    "protect": ("bool", bool),
    "name": ("string", str),
    "home": ("string", str),
    "removal": ("string", str),
    "version": ("string", str),
}
REMOVALS = ("remove", "retain", "retain-all")
DEFAULT_REMOVAL = "retain"

TOP_LEVEL_IMPORTS_SINCE = "3.11.0"
PROVIDERS_TRUE_SINCE = "4.5.3"

TOP_LEVEL_IMPORT = (
    "Your sst.config.ts has top level imports - this is not allowed. "
    "Move imports inside the function they are used and do a dynamic import: "
    '`const mod = await import("./mod")`'
)
PROVIDER_TRUE = "Setting providers.{name} to true is deprecated. Specify the version explicitly instead."
PROVIDER_WITHOUT_VERSION = "Provider {name} is missing a version. Specify the version explicitly instead."
NAME_REQUIRED = "Project name is required"
# pkg/project/project.go v3.11.0:167: a promise is serialised as `{}`
ASYNC_APP = ("3.11.1", "SST awaits an `async` app() from 3.11.1 on: upgrade, or make it synchronous.")
NAME_INVALID = (
    "The app name is invalid. "
    "It must start with a letter and can only contain alphanumeric characters and hyphens."
)
HOME_REQUIRED = 'You must specify a "home" provider in the project configuration file.'
REMOVAL_INVALID = "Removal must be one of: remove, retain, retain-all"
REMOVAL_POLICY = 'The "removalPolicy" has been renamed to "removal"'
APP_MISSING = "mod.app is not a function"
V2_CONFIG = "You are using sst v3 and this looks like an sst v2 config"
V3_CONFIG = "$config is not defined"
WRONG_TYPE = "json: cannot unmarshal {got} into Go struct field App.{key} of type {want}"
SERVER_OVER_60 = 'Server timeout for "{name}" cannot be greater than 60 seconds.'
FUNCTION_TEXT = "TypeError: links.map is not a function"

# Components that exist only from some release on; their use is a lower bound of the version.
SINCE = {
    "sst.aws.Auth.v1": "3.3.60",  # C/aws/auth.ts:119
    "sst.aws.CronV2": "4.2.0",
    "sst.aws.Workflow": "4.7.0",
    "sst.aws.TanStackStart": "3.10.0",
    "sst.aws.StepFunctions": "3.14.14",
    "sst.aws.OpenControl": "3.9.32",
}
