"""Why something is unknown, as data: a kind with its parameters. The English text is made where it is shown,
by `str(reason)`.

No code may decide by the text. Properties have what other code needs: whether a limit ended the reading
(`limit`), whether a syntax error hides the place (`syntax_error`), whether SST itself stops there (`stops`).
"""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from policy_bot.record import dataclass


class Sort(enum.Enum):
    """What a kind means for the engine. `OUTER` kinds wrap another reason and are of its sort."""

    UNKNOWN = 0
    LIMIT = 1
    SYNTAX = 2
    STOPS = 3
    OUTER = 4


_LIMIT, _SYNTAX, _STOPS, _OUTER = Sort.LIMIT, Sort.SYNTAX, Sort.STOPS, Sort.OUTER


if TYPE_CHECKING:
    from enum import Enum as Kinds
else:

    class _Members(type):
        """Makes the members of `Why` as an enumeration does, but in a tenth of its 1.7 ms."""

        def __init__(cls, name, bases, namespace):
            given = {each: value for each, value in namespace.items() if each.isupper()}
            for each, value in given.items():
                setattr(cls, each, cls(each, *(value if isinstance(value, tuple) else (value,))))
            cls.__members__ = {each: getattr(cls, each) for each in given}

        def __getitem__(cls, name):
            return cls.__members__[name]

    class Kinds(metaclass=_Members):
        """The base of `Why`."""

        def __init__(self, name, text, sort=Sort.UNKNOWN):
            self.name = name
            self.text = text
            self.sort = sort

        def __repr__(self):
            return f"Why.{self.name}"

        __reduce__ = __repr__  # a copy of a member is the member


