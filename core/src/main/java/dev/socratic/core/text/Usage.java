package dev.socratic.core.text;

/// What one answer took.
///
/// @param promptTokens     tokens read
/// @param completionTokens tokens written, reasoning included
/// @param costUsd          price in US dollars; 0 for local weights and for answers served from the cache
public record Usage(long promptTokens, long completionTokens, double costUsd) {
    public static final Usage NONE = new Usage(0, 0, 0);

    public Usage plus(Usage other) {
        return new Usage(
                promptTokens + other.promptTokens, completionTokens + other.completionTokens, costUsd + other.costUsd);
    }
}
