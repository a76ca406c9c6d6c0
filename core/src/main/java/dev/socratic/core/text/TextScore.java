package dev.socratic.core.text;

import java.util.List;

/// How likely a text is, read in windows: each predicts the tokens behind those the window before it read.
///
/// @param windows in their order; none where the text has fewer than two tokens, so that nothing of it is predicted
public record TextScore(List<Window> windows) {
    public TextScore {
        windows = List.copyOf(windows);
    }

    /// @param logProbability sum over the tokens it predicts, in nats
    /// @param tokens         how many these are
    public record Window(double logProbability, int tokens) {}

    public double logProbability() {
        return windows.stream().mapToDouble(Window::logProbability).sum();
    }

    public long tokens() {
        return windows.stream().mapToLong(Window::tokens).sum();
    }
}
