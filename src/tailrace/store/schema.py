"""The tables of the trace database, by the version that brought them; `migrations` puts them into files.

`span.id` is `trace.id << ORDINAL_BITS | ordinal of arrival`: the spans of one trace are one range of rowids, in
`span`, in `span_payload` and in `span_fts` alike, and `rowid >> ORDINAL_BITS` is the trace. `span.id >> BLOCK_BITS`
is a block of spans of one trace, the row of `attribute_fts`.
"""

from __future__ import annotations

APPLICATION_ID = 0x54524C43  # "TRLC"
SCHEMA_VERSION = 3
ORDINAL_BITS = 24
MOST_SPANS = 1 << ORDINAL_BITS
BLOCK_BITS = 6

# Only takes effect on a new file. Rows of some 2 kB waste nearly half of a 4 kB page, and big pages are fewer writes:
# an import takes 48 µs a span with 4 kB, 23 with 8 kB, 20 with 16 kB.
PAGE_SIZE = 16384

FIRST = """
CREATE TABLE source (
    id INTEGER PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    format TEXT NOT NULL,
    fingerprint TEXT NOT NULL,   -- what the part that was read can be recognised by
    size INTEGER,                -- bytes
    resume TEXT,                 -- JSON: where reading goes on
    complete INTEGER NOT NULL DEFAULT 0,
    imported_ns INTEGER NOT NULL -- when it was last read
) STRICT;

CREATE TABLE skipped (
    source INTEGER NOT NULL,
    reason TEXT NOT NULL,
    count INTEGER NOT NULL,
    example TEXT NOT NULL,       -- where the first one was
    PRIMARY KEY (source, reason)
) STRICT, WITHOUT ROWID;

CREATE TABLE resource (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE, -- prefixed with its algorithm
    attributes TEXT NOT NULL     -- JSON
) STRICT;

-- One row a trace, all that the list shows. What filters look at comes first, long texts last.
CREATE TABLE trace (
    id INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL UNIQUE,
    start_ns INTEGER NOT NULL DEFAULT 0,
    end_ns INTEGER,              -- NULL while the root is open
    duration_ns INTEGER,         -- NULL while the root is open
    status TEXT NOT NULL DEFAULT 'unset',
    kind TEXT NOT NULL DEFAULT 'unknown',
    span_count INTEGER NOT NULL DEFAULT 0,
    error_count INTEGER NOT NULL DEFAULT 0,
    event_count INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER,        -- usage counts once: see span.usage_counts
    output_tokens INTEGER,
    total_tokens INTEGER,
    cost REAL,                   -- US dollars
    estimated_cost INTEGER NOT NULL DEFAULT 0,
    unpriced_spans INTEGER NOT NULL DEFAULT 0,
    ttft_ns INTEGER,             -- earliest first token after start_ns
    max_depth INTEGER NOT NULL DEFAULT 0, -- a root alone is 1
    thumb INTEGER,               -- 1 up, 0 down
    score_count INTEGER NOT NULL DEFAULT 0, -- notes left out
    note_count INTEGER NOT NULL DEFAULT 0,
    root INTEGER,                -- span.id of the span that gives name, kind and previews
    missing_root INTEGER NOT NULL DEFAULT 0,
    next_ordinal INTEGER NOT NULL DEFAULT 0,
    stale INTEGER NOT NULL DEFAULT 0, -- not 0: spans came after this summary was made
    name TEXT NOT NULL DEFAULT '',
    session_id TEXT,
    user_id TEXT,
    environment TEXT,
    version TEXT,
    kinds TEXT NOT NULL DEFAULT '[]',   -- JSON lists, sorted
    models TEXT NOT NULL DEFAULT '[]',
    tools TEXT NOT NULL DEFAULT '[]',
    prompts TEXT NOT NULL DEFAULT '[]', -- name or name@version
    tags TEXT NOT NULL DEFAULT '[]',
    input_preview TEXT NOT NULL DEFAULT '',
    output_preview TEXT NOT NULL DEFAULT ''
) STRICT;
-- Holds all that the list and the histogram begin with, so that opening reads a few megabytes and not the whole table.
CREATE INDEX trace_by_start ON trace (start_ns, error_count);
CREATE INDEX trace_stale ON trace (id) WHERE stale <> 0;

CREATE TABLE span (
    id INTEGER PRIMARY KEY,      -- trace << 24 | ordinal of arrival
    trace INTEGER NOT NULL,
    span_id TEXT NOT NULL,
    parent_id TEXT,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    status TEXT NOT NULL,
    start_ns INTEGER NOT NULL,
    end_ns INTEGER,
    status_message TEXT NOT NULL,
    error_type TEXT,
    model TEXT,
    provider TEXT,
    tool_name TEXT,
    agent_name TEXT,
    prompt_name TEXT,
    prompt_version TEXT,
    session_id TEXT,
    user_id TEXT,
    environment TEXT,
    version TEXT,
    tags TEXT,                   -- JSON list, NULL when there are none
    ttft_ns INTEGER,             -- after start_ns
    input_tokens INTEGER,
    output_tokens INTEGER,
    total_tokens INTEGER,        -- what the source says, else input + output
    cache_read_tokens INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens INTEGER,
    cost REAL,                   -- US dollars
    cost_input REAL,
    cost_output REAL,
    cost_source TEXT,            -- file or price table
    cost_detail TEXT,
    event_count INTEGER NOT NULL,
    has_input INTEGER NOT NULL,
    has_output INTEGER NOT NULL,
    usage_counts INTEGER NOT NULL DEFAULT 1, -- 0: a descendant reports usage, so this does not count towards totals
    UNIQUE (trace, span_id)
) STRICT;
CREATE INDEX span_by_name ON span (name COLLATE NOCASE, trace);
CREATE INDEX span_failed ON span (kind, trace) WHERE status = 'error';
CREATE INDEX span_open ON span (trace) WHERE end_ns IS NULL;

CREATE TABLE span_payload (
    id INTEGER PRIMARY KEY,      -- span.id
    resource INTEGER,
    from_logs INTEGER NOT NULL DEFAULT 0, -- 1: input, 2: output came in log records
    scope_name TEXT NOT NULL,
    scope_version TEXT NOT NULL,
    input_key TEXT,              -- the attribute that input was, when it was one
    output_key TEXT,
    input TEXT,
    output TEXT,
    attributes TEXT NOT NULL,    -- JSON object, without those that moved to input and output
    events TEXT,                 -- JSON: [[name, time_ns, {attributes}], ...]; NULL when there are none
    links TEXT                   -- JSON: [[trace_id, span_id, {attributes}], ...]; NULL when there are none
) STRICT;
CREATE INDEX span_payload_by_resource ON span_payload (resource);

-- Attribute names seen anywhere, for completion.
CREATE TABLE attribute_key (name TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

CREATE TABLE log_record (
    id INTEGER PRIMARY KEY,
    trace_id TEXT NOT NULL,
    span_id TEXT NOT NULL,
    time_ns INTEGER NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,          -- JSON
    attributes TEXT NOT NULL,    -- JSON object
    digest TEXT NOT NULL UNIQUE, -- prefixed with its algorithm
    settled INTEGER NOT NULL DEFAULT 0 -- 1: its span has been given its content
) STRICT;
CREATE INDEX log_record_by_span ON log_record (trace_id, span_id);
CREATE INDEX log_record_unsettled ON log_record (id) WHERE settled = 0;

CREATE TABLE score (
    score_id TEXT PRIMARY KEY,
    trace_id TEXT,
    span_id TEXT,
    session_id TEXT,
    document_position INTEGER,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,          -- thumb, number, category or text
    value REAL,
    label TEXT,
    comment TEXT,
    author TEXT,
    source TEXT NOT NULL,        -- person, user, code, model or unknown
    created_ns INTEGER,
    updated_ns INTEGER,
    metadata TEXT NOT NULL       -- JSON object
) STRICT;
CREATE INDEX score_by_trace ON score (trace_id, span_id);
CREATE INDEX score_by_session ON score (session_id) WHERE session_id IS NOT NULL;
CREATE INDEX score_by_name ON score (name, value, label, trace_id, session_id);

CREATE TABLE score_history (
    id INTEGER PRIMARY KEY,
    score_id TEXT NOT NULL,
    replaced_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL,    -- 1: the score was removed, 0: it got another value
    former TEXT NOT NULL         -- JSON object with the columns of score
) STRICT;
CREATE INDEX score_history_by_score ON score_history (score_id);

-- Contentless: rowid = span.id; what it holds is semconv.searchable(name, input, output).
CREATE VIRTUAL TABLE span_fts USING fts5(
    name, input, output, content='', columnsize=0, tokenize="unicode61 remove_diacritics 2"
);
-- Spans that the full-text index does not hold yet.
CREATE TABLE search_pending (id INTEGER PRIMARY KEY) STRICT;
-- Contentless: rowid = span.id >> 6; tokens as store/attribute_tokens.py makes them.
CREATE VIRTUAL TABLE attribute_fts USING fts5(
    tokens, content='', columnsize=0, detail=none, tokenize="ascii tokenchars '!#$%&()*+,-./:;<=>?@[]^_`{|}~'"
);
-- Blocks of spans (span.id >> 6) that the attribute index does not hold as they are now.
CREATE TABLE attribute_pending (id INTEGER PRIMARY KEY) STRICT;
-- One row: which versions of the rules for texts and for tokens the indexes were filled with.
CREATE TABLE search_state (
    id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL, tokens INTEGER NOT NULL
) STRICT;

CREATE VIEW traces AS SELECT
    trace_id, name, kind, status,
    strftime('%Y-%m-%dT%H:%M:%fZ', start_ns / 1e9, 'unixepoch') AS started,
    duration_ns / 1e6 AS duration_ms,
    span_count, error_count, input_tokens, output_tokens, total_tokens, cost, estimated_cost, ttft_ns / 1e6 AS ttft_ms,
    session_id, user_id, environment, version, models, tools, prompts, tags, thumb, score_count, note_count,
    input_preview, output_preview, id
FROM trace;

CREATE VIEW spans AS SELECT
    trace.trace_id, span.span_id, span.parent_id, span.name, span.kind, span.status, span.status_message,
    strftime('%Y-%m-%dT%H:%M:%fZ', span.start_ns / 1e9, 'unixepoch') AS started,
    (span.end_ns - span.start_ns) / 1e6 AS duration_ms,
    span.model, span.provider, span.tool_name, span.agent_name, span.input_tokens, span.output_tokens,
    span.total_tokens, span.cost, span.usage_counts, span.ttft_ns / 1e6 AS ttft_ms,
    span_payload.input, span_payload.output, span_payload.attributes, span_payload.events, span_payload.links,
    resource.attributes AS resource, span.id
FROM span
JOIN trace ON trace.id = span.trace
LEFT JOIN span_payload ON span_payload.id = span.id
LEFT JOIN resource ON resource.id = span_payload.resource;

CREATE VIEW scores AS SELECT
    score_id, name, kind, value, label, comment, author, source, trace_id, span_id, session_id, document_position,
    strftime('%Y-%m-%dT%H:%M:%fZ', coalesce(updated_ns, created_ns) / 1e9, 'unixepoch') AS judged, metadata
FROM score;
"""

