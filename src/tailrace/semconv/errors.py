"""Why a span failed, in one word: from its error type, its message and what kind of span it is.

What is said most exactly decides. A type that names a reason (APITimeoutError, RESOURCE_EXHAUSTED) comes first; one
that stands for a whole class of answers (BadRequestError) gives way to a message that knows better; one that says
nothing (Exception, ClientError) leaves it to the message: types it names, its HTTP status, then its words.
"""

from __future__ import annotations

import re

from tailrace.model import SpanKind
from tailrace.model.failure import (
    CATEGORIES,
    CATEGORY_CHOICES,
    CONTENT_FILTER,
    MODEL,
    RATE_LIMIT,
    SERVER,
    TIMEOUT,
    TOOL,
    UNKNOWN,
    VALIDATION,
)

__all__ = [
    "CATEGORIES",
    "CATEGORY_CHOICES",
    "CONTENT_FILTER",
    "MODEL",
    "RATE_LIMIT",
    "SERVER",
    "TIMEOUT",
    "TOOL",
    "UNKNOWN",
    "VALIDATION",
    "categorise",
]

# Characters that are looked at: libraries say what happened first, and some go on with the whole request.
_LONGEST_TYPE = 300
_LONGEST_MESSAGE = 4000
_LONGEST_NAMES = 600

# Patterns are compiled when they are first used: most who import this want the words of the categories.
# On words in lower case: `APITimeoutError` and `api_timeout_error` are both "api timeout error".
_TYPES = (
    (
        CONTENT_FILTER,
        r"content (?:filter|policy|blocked|violation|moderation)|responsible ai|guardrail|tripwire|moderation"
        r"|\bsafety|blocked prompt|prompt blocked|stop candidate|prohibited content|jailbreak|\brefusal",
    ),
    (
        RATE_LIMIT,
        r"rate ?limit|too many (?:requests|tokens)|throttl|resource exhausted|quota|\b429\b"
        r"|^limit exceeded|budget exceeded|slow down",
    ),
    (TIMEOUT, r"timed? ?out|deadline exceeded|\b(?:408|504|524)\b"),
    (TOOL, r"^(?:ai )?tool (?:error|exception|execution|retry|invocation|call (?:error|failed)|fail)"),
    (
        MODEL,
        r"context (?:window|length|overflow)|model (?:behaviou?r|error|stream|not found)|no such model|output pars"
        r"|(?:max|maximum|too many) (?:iteration|turn|step)|graph recursion|usage limit exceeded"
        r"|no (?:object|content|output|image|speech|text) generated|length finish reason|response validation"
        r"|json schema validation|invalid (?:response|tool)|no such tool|empty response|max tokens"
        r"|ai (?:type validation|json parse)",
    ),
    (
        SERVER,
        r"server|overloaded|unavailable|connect|bad gateway|network|protocol error|gaierror|socket|not ready"
        r"|^(?:read|write) error|unreachable|broken pipe|enotfound|\b5\d\d\b|^internal(?: failure)?$|\bssl\b"
        r"|data loss|unimplemented",
    ),
    (
        VALIDATION,
        r"bad request|invalid|validation|unprocessable|not found|permission|unauthenticated|unauthorized|forbidden"
        r"|authenti?cation|authorization|denied|conflict|precondition|out of range|too large|already exists"
        r"|unsupported|not supported|value error|illegal argument|unrecognized|missing|api key|credential"
        r"|\b4(?!99)\d\d\b|billing|json decode",
    ),
)

