package dev.socratic.models.generate;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

/// Answers of local weights that come and go, where others use the model, too.
///
/// @param turn  held while the model computes
/// @param begin makes an answer of a prompt
record LocalWriting(Scheduler scheduler, ReentrantLock turn, BiFunction<PromptReader.Tokens, Watcher, Answer> begin)
        implements Writing {

    @Override
    public void join(LiveModel.Ready prompt, Watcher watcher) {
        scheduler.submit(begin.apply((PromptReader.Tokens) prompt, watcher));
    }

    @Override
    public void advance() throws InterruptedException {
        turn.lockInterruptibly();
        try {
            scheduler.advance();
        } finally {
            turn.unlock();
        }
    }

    @Override
    public int open() {
        return scheduler.open();
    }

    @Override
    public long cacheBytes() {
        return scheduler.bytes();
    }

    @Override
    public void close() {
        scheduler.close();
    }
}