# What reviewers share. Each table has a text id, the time of its rows' last change and a mark for what was removed, so
# that copies merge: of two versions the later one holds.
REVIEW = """
CREATE TABLE review_queue (
    queue_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    recipe TEXT NOT NULL,        -- JSON: how its traces were chosen, with the seed
    instructions TEXT NOT NULL,
    blind INTEGER NOT NULL,      -- 1: others' judgements are hidden until one's own is in
    reviewers TEXT NOT NULL,     -- JSON list; empty: anybody
    overlap REAL NOT NULL,       -- share of the items that every reviewer gets
    author TEXT,
    created_ns INTEGER,
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE review_item (
    item_id TEXT PRIMARY KEY,    -- queue_id/trace_id
    queue_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    stratum TEXT NOT NULL,
    requeued_ns INTEGER,
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
-- Holds all that a queue's list begins with.
CREATE INDEX review_item_in_order ON review_item (queue_id, position, trace_id, requeued_ns, removed);
CREATE INDEX review_item_requeued ON review_item (trace_id) WHERE requeued_ns IS NOT NULL;

CREATE TABLE review_visit (
    visit_id TEXT PRIMARY KEY,
    queue_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    author TEXT NOT NULL,
    began_ns INTEGER NOT NULL,
    spent_ms INTEGER NOT NULL,   -- on show and attended to
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX review_visit_by_queue ON review_visit (queue_id, author, began_ns);

CREATE TABLE score_definition (
    definition_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,          -- thumb, number, category, yes/no or text
    description TEXT NOT NULL,
    required INTEGER NOT NULL,
    low REAL NOT NULL,
    high REAL NOT NULL,
    step REAL NOT NULL,
    options TEXT NOT NULL,       -- JSON list, best first
    position INTEGER NOT NULL,
    author TEXT,
    created_ns INTEGER,
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A mark is a score named failure_mode with the mode's id in its metadata and the mode's present name as its label.
CREATE TABLE failure_mode (
    mode_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    merged_into TEXT,            -- mode_id of the mode whose marks these are now
    position INTEGER NOT NULL,   -- 0 is number key 1
    author TEXT,
    created_ns INTEGER,
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE dataset (
    dataset_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    author TEXT,
    created_ns INTEGER,
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE dataset_item (
    item_id TEXT PRIMARY KEY,    -- dataset_id/trace_id
    dataset_id TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    span_id TEXT,
    input TEXT,
    output TEXT,
    expected TEXT,
    metadata TEXT NOT NULL,      -- JSON object
    author TEXT,
    created_ns INTEGER,
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX dataset_item_by_dataset ON dataset_item (dataset_id);
CREATE INDEX dataset_item_by_trace ON dataset_item (trace_id);
-- Which turn of its session a trace is: looking through all traces for it takes longer than all the rest of an item.
CREATE INDEX trace_by_session ON trace (session_id, start_ns) WHERE session_id IS NOT NULL;
"""

