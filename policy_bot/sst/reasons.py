"""Why something is unknown, as data: a kind with its parameters. The English text is made where it is shown,
by `str(reason)`.

Nothing may decide by the text. What others need to know of a reason is a property here: whether a limit ended
the reading (`limit`), whether a syntax error hides the place (`syntax_error`), whether SST itself stops there
(`stops`).
"""

from __future__ import annotations

import enum

from policy_bot.record import dataclass


class Sort(enum.Enum):
    """What a kind means to those who weigh reasons. `OUTER` kinds wrap another reason and are of its sort."""

    UNKNOWN = 0
    LIMIT = 1
    SYNTAX = 2
    STOPS = 3
    OUTER = 4


_LIMIT, _SYNTAX, _STOPS, _OUTER = Sort.LIMIT, Sort.SYNTAX, Sort.STOPS, Sort.OUTER


class Why(enum.Enum):
    """The kinds of reasons, each with its text; `{}` stands for a parameter.

    Calling a kind makes a reason: `Why.OUTSIDE_REPOSITORY("process.env.NAME")`.
    """

    def __new__(cls, text: str, sort: Sort = Sort.UNKNOWN) -> Why:
        """A kind; its value is its number, so that kinds with the same text stay apart."""
        made = object.__new__(cls)
        made._value_ = len(cls.__members__)
        made.text = text
        made.sort = sort
        return made

    text: str
    sort: Sort

    # limits of the reader
    BRANCHES = "more than {} undecided conditions inside each other", _LIMIT
    CALLS = "calls nested more than {} deep", _LIMIT
    CHAIN_LINKS = "more than {} links in a chain", _LIMIT
    FILES = "more than {:,} files", _LIMIT
    FILE_SIZE = "the file is larger than {:,} bytes", _LIMIT
    IMPORTS_AND_CALLS = "imports and calls nested more than {} deep", _LIMIT
    ITERATIONS = "a loop of more than {:,} rounds", _LIMIT
    MEMORY = "reading needs more than {} MiB", _LIMIT
    NESTED_TOO_DEEPLY = "nested too deeply", _LIMIT
    NESTING = "nested more than {} deep", _LIMIT
    OPERATORS = "more than {} operators in a row", _LIMIT
    PARSE_TIME = "parsing takes more than {:g} s", _LIMIT
    PROJECT_TIME = "reading takes more than {:g} s", _LIMIT
    RECORDS = "more than {:,} components and calls", _LIMIT
    SILENCE = "no answer for {:g} s", _LIMIT
    STAGES_LEFT = "{}, in {}; no further stage is read", _OUTER
    STEPS = "more than {:,} steps", _LIMIT
    TEXT_TOO_LONG = "a text too long", _LIMIT
    TOO_MANY_FILES_OVER = "too many files of the project are over a limit", _LIMIT
    UNSETTLED_LOOP = "a loop whose effects have not settled after {} rounds", _LIMIT
    WORK = "more than {:,} characters and elements made", _LIMIT

    # syntax
    SYNTAX_ERROR = "a syntax error", _SYNTAX
    SYNTAX_ERROR_AT = "a syntax error: {}", _SYNTAX
    SYNTAX_NOT_READ = "syntax that is not supported ({})"

    # files and modules
    EMPTY_IMPORT = "the path of an import is empty"
    FILE = "the path of the file is unknown"
    FILE_EXISTS = "whether the file exists is unknown"
    FILE_NOT_READ = '"{}" cannot be read'
    FOLDER = "the folder is unknown: {}"
    IN_FILE = '"{}": {}'
    MODULE_NOT_READ = '{1}; "{0}" is not read', _OUTER
    NOT_EXPORTED = '`{}` is not exported by "{}"'
    NOT_IN_REPOSITORY = '"{}" is not in the repository'
    NOT_JSON = '"{}" is not valid JSON'
    NOT_UTF8 = "the file is not UTF-8"
    NO_DEFAULT_EXPORT = "the file has no default export"
    NO_DEFAULT_EXPORT_OF = '"{}" has no default export'
    NO_FILE_IN_REPOSITORY = '"{}" has no file in the repository'
    NO_SUCH_FILE = "there is no such file"
    NO_SUCH_FOLDER = 'there is no folder "{}"'
    OUTSIDE_OF_REPOSITORY = '"{}" is outside the repository'
    PACKAGE_NOT_READ = 'the package "{}" is not read'
    READ_FILE = "a file with an unknown path is read"
    READ_IN_PART = "{} is read in part only"
    RECURSIVE_LISTING = "a recursive folder is not listed"
    UNREADABLE_FILE = "{}: {}", _OUTER
    UNSEEN_IMPORT = "the path of an import is unknown: {}"

    # names and properties
    FUNCTION_NOT_READ = "the function `{}` is not supported"
    GLOBAL_EXISTS = "whether `{}` is there is known at run time only"
    METHOD_NOT_READ = "the method `{}` is not supported"
    OWN_ROUTES = "the project makes gateways or routes of its own"
    NOT_DEFINED_IN = "{} is not defined in {}"
    NOT_READ = "{} is not read"
    OBJECT_PROTOTYPE_METHOD = "a method of Object.prototype that is not read"
    PROPERTY = "the property could not be read"
    PROPERTY_OF_NOTHING = "`{}` of nothing"
    PROPERTY_OF_NOTHING_KNOWN = "`{}` of {}"
    READ_BEFORE_SET = "`{}` is read before it is set"
    SUPER_PROPERTY = "`super.{}` is not defined in the program"
    BARE_SUPER = "`super` alone"
    UNDECLARED = "`{}` is not declared in any file that was read"
    UNKNOWN_BASE = "`{}` extends something unknown: {}"
    UNKNOWN_BASE_PROPERTY = "`{}` of a class that extends something unknown"
    UNSET = "read before it is set"

    # known outside of the program only
    APP_RESULT = "the result of app() is unknown"
    DIFFERS_BY_COMMAND = "{} depends on the command that is run"
    FRAMEWORK_ARGUMENT = "a value that the framework passes"
    KNOWN_TO_DEPLOY = "{} is known to the deploy only"
    ONLY_DEPLOY_KNOWS = "only the deploy knows `{}`"
    ONLY_AT_DEPLOY = "known only at deploy"
    ONLY_AT_DEPLOY_OUTPUT = "known only at deploy: {}"
    OUTPUT_TYPE = "the type of an output"
    OUTSIDE_REPOSITORY = "{} is set outside the repository"
    RUN_TIME_ONLY = "{} is known at run time only"
    SPREAD_OUTPUT = "an output is spread, which only the deploy knows"
    TIMER = "a timer"

    # control flow
    CALLBACK_OF_UNSEEN_ELEMENTS = "a callback for unknown elements: {}"
    CALLBACK_OF_UNSEEN_FUNCTION = "a callback of an unknown function: {}"
    CODE_FROM_TEXT = "code made from a text while it runs"
    CONDITION = "a condition that could not be seen"
    EVAL_RESULT = "the result of eval()"
    FUNCTION_FROM_TEXT = "a function made from a text"
    GENERATOR_ARGUMENT = "a value that is passed to a generator"
    GENERATOR_STEPS = "a generator that runs step by step with the code that uses it"
    LATER_PROMISE = "a promise of something later"
    MAY_BE_CHANGED = "may be changed by an unknown function: {}"
    MAY_CONSTRUCT = "may construct components: {}"
    MAY_THROW = "the `try` block may throw, under an unknown condition"
    THROWN_VALUE = "the value that is thrown here"
    NOT_A_CLASS = "the constructed value is not a known class"
    NOT_A_FUNCTION = "the called value is not a known function"
    NOT_FOLLOWED = "it could not be followed to its end"
    NOT_FOLLOWED_TO_END = "{} could not be followed to its end"
    RACING = "an async function writes it after an `await`, and is not waited for"
    READ_NO_FURTHER = "{1}; {0} is read no further", _OUTER
    THROWS = "{} throws here{}"
    UNDECIDED_RECURSION = "a function calls itself under a condition that cannot be seen"
    UNSEEN_LOOP = "a loop with an unknown number of rounds: {}"

    # built-ins of JavaScript
    ARRAY_CHANGED = "the array was changed in a way that is not known: {}"
    BUILTIN_ARGUMENTS = "`{}` with these arguments is not modelled"
    BUILTIN_RESULT = "the result of `{}` depends on an unknown value"
    ERROR_MESSAGE = "the message of a {}"
    MAY_BE_FROZEN = "the object may be frozen"
    MAY_BE_OVERWRITTEN = "the key may be overwritten"
    NOT_MODELLED = "`{}` is not modelled"
    OTHER_RECEIVER = "`{}` is called on another value"
    PROMISE_OUTCOME = "the outcome of the promise is unknown"
    RAW_TEXTS = "the raw texts of a template"

    # values
    BIGINT = "a bigint"
    DEFINED_PROPERTY = "a property with an unknown name is defined"
    ELEMENT_SET = "an element is set at an unknown index"
    ENUM_MEMBER = "an enum member after one that is not a number"
    HAS_KEY = "whether the key exists is unknown"
    INSTANCE_OF = "the right side of `instanceof` is unknown"
    ITERABLE = "the value that is iterated is unknown"
    JSON_OF_UNSEEN = "JSON of an unknown value"
    JSON_TOO_DEEP = "JSON nested too deeply"
    KEY = "the key is unknown"
    KEYS = "the keys are unknown"
    LENGTH_SET = "the length of the array is set to an unknown number"
    NOT_A_NUMBER = "not a number: {}"
    NOT_AN_OBJECT = "the default export is not an object"
    NOT_A_TEXT = "not a text"
    NUMBER = "the number is unknown"
    ONE_OF_SEVERAL_KEYS = "the key is one of several"
    ORDER = "the order is unknown"
    PATTERN_NOT_READ = "a pattern that is not supported"
    PATH = "the path is unknown"
    PERHAPS_DELETED = "the key may be deleted"
    REGEXP = "the regular expression is unknown"
    REGEXP_NOT_RUN = "a regular expression that is not run"
    REST_OF_NO_OBJECT = "the rest of a value that is not a plain object"
    TAG_NOT_READ = "the template tag `{}` is not supported"
    TEXT = "a text that cannot be seen"
    TOO_DEEP_TO_CLONE = "nested too deeply to clone"
    TOO_DEEP_TO_SHOW = "nested too deeply to show"
    VALUE = "the value cannot be seen"
    A_FUNCTION = "a function"
    A_GETTER = "computed by a getter"
    A_CLASS = "the class {}"
    NO_PLAIN_FORM = "a value with no plain form"

    # what SST makes of it
    BRANCH_OF_REDRIVE = "a condition decides which messages fail into it"
    BRANCH_OF_ROUTE = "a condition decides whether the route exists"
    DISTRIBUTION_TRANSFORM = "a transform of the CloudFront distribution may change it"
    NO_NAME = "its first argument is not a name"
    COMPONENT_NAME = "the component's name is unknown"
    LATE_TRANSFORM = "a $transform registered after an await may or may not reach it"
    NAMED_BY_SST = "SST itself names the functions of {}"
    NO_DEV_CONTEXT = "there is no `sst dev` that it could be compared with"
    OWN_WRAPPER = "a wrapper function of the project's own in {}"
    SITE_FOLDER = "the site's folder is unknown: {}"
    SITE_FOLDER_OUTSIDE = "the site's folder is outside of the repository: {}"
    LAMBDA_TIMEOUT = "a Lambda-level timeout must be a number of seconds"
    NO_WORKER_TIMEOUT = "a Cloudflare Worker has no timeout of SST's"
    PROTECTION = "the protection is unknown"
    RESTARTS = "how soon `{}` starts again is unknown"
    SEVERAL_QUEUES = "several queues"
    SEVERAL_ROUTES = "several routes"
    SEVERAL_SCHEDULES = "several schedules"
    SEVERAL_SUBSCRIBERS = "subscriber"
    SST_RELEASE = "SST stops with `{}` {}, and nothing says which release the project runs"
    STACK = "the stack is unknown"
    STACK_DEFAULTS = "whether the stack's defaults reach it is unknown"
    NO_PRESET = "no config sets a preset; NITRO_PRESET in the build's environment may"
    BUILD_COMMAND = "no config sets a preset; the `buildCommand` may"
    NO_EARLIER_STACK = "no earlier stack is known"
    STACK_UNSEEN = "the stack is unknown: {}"
    STOPS = "SST stops here: {}", _STOPS
    TRANSFORM_CALLBACK = "the callback of $transform is unknown"
    UNCERTAIN_COMPONENT = "{}: {}"
    UNKNOWN_COMPONENT = "SST has no component `{}` that policy-bot knows of: it is misspelt, or newer{}"
    UNKNOWN_METHOD = "SST has no method `{}` that policy-bot knows of: it is misspelt, or newer{}"
    UNSEEN_TRANSFORM = "a $transform of an unknown component type: {}"

    # the code that functions and sites run
    CODE_BUDGET = "more than {:,} files or {} MiB of code would have to be read"
    CODE_DEPTH = "code behind more than {} imports, or more than {} files of one route, is not read"
    CODE_ELSEWHERE = "the code of the function is not in the repository"
    HANDLER_ARITY = "the handler takes more than two parameters and may be wrapped elsewhere"
    HANDLER_BY_PACKAGE = '`{}` of the package "{}" is not known to make handlers'
    HANDLER_CALL = "the result of `{}` is unknown"
    HANDLER_EXPRESSION = "the handler is not a function that can be followed"
    HANDLER_FILE = "there is no source file for the handler `{}`"
    HANDLER_KINDS = "the handler is one of several kinds"
    HANDLER_NOT_FOLLOWED = "the handler is not followed, since its file does not mention streams"
    HANDLER_REPLACED = "another program runs in place of the handler: {}"
    HANDLER_RUNTIME = "handlers of the runtime {} are not read"
    HANDLER_STEPS = "the handler leads through too many expressions"
    HANDLER_UNKNOWN = "the handler or its runtime is unknown"
    MIDDY_OPTIONS = "the options of middy are unknown"
    NAME_ASSIGNED = "the name is declared without a value, or assigned again"
    OWN_BUILD = "`buildCommand` builds the site in its own way"
    NO_ENTRY_CODE = "which code the container runs is not known"
    NAME_HOPS = "the name leads through too many modules"

    # the reading process
    INTERNAL_ERROR = "internal error while reading ({}); please report it"
    PROCESS_ENDED = "internal error: the reading process ended by itself; its log says more"
    PROCESS_KILLED = "the reading process was ended from outside"

    # made above the reader
    ANSWER_TIME = "{} takes more than {:g} s", _LIMIT
    ANSWER_MEMORY = "{} needs more than {} MiB", _LIMIT
    CASES_TIME = "all cases together take more than {:g} s", _LIMIT
    EVALUATION_TIME = "evaluating the change takes more than {:g} s; it ended while {}", _LIMIT
    JUDGING_TIME = "judging takes more than {:g} s", _LIMIT
    PROJECTS_LEFT = "{}; {}", _OUTER
    PROJECTS_SIZE = "projects mean more than {} MiB", _LIMIT
    FOLDERS = "more than {:,} folders", _LIMIT
    FOLDER_DEPTH = "folders nested more than {} deep", _LIMIT
    TREE_SIZE = "the repository is too large for GitHub to list all its folders"
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
        """Whether a limit of the reader, or of what judges, ended the work here."""
        return self.sort is Sort.LIMIT

    @property
    def syntax_error(self) -> bool:
        """Whether a syntax error hides what is here."""
        return self.sort is Sort.SYNTAX

    @property
    def stops(self) -> bool:
        """Whether SST refuses what is here, so that there is no value."""
        return self.sort is Sort.STOPS

    def __str__(self) -> str:
        """The text that is shown."""
        return f"limit: {self._words()}" if self.limit else self._words()

    def _words(self) -> str:
        shown = [each._words() if isinstance(each, Reason) else each for each in self.parameters]
        return self.kind.text.format(*shown)


Parameter = str | int | float | Reason


def said(text: str) -> Reason:
    """A reason that is a sentence already: what another program or a person says."""
    return Why.SAID(text)


CONDITION = Why.CONDITION()
"""The reason where no condition has a better one."""
