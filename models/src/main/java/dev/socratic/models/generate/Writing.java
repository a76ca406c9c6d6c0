package dev.socratic.models.generate;

/// Answers that are being written together. For one thread.
public interface Writing extends AutoCloseable {

    /// Takes an answer in; its prompt is read with the next [#advance()], together with others that joined, or later
    /// where there is no room for it yet.
    void join(LiveModel.Ready prompt, Watcher watcher);

    /// Writes a few more tokens of every answer, and fewer where somebody reads along. Answers that are finished, or
    /// that nobody wants any more, leave.
    ///
    /// @throws InterruptedException if the thread was interrupted; the answers stay as they are
    void advance() throws InterruptedException;

    /// @return answers that have joined and not left
    int open();

    /// @return bytes that the cache takes now, kept prefixes included
    default long cacheBytes() {
        return 0;
    }

    /// Frees what the answers hold. Those that are not finished are not told.
    @Override
    void close();
}
