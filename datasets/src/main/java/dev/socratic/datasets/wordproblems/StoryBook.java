package dev.socratic.datasets.wordproblems;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Every story, and what all of them share.
///
/// @param people who stories are about; two different ones are drawn as `name` and `friend`
/// @param asides distractor sentences that fit any story
record StoryBook(List<Story.Person> people, List<Story.Aside> asides, List<Story> stories) {
    private static final String BUILTIN = "stories.txt";

    StoryBook {
        people = List.copyOf(people);
        asides = List.copyOf(asides);
        stories = List.copyOf(stories);
    }

    /// @return the book that comes with this module
    static StoryBook builtin() {
        try (InputStream in = StoryBook.class.getResourceAsStream(BUILTIN)) {
            if (in == null) {
                throw new IllegalStateException(BUILTIN + " is missing from the class path");
            }
            return StoryReader.read(new String(in.readAllBytes(), StandardCharsets.UTF_8), BUILTIN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Story> of(Split split) {
        return stories.stream().filter(split::uses).toList();
    }
}