# What the columns that charts are made of are kept up to date by, and what is charted.
MONITOR = """
-- Traces that changed after they were first written, each at its latest revision; new ones have greater ids. Kept by
-- the trigger, so that nobody who writes can forget it.
CREATE TABLE trace_change (
    trace INTEGER PRIMARY KEY,
    revision INTEGER NOT NULL
) STRICT;
CREATE INDEX trace_change_by_revision ON trace_change (revision);
CREATE TRIGGER trace_changed AFTER UPDATE ON trace BEGIN
    INSERT INTO trace_change (trace, revision)
    VALUES (NEW.id, (SELECT coalesce(max(revision), 0) + 1 FROM trace_change))
    ON CONFLICT (trace) DO UPDATE SET revision = excluded.revision;
END;

-- As those of REVIEW.
CREATE TABLE dashboard (
    dashboard_id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    panels TEXT NOT NULL,        -- JSON list of objects
    author TEXT,
    created_ns INTEGER,
    updated_ns INTEGER NOT NULL,
    removed INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What prices depend on besides the tokens above. service_tier: NULL where the provider served it the usual way.
ALTER TABLE span ADD COLUMN audio_input_tokens INTEGER;
ALTER TABLE span ADD COLUMN audio_output_tokens INTEGER;
ALTER TABLE span ADD COLUMN service_tier TEXT;

-- At most one row: which prices the estimated costs were made with. None: that was not noted.
CREATE TABLE price_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    fingerprint TEXT NOT NULL,   -- of the prices that all estimates come from; '' where they come from several
    name TEXT NOT NULL,          -- what people call them
    wanted TEXT,                 -- fingerprint of the prices that a re-pricing under way brings in
    done INTEGER NOT NULL DEFAULT 0 -- span.id that it has come to
) STRICT;
"""