class Why(Kinds):
    """The kinds of reasons, each with its text; `{}` is the place of a parameter.

    Calling a kind makes a reason: `Why.OUTSIDE_REPOSITORY("process.env.NAME")`.
    """

    text: str
    sort: Sort

    # limits of the reader
    BRANCHES = "more than {} nested unknown conditions", _LIMIT
    CALLS = "more than {} nested calls", _LIMIT
    CHAIN_LINKS = "a chain of more than {} properties and calls", _LIMIT
    FILES = "more than {:,} files", _LIMIT
    FILE_SIZE = "the file is larger than {:,} bytes", _LIMIT
    IMPORTS_AND_CALLS = "more than {} nested imports and calls", _LIMIT
    ITERATIONS = "a loop with more than {:,} iterations", _LIMIT
    MEMORY = "reading needs more than {} MiB of memory", _LIMIT
    NESTED_TOO_DEEPLY = "the code is nested too deeply", _LIMIT
    NESTING = "nested more than {} levels deep", _LIMIT
    OPERATORS = "more than {} operators in a row", _LIMIT
    PARSE_TIME = "parsing takes more than {:g} s", _LIMIT
    PROJECT_TIME = "reading takes more than {:g} s", _LIMIT
    RECORDS = "more than {:,} components and calls", _LIMIT
    SILENCE = "the reading process did not answer for {:g} s", _LIMIT
    STAGES_LEFT = "{} in {}; the remaining stages are not read", _OUTER
    STEPS = "more than {:,} steps", _LIMIT
    STRING_TOO_LONG = "a string of more than {:,} characters", _LIMIT
    TOO_MANY_FILES_OVER = "too many files of the project exceed a limit", _LIMIT
    UNSETTLED_LOOP = "a loop that still changes values after {} iterations", _LIMIT
    WORK = "more than {:,} characters and elements created", _LIMIT

    # syntax
    SYNTAX_ERROR = "a syntax error", _SYNTAX
    SYNTAX_ERROR_AT = "a syntax error: {}", _SYNTAX
    UNSUPPORTED_SYNTAX = "unsupported syntax: {}"

    # files and modules
    EMPTY_IMPORT = "the path of an import is empty"
    FILE = "the path of the file is unknown"
    FILE_EXISTS = "whether the file exists is unknown"
    FILE_NOT_READ = '"{}" cannot be read'
    FOLDER = "the folder is unknown: {}"
    IN_FILE = '"{}": {}'
    MODULE_NOT_READ = '{1}; "{0}" is not read', _OUTER
    NOT_EXPORTED = '"{1}" does not export `{0}`'
    NOT_IN_REPOSITORY = '"{}" is not in the repository'
    NOT_JSON = '"{}" is not valid JSON'
    NOT_UTF8 = "the file is not UTF-8"
    NO_DEFAULT_EXPORT = "the file has no default export"
    NO_DEFAULT_EXPORT_OF = '"{}" has no default export'
    NO_FILE_IN_REPOSITORY = '"{}" matches no file in the repository'
    NO_SUCH_FILE = "the file does not exist"
    NO_SUCH_FOLDER = 'the folder "{}" does not exist'
    OUTSIDE_OF_REPOSITORY = '"{}" is outside the repository'
    PACKAGE_NOT_READ = 'the package "{}" is not read'
    READ_FILE = "the path of a file that the program reads is unknown"
    READ_IN_PART = "only a part of {} is supported"
    RECURSIVE_LISTING = "listing a folder recursively is not supported"
    UNREADABLE_FILE = "{}: {}", _OUTER
    UNKNOWN_IMPORT = "the path of an import is unknown: {}"

    # names and properties
    UNSUPPORTED_FUNCTION = "the function `{}` is not supported"
    GLOBAL_EXISTS = "whether `{}` exists is known only at run time"
    UNSUPPORTED_METHOD = "the method `{}` is not supported"
    OWN_ROUTES = "the project creates gateways or routes itself"
    NOT_DEFINED_IN = "{} is not defined in {}"
    OBJECT_PROTOTYPE_METHOD = "a method of Object.prototype that is not supported"
    PROPERTY = "the property could not be read"
    PROPERTY_OF_NULLISH = "`{}` is read from null or undefined"
    PROPERTY_OF = "`{}` is read from {}"
    READ_BEFORE_SET = "`{}` is read before it is set"
    REDECLARED_FIELD = "the field `{}` is declared again without a value"
    SUPER_PROPERTY = "`super.{}` is not defined in the program"
    BARE_SUPER = "`super` without a property or a call"
    UNDECLARED = "`{}` is not declared in any file that was read"
    UNKNOWN_BASE = "`{}` extends something unknown: {}"
    UNKNOWN_BASE_PROPERTY = "`{}` of a class that extends something unknown"
    UNSET = "read before it is set"

    # known outside of the program only
    APP_RESULT = "the result of app() is unknown"
    DIFFERS_BY_COMMAND = "{} depends on the command that is run"
    FRAMEWORK_ARGUMENT = "the framework passes this value"
    KNOWN_AT_DEPLOYMENT = "{} is known only at deployment"
    ONLY_AT_DEPLOYMENT = "known only at deployment"
    OUTPUT_KNOWN_AT_DEPLOYMENT = "known only at deployment: {}"
    OUTPUT_TYPE = "the type of an output"
    OUTSIDE_REPOSITORY = "{} is set outside the repository"
    RUN_TIME_ONLY = "{} is known only at run time"
    SPREAD_OUTPUT = "it spreads an output, which is known only at deployment"
    TIMER = "it comes from a timer"

    # control flow
    CALLBACK_FOR_UNKNOWN_ELEMENTS = "a callback is called for unknown elements: {}"
    CALLBACK_OF_UNKNOWN_FUNCTION = "an unknown function may call a callback: {}"
    CODE_FROM_STRING = "code is generated from a string at run time"
    CONDITION = "it depends on an unknown condition"
    EVAL_RESULT = "the result of eval()"
    FUNCTION_FROM_STRING = "a function is generated from a string at run time"
    GENERATOR_ARGUMENT = "a value that is passed to a generator"
    GENERATOR_STEPS = "a generator whose body runs interleaved with the code that uses it"
    LATER_PROMISE = "a promise that is settled later"
    MAY_BE_CHANGED = "an unknown function may change it: {}"
    MAY_CONSTRUCT = "an unknown call may create components: {}"
    MAY_THROW = "the `try` block may throw, depending on an unknown value"
    THROWN_VALUE = "the value thrown here"
    NOT_A_CLASS = "the constructed value is not a known class"
    NOT_A_FUNCTION = "the called value is not a known function"
    NOT_FOLLOWED = "it could not be followed to its end"
    NOT_FOLLOWED_TO_END = "{} could not be followed to its end"
    RACING = "code that may run later writes it: a callback, or an async function after an `await`"
    READ_NO_FURTHER = "{1}; the rest of {0} is not read", _OUTER
    THROWS = "{} throws here{}"
    UNDECIDED_RECURSION = "a function calls itself under an unknown condition"
    UNKNOWN_LOOP = "a loop with an unknown number of iterations: {}"

    # built-ins of JavaScript
    ARRAY_CHANGED = "the array was changed in an unknown way: {}"
    BUILTIN_ARGUMENTS = "`{}` with these arguments is not supported"
    BUILTIN_RESULT = "the result of `{}` depends on an unknown value"
    ERROR_MESSAGE = "the message of a {}"
    MAY_BE_FROZEN = "the object may be frozen"
    MAY_BE_OVERWRITTEN = "the key may be overwritten"
    UNSUPPORTED = "`{}` is not supported"
    OTHER_RECEIVER = "`{}` is called on a value of another type"
    PROMISE_OUTCOME = "the outcome of the promise is unknown"
    RAW_STRINGS = "the raw strings of a template"

    # values
    BIGINT = "bigints are not supported"
    DEFINED_PROPERTY = "a property is defined with an unknown name or unsupported attributes"
    ELEMENT_SET = "an element is set at an unknown index"
    ENUM_MEMBER = "an enum member after one that is not a number"
    HAS_KEY = "whether the key exists is unknown"
    INSTANCE_OF = "the right side of `instanceof` is unknown"
    ITERABLE = "the iterated value is unknown"
    JSON_OF_UNKNOWN = "JSON of an unknown value"
    JSON_TOO_DEEP = "JSON nested too deeply"
    KEY = "the name of a property is unknown"
    KEYS = "the names of the properties are unknown"
    LENGTH_SET = "the length of the array is set to an unknown number"
    NOT_A_NUMBER = "not a number: {}"
    NOT_AN_OBJECT = "the default export is not an object"
    NOT_A_STRING = "not a string"
    NUMBER = "the number is unknown"
    ONE_OF_SEVERAL_KEYS = "the name of a property is one of several"
    ORDER = "the order is unknown"
    UNSUPPORTED_PATTERN = "an unsupported destructuring pattern"
    PATH = "the path is unknown"
    MAY_BE_DELETED = "the key may be deleted"
    UNSUPPORTED_REGEXP = "an unsupported regular expression"
    REST_OF_NON_OBJECT = "the rest of a value that is not a plain object"
    UNSUPPORTED_TAG = "the template tag `{}` is not supported"
    TOO_DEEP_TO_CLONE = "nested too deeply to clone"
    TOO_DEEP_TO_SHOW = "nested too deeply to show"
    VALUE = "it depends on an unknown value"
    A_FUNCTION = "a function"
    A_GETTER = "computed by a getter"
    A_CLASS = "the class {}"
    NO_PLAIN_FORM = "a value that is not plain data"

    # SST's reading of it
    STAGES_OVER = (
        "only the first {} stages that the code names are read, and `{}` is not; "
        "if it is deployed, list it under `stages` in the settings"
    )
    BRANCH_OF_REDRIVE = "an unknown condition decides whether failed messages are sent to it"
    BRANCH_OF_DEPLOY = "whether `deploy()` is called depends on code that is unknown"
    BRANCH_OF_ROUTE = "an unknown condition decides whether the route exists"
    DISTRIBUTION_TRANSFORM = "a transform of the CloudFront distribution may change it"
    NO_NAME = "its first argument is not a name"
    COMPONENT_NAME = "the component's name is unknown"
    LATE_TRANSFORM = "a $transform registered after an await may or may not reach it"
    NAMED_BY_SST = "SST itself names the functions of {}"
    NO_DEV_CONTEXT = "there is no `sst dev` to compare it with"
    OWN_WRAPPER = '"{}" defines its own wrapper function'
    SITE_FOLDER = "the site's folder is unknown: {}"
    SITE_FOLDER_OUTSIDE = "the site's folder is outside the repository: {}"
    LAMBDA_TIMEOUT = "a Lambda-level timeout must be a number of seconds"
    NO_WORKER_TIMEOUT = "SST sets no timeout for a Cloudflare Worker"
    PROTECTION = "the protection is unknown"
    RESTARTS = "the interval of the schedule `{}` is unknown"
    SEVERAL_QUEUES = "it serves several queues"
    SEVERAL_ROUTES = "several routes lead to it"
    SEVERAL_SCHEDULES = "it has several schedules"
    SEVERAL_SUBSCRIBERS = "it has several subscribers"
    SST_RELEASE = "SST stops with `{}` {}, and the project's release is unknown"
    STACK = "the stack is unknown"
    STACK_DEFAULTS = "whether the stack's defaults reach it is unknown"
    NO_PRESET = "no config sets a preset; NITRO_PRESET in the build's environment may"
    BUILD_COMMAND = "no config sets a preset; the `buildCommand` may"
    NO_EARLIER_STACK = "no earlier stack is known"
    UNKNOWN_STACK = "the stack is unknown: {}"
    STOPS = "SST stops here: {}", _STOPS
    TRANSFORM_CALLBACK = "the callback of $transform is unknown"
    UNCERTAIN_COMPONENT = "this {} may not be created: {}"
    UNKNOWN_COMPONENT = "unknown component `{}`: it is misspelt, or newer than policy-bot{}"
    UNKNOWN_METHOD = "unknown method `{}`: it is misspelt, or newer than policy-bot{}"
    UNKNOWN_TRANSFORM = "a $transform of an unknown component type: {}"

    # the code that functions and sites run
    CODE_BUDGET = "more than {:,} files or {} MiB of code would have to be read"
    CODE_DEPTH = "code behind more than {} imports, or in more than {} files of one route, is not read"
    CODE_ELSEWHERE = "the code of the function is not in the repository"
    HANDLER_ARITY = "the handler takes more than two parameters and may be wrapped elsewhere"
    HANDLER_BY_PACKAGE = 'whether `{}` of the package "{}" makes a handler is unknown'
    HANDLER_CALL = "the result of `{}` is unknown"
    HANDLER_EXPRESSION = "the handler is not a function that can be followed"
    HANDLER_FILE = "there is no source file for the handler `{}`"
    HANDLER_KINDS = "the handler may be of several kinds"
    HANDLER_NOT_FOLLOWED = "the handler is not followed, because its file does not mention streams"
    HANDLER_REPLACED = "another program runs in place of the handler: {}"
    HANDLER_RUNTIME = "the runtime {} is not supported"
    HANDLER_STEPS = "the handler leads through too many expressions"
    HANDLER_UNKNOWN = "the handler or its runtime is unknown"
    MIDDY_OPTIONS = "the options of middy are unknown"
    NAME_ASSIGNED = "the name is declared without a value, or assigned again"
    OWN_BUILD = "the site has a `buildCommand` of its own"
    NO_ENTRY_CODE = "the code that the container runs is unknown"
    NAME_HOPS = "the name is re-exported through too many modules"

    # the reading process
    INTERNAL_ERROR = "internal error while reading ({}); please report it"
    PROCESS_ENDED = "internal error: the reading process ended unexpectedly; see its log"
    PROCESS_KILLED = "the reading process was killed from outside"

    # made above the reader
    ANSWER_TIME = "{} takes more than {:g} s", _LIMIT
    ANSWER_MEMORY = "{} needs more than {} MiB of memory", _LIMIT
    CASES_TIME = "all cases together take more than {:g} s", _LIMIT
    EVALUATION_TIME = "evaluating the change takes more than {:g} s; it ended while {}", _LIMIT
    JUDGING_TIME = "judging takes more than {:g} s", _LIMIT
    PROJECTS_LEFT = "{}; {}", _OUTER
    PROJECTS_SIZE = "the results of the projects exceed {} MiB", _LIMIT
    FOLDERS = "more than {:,} folders", _LIMIT
    REQUESTS = "more than {} requests for files", _LIMIT
    FOLDER_DEPTH = "folders nested more than {} levels deep", _LIMIT
    TREE_SIZE = "the repository is too large for GitHub to list all its folders", _LIMIT
    TOO_LONG_TO_JUDGE = "it is too long to be judged"
    SAID = "{}"

    def __call__(self, *parameters: Parameter) -> Reason:
        """A reason of this kind."""
        return Reason(self, parameters)


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is unknown; `parameters` are names and numbers, or the reason behind this one."""

    kind: Why
    parameters: tuple[Parameter, ...] = ()

    @property
    def sort(self) -> Sort:
        """Its kind's sort, or that of the reason it wraps."""
        if self.kind.sort is not Sort.OUTER:
            return self.kind.sort
        inner = next((each for each in self.parameters if isinstance(each, Reason)), None)
        return Sort.UNKNOWN if inner is None else inner.sort

    @property
    def limit(self) -> bool:
        """Whether a limit of reading or judging ended the work here."""
        return self.sort is Sort.LIMIT

    @property
    def syntax_error(self) -> bool:
        """Whether a syntax error hides this place."""
        return self.sort is Sort.SYNTAX

    @property
    def stops(self) -> bool:
        """Whether SST refuses this code, so that there is no value."""
        return self.sort is Sort.STOPS

    def __str__(self) -> str:
        """The text for people."""
        return f"limit: {self._words()}" if self.limit else self._words()

    def _words(self) -> str:
        shown = [each._words() if isinstance(each, Reason) else each for each in self.parameters]
        return self.kind.text.format(*shown)


Parameter = str | int | float | Reason


def said(text: str) -> Reason:
    """A reason that is already a sentence, from another program or a person."""
    return Why.SAID(text)


CONDITION = Why.CONDITION()
"""The default reason, if there is none that is more specific."""
