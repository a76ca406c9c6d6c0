package dev.socratic.datasets.wordproblems;

import dev.socratic.core.error.ConfigException;
import dev.socratic.core.seed.Seeds;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.Set;

/// Problems one after the other, stories in equal shares, no text twice.
///
/// Remembers 8 bytes of hash for each text: two texts of one hash would cost a problem, never bring a duplicate in.
final class DistinctProblems implements Iterator<WordProblem> {
    private static final int TRIES = 10_000;

    private final WordProblems config;
    private final List<Story> stories;
    private final Random random;
    private final ProblemWriter writer;
    private final Set<Long> seen = new HashSet<>();

    DistinctProblems(WordProblems config, StoryBook book) {
        this.config = config;
        stories = book.of(config.split());
        random = new Random(Seeds.derive(config.seed(), "word_problems", config.split().name()));
        writer = new ProblemWriter(book, random);
    }

    @Override
    public boolean hasNext() {
        return seen.size() < config.count();
    }

    /// @throws ConfigException if the stories have no more to give
    @Override
    public WordProblem next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        for (int i = 0; i < TRIES; i++) {
            WordProblem problem = writer.write(stories.get(random.nextInt(stories.size())), config.split());
            if (seen.add(Seeds.derive(0, problem.question()))) {
                return problem;
            }
        }
        throw new ConfigException("word_problems.count", "no more problems than the stories can tell apart",
                String.valueOf(config.count()), "write " + seen.size() + " or less");
    }
}
