"""Makes Markdown from untrusted text: paths, names and strings of a repository, and messages that quote them.

Text that passes through here cannot mention people, link, refer to an issue, contain HTML, hide an HTML
comment, break out of a fence or a table, or hide behind invisible characters. GitHub limits are in
characters; cuts are made between lines.
"""

from __future__ import annotations

import re
import unicodedata

BODY_LIMIT = 65_536  # bytes of a comment's body: GitHub's message says characters
SUMMARY_LIMIT = 65_535  # bytes of a check run's summary or text: GitHub's 422 response says so

_BREAK = "&#8203;"  # a zero-width space, inserted where GitHub would see a mention, a reference or a link
_SPECIAL = re.compile(r"([\\*_\[\]|~])")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "`": "&#96;", "$": "&#36;"}  # $: GitHub's formulas
# Beginnings of a line that would make it a heading or a list.
_OPENING = re.compile(r"^( ?\d*)([#+\-=](?!\d)|(?<=\d)[.)](?=\s|$))")
_LINKED = re.compile(
    r"""(@                       # people and teams, e-mail
       | \#(?=\d)                # #12, owner/repository#12
       | \bGH-(?=\d)
       | :(?=//)
       | \b(?:mailto|xmpp):
       | www(?=\.)
       | \b[0-9a-f](?=[0-9a-f]{6,63}\b))  # commit ids""",
    re.VERBOSE | re.IGNORECASE,
)
_CODE = re.compile(r"(`[^`\n]+`)")


def text(raw: str) -> str:
    """`raw` as running text on one line, shown literally."""
    line = re.sub(r"^ +", " ", visible(raw))  # four spaces would make it a block of code
    broken = _LINKED.sub("\\1\0", line)
    escaped = "".join(_ENTITIES.get(c, c) for c in _SPECIAL.sub(r"\\\1", broken))
    escaped = _OPENING.sub(r"\1\\\2", escaped)
    return escaped.replace("\0", _BREAK)


def message(raw: str) -> str:
    """Running text in which `code` between backticks stays code, as in a policy's message."""
    parts = _CODE.split(raw)
    return "".join(code(part[1:-1]) if i % 2 else text(part) for i, part in enumerate(parts))


def code(raw: str) -> str:
    """`raw` as inline code: a fence longer than any inside, one line."""
    shown = visible(raw) or " "
    fence = "`" * (_longest(shown) + 1)
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def cell(markdown: str) -> str:
    """Markdown for a table cell: no line ends, no bar that would end the cell."""
    return re.sub(r"(?<!\\)\|", r"\\|", markdown.replace("\n", " "))


def block(raw: str, info: str = "") -> str:
    """`raw` as a fenced block: a fence longer than any inside. Line ends become `\n`; nothing else
    changes.
    """
    fence = "`" * max(3, _longest(raw) + 1)
    lines = raw.replace("\r\n", "\n").replace("\r", "\n")
    return f"{fence}{info}\n{lines}{'' if not lines or lines.endswith(chr(10)) else chr(10)}{fence}"


def visible(raw: str) -> str:
    """One line, with characters that are invisible or change the reading direction shown as code points."""
    return "".join(_seen(c) for c in re.sub(r"[\r\n\t\v\f\x85\u2028\u2029]+", " ", raw))


def hides(raw: str) -> bool:
    """Whether text contains characters that hide or reorder what is read: such text is never offered as a
    suggestion.
    """
    return any(unicodedata.category(c) in ("Cc", "Cf", "Cs") and c not in "\n\r\t" for c in raw)


def cut(whole: str, limit: int, note: str = "\n\n_Cut here: GitHub's limit for this text._\n") -> str:
    """`whole`, or as many of its lines as fit into `limit` bytes with the note after them; an open fence is
    closed.
    """
    if len(whole.encode()) <= limit:
        return whole
    kept = _within(whole, max(0, limit - len(note.encode()) - 12))
    kept = kept[: kept.rfind("\n") + 1] or kept
    return _within(kept.rstrip("\n") + _closing(kept) + note, limit)


def _within(text: str, most: int) -> str:
    """As many characters as fit into this many bytes of UTF-8."""
    return text.encode()[:most].decode(errors="ignore")


def short(raw: str, limit: int) -> str:
    """Plain text cut to `limit` characters with an ellipsis."""
    return raw if len(raw) <= limit else raw[: limit - 1].rstrip() + "…"


def _seen(c: str) -> str:
    category = unicodedata.category(c)
    return f"<U+{ord(c):04X}>" if category in ("Cc", "Cf", "Cs", "Co") else c


def _longest(raw: str) -> int:
    """The longest run of backticks."""
    return max((len(run) for run in re.findall(r"`+", raw)), default=0)


def _closing(kept: str) -> str:
    """The text that closes a fence that the cut left open."""
    fence = ""
    for line in kept.split("\n"):
        run = re.match(r"`{3,}", line)
        if run and not fence:
            fence = run[0]
        elif run and line.startswith(fence):
            fence = ""
    return f"\n{fence}" if fence else ""