# On the message as it is. The first two also where the request was refused: providers refuse with one and the same 400.
_REFUSALS = (
    (
        CONTENT_FILTER,
        r"(?i)content[_ ](?:filter|policy|management policy|moderation)|safety (?:system|filter|setting|reason)"
        r"|usage polic|blocked by (?:the |our )?(?:safety|guardrail|content)|flagged (?:as|by|for)"
        r"|(?:finish|block)_?reason\W{1,4}(?:safety|blocklist|prohibited_content|content_filter)"
        r"|responsible ?ai ?policy|guardrail (?:was )?(?:triggered|tripped|intervened)",
    ),
    (
        MODEL,
        r"(?i)context[_ ](?:length|window)|maximum context|(?:prompt|input) is too long|too many (?:input )?tokens"
        r"|exceeds? the (?:maximum|max|model).{0,40}tokens|reduce the length|max(?:imum)?[_ ](?:output[_ ])?tokens"
        r"|model[_ ]not[_ ]found|(?:model|deployment)\b.{0,80}\b(?:does not exist|not found|deprecated)"
        r"|could not parse|failed to parse|(?:in|not )valid json|unexpected (?:model|response)|model call failed"
        r"|(?:maximum|max|too many) (?:number of )?(?:iterations|turns|steps)|recursion limit"
        r"|after \d+ (?:iterations|turns|steps)|empty response|no (?:candidates|choices)",
    ),
)
_WORDS = (
    _REFUSALS[0],
    (
        RATE_LIMIT,
        r"(?i)rate[_ -]?limit|too many (?:requests|tokens per)|throttl|resource[_ ]exhausted|insufficient_quota"
        r"|exceeded\b.{0,40}\bquota|quota (?:was )?(?:exceeded|exhausted)|(?:tokens|requests) per (?:min|sec|day)",
    ),
    _REFUSALS[1],
    (
        TIMEOUT,
        r"(?i)timed[ -]?out|time[ -]?out|deadline[_ ]exceeded|etimedout|took too long|aborted due to",
    ),
    (
        SERVER,
        r"(?i)overloaded|unavailable|internal (?:server )?error|bad gateway|server (?:had an )?error"
        r"|server disconnected|connection (?:error|refused|reset|aborted|closed|failed|was)|(?:not|to) connect\b"
        r"|econnre(?:fused|set)|enotfound|name or service not known|no route to host|broken pipe|fetch failed",
    ),
    (
        VALIDATION,
        r"(?i)bad request|invalid[_ ](?:request|argument|parameter|value|input|type|api|schema)|validation error"
        r"|unprocessable|not found|no such|permission denied|access denied|forbidden|unauthori[sz]ed"
        r"|unauthenticated|api[_ ]key|authentication|credentials|must (?:not )?be|is required|unexpected keyword"
        r"|missing (?:\d+ )?(?:required )?(?:argument|parameter|field|key|positional)|(?:not |un)supported"
        r"|not allowed|already exists",
    ),
)
# A number is a status where it stands like one: first of all, or behind a word for it.
_STATUS = (
    r"(?i)(?:^\W{0,3}|(?:\b|_)(?:code|status|https?(?:/\d(?:\.\d)?)?|returned|response|error|failed with|got)\b\W{0,4}"
    r"(?:(?:an|http|code|status)\b\W{0,3})?)([45]\d\d)(?![\d.]\d|\w)|\b([45]\d\d) (?:client|server) error"
)
_CLASS = re.compile(r"<class '([^']*)'>")
_PLACES = re.compile(r"[.:/$#\\]+")
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_NAMED = re.compile(r"\b[A-Za-z_][\w.]{2,80}?(?:Error|Exception|Timeout|Exceeded|_error)\b")
_TRACEBACK = "Traceback (most recent call last)"


def categorise(error_type: str | None, message: str, kind: SpanKind) -> str:
    """One of CATEGORIES for a span that failed. Of a long message only the beginning counts. Never raises."""
    told = _telling(message)
    found = _by_type(error_type or "")
    if found is None:
        names = (_by_type(named[0]) for named in _NAMED.finditer(told[:_LONGEST_NAMES]))
        found = next((name for name in names if name is not None), None)
    found = found or _by_status(told)
    if found == VALIDATION:
        return _by_words(told, _REFUSALS) or VALIDATION
    found = found or _by_words(told, _WORDS)
    return found or (TOOL if kind is SpanKind.TOOL else UNKNOWN)


def _telling(message: str) -> str:
    """The part of a message that says what happened: of a traceback the last line, else all before one."""
    start = message[:_LONGEST_MESSAGE].lstrip()
    if start.startswith(_TRACEBACK):
        return message[-_LONGEST_MESSAGE:].rstrip().rpartition("\n")[2]
    return start.partition(_TRACEBACK)[0]


def _by_type(name: str) -> str | None:
    name = name[:_LONGEST_TYPE].strip()
    inside = _CLASS.fullmatch(name)
    last = _PLACES.split(inside[1] if inside else name)[-1]
    words = " ".join(part.lower() for part in _PARTS.findall(last))
    return _by_words(words, _TYPES)


def _by_status(message: str) -> str | None:
    found = re.search(_STATUS, message)
    return _by_type(found[1] or found[2]) if found is not None else None


def _by_words(text: str, patterns: tuple[tuple[str, str], ...]) -> str | None:
    return next((category for category, pattern in patterns if re.search(pattern, text)), None)
