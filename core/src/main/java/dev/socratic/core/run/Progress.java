package dev.socratic.core.run;

import dev.socratic.core.text.Usage;
import java.util.function.Consumer;

/// Where a stage says how far it is. Safe to call from any thread; drawing is the command line's business.
public interface Progress {
    /// How much there is to do, once it is known.
    void total(long items);

    /// So many more items are done.
    void done(long items);

    /// So much more was spent.
    void spent(Usage usage);

    /// So many more items failed.
    void failed(long items);

    /// What the items are, in the plural: `steps`, `rows`. Left out where the stage's name says it.
    default void unit(String name) {}

    /// What the work says of itself now, such as a loss; told beside how far it is until something else is said.
    default void state(String now) {}

    /// A line worth telling: a retry, a resume, a warning.
    void note(String line);

    /// Says nothing to nobody.
    Progress SILENT = telling(line -> {});

    /// Tells the lines that are worth it, and not how far the work is.
    static Progress telling(Consumer<String> notes) {
        return new Progress() {
            @Override
            public void total(long items) {}

            @Override
            public void done(long items) {}

            @Override
            public void spent(Usage usage) {}

            @Override
            public void failed(long items) {}

            @Override
            public void note(String line) {
                notes.accept(line);
            }
        };
    }
}
