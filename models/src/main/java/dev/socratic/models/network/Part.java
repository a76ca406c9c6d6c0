package dev.socratic.models.network;

import java.util.Locale;

/// What a weight is for. A family's data file gives those that it has a name under [#label].
enum Part {
    EMBEDDING,
    POSITIONS,
    LAST_NORM,
    HEAD,
    BEFORE_ATTENTION,
    QUERY,
    KEY,
    VALUE,
    /// Query, key and value in one: all queries, all keys, all values.
    QUERY_KEY_VALUE,
    /// Query, key and value in one: query, key and value of the first head, then of the second, and so on.
    QUERY_KEY_VALUE_BY_HEAD,
    QUERY_NORM,
    KEY_NORM,
    OUTPUT,
    AFTER_ATTENTION,
    BEFORE_FEED_FORWARD,
    AFTER_FEED_FORWARD,
    GATE,
    UP,
    /// Gate and up in one: all of the gate, all of up.
    GATE_UP,
    DOWN,
    ROUTER,
    EXPERT_GATE,
    EXPERT_UP,
    EXPERT_DOWN,
    // What only encoders have.
    TOKEN_TYPES,
    EMBEDDING_NORM,
    HEAD_DENSE,
    HEAD_NORM,
    HEAD_BIAS;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
