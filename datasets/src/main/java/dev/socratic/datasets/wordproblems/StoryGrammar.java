package dev.socratic.datasets.wordproblems;

import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.config.Default;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Parts of stories, of which [Composition]s are made: hundreds of forms from a page of text.
///
/// @param settings where a story plays, with the things there
/// @param openings how many there are at first
/// @param events   what happens to them
/// @param endings  what is asked
record StoryGrammar(List<Setting> settings, List<Part> openings, List<Part> events, List<Part> endings) {
    private static final String FILE = "composed.yaml";
    private static final int FEWEST_STEPS = 2;
    private static final int MOST_STEPS = 4;
    private static final int MOST_EVENTS = 2;

    StoryGrammar {
        settings = List.copyOf(settings);
        openings = List.copyOf(openings);
        events = List.copyOf(events);
        endings = List.copyOf(endings);
    }

    /// @param goods `one/many`
    /// @param boxes `one/many`
    record Setting(String name, List<String> goods, String boxes) {
        Setting {
            goods = List.copyOf(goods);
        }
    }

    /// @param from drawn uniformly, both included
    record Range(int from, int to) {}

    /// @param says   wordings of its sentences, which say the same
    /// @param begins number that there are at first, for an opening without a step
    record Part(String name, @Default("{}") Map<String, Range> numbers, List<String> says,
            @Default("[]") List<Step> steps, Optional<String> begins) {
        Part {
            numbers = new LinkedHashMap<>(numbers);
            says = List.copyOf(says);
            steps = List.copyOf(steps);
        }
    }

    /// @param rule  `result = left op right`
    /// @param asks  the sub-question it answers
    /// @param tells ways to write it, each with `{sum}`
    record Step(String rule, String asks, List<String> tells) {
        Step {
            tells = List.copyOf(tells);
        }
    }

    /// @return the grammar that comes with this module
    static StoryGrammar builtin() {
        try (InputStream in = StoryGrammar.class.getResourceAsStream(FILE)) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return ConfigReader.read(text, FILE, StoryGrammar.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return every form: an opening, at most two different events, an ending, together two to four steps
    List<Composition> compositions() {
        List<Composition> all = new ArrayList<>();
        for (Part opening : openings) {
            for (List<Part> between : sequences()) {
                endings.forEach(ending -> all.add(new Composition(opening, between, ending)));
            }
        }
        return all.stream().filter(form -> form.steps().size() >= FEWEST_STEPS && form.steps().size() <= MOST_STEPS)
                .toList();
    }

    private List<List<Part>> sequences() {
        List<List<Part>> all = new ArrayList<>(List.of(List.of()));
        for (int from = 0, length = 0; length < MOST_EVENTS; length++) {
            int to = all.size();
            for (int i = from; i < to; i++) {
                for (Part event : events) {
                    if (!all.get(i).contains(event)) {
                        List<Part> longer = new ArrayList<>(all.get(i));
                        longer.add(event);
                        all.add(longer);
                    }
                }
            }
            from = to;
        }
        return all;
    }
}
