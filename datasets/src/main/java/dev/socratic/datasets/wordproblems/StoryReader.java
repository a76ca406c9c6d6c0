package dev.socratic.datasets.wordproblems;

import dev.socratic.core.error.DataException;
import dev.socratic.core.error.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads a story file, strictly: everything that is wrong with it is reported at once, with its line.
///
/// ```
/// people: Anna she her her, Ben he him his      the people of all stories; he, him, his follow the name
/// aside 7..12: {name} is {x} years old.         a distractor for any story, its number is {x}
///
/// == shelves                                    a story; `== shelves (held out)` keeps it out of training
/// numbers: shelves 2..9, each 3..12, gone 2..20 drawn uniformly until every step keeps to the limits
/// pick item/items: book/books, game/games       words drawn together
/// story: There are {each} {items} on each of {shelves} shelves.
/// or: {name} has {shelves} shelves with {each} {items} on each.     another wording of the sentence above
/// story: {name} sells {gone} {items}.
/// aside 10..40: ...                             a distractor for this story only
/// step: all = shelves * each | How many {items} are there at first?
/// step: left = all - gone                       the last step's question is the story's own
/// ask: How many {items} are left?
/// ```
/// Lines starting with `#` and empty lines are skipped.
final class StoryReader {
    private static final Pattern LINE =
            Pattern.compile("(people|numbers|story|or|step|ask|pick|aside)( [^:]*)?: *(.*)");
    private static final Pattern HEADING = Pattern.compile("== ([a-z_]+)( \\(held out\\))?");
    private static final Pattern RANGE = Pattern.compile("([a-z]+) (\\d+)\\.\\.(\\d+)");
    private static final Pattern STEP =
            Pattern.compile("([a-z]+) = ([a-z]+|\\d+) ([-+*/]) ([a-z]+|\\d+)(?: \\| (.+\\?))?");

    private final String file;
    private final List<Problem> problems = new ArrayList<>();
    private final List<Story.Person> people = new ArrayList<>();
    private final List<Story.Aside> asides = new ArrayList<>();
    private final List<Story> stories = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private Optional<StoryDraft> draft = Optional.empty();
    private int line;

    private StoryReader(String file) {
        this.file = file;
    }

    /// @param file what the text is called in messages
    /// @throws DataException with every problem of the file
    static StoryBook read(String text, String file) {
        StoryReader reader = new StoryReader(file);
        text.lines().forEach(reader::line);
        reader.endStory();
        if (reader.people.size() < 2) {
            reader.problems.add(new Problem(
                    file, "at least two people", String.valueOf(reader.people.size()),
                    "write people: Anna she her her, Ben he him his"));
        }
        if (!reader.problems.isEmpty()) {
            throw new DataException(reader.problems);
        }
        return new StoryBook(reader.people, reader.asides, reader.stories);
    }

    private void line(String text) {
        line++;
        if (text.isBlank() || text.startsWith("#")) {
            return;
        }
        Matcher heading = HEADING.matcher(text);
        Matcher entry = LINE.matcher(text);
        if (heading.matches()) {
            endStory();
            if (!names.add(heading.group(1))) {
                problem("a name no other story has", quoted(heading.group(1)), "rename one of them");
            }
            draft = Optional.of(new StoryDraft(heading.group(1), heading.group(2) != null, line));
        } else if (entry.matches()) {
            entry(entry.group(1), Optional.ofNullable(entry.group(2)).orElse("").strip(), entry.group(3).strip());
        } else {
            problem("a line 'key: text' with a known key", quoted(text),
                    "known: people, numbers, pick, story, or, aside, step, ask, and '== name' for a new story");
        }
    }

    private void entry(String key, String argument, String text) {
        if (key.equals("people") || (key.equals("aside") && draft.isEmpty())) {
            switch (key) {
                case "people" -> people(text);
                case String other -> aside(argument, text).ifPresent(asides::add);
            }
            return;
        }
        if (draft.isEmpty()) {
            problem("'== name' before the first '" + key + "'", "none", "name the story");
            return;
        }
        StoryDraft story = draft.get();
        switch (key) {
            case "numbers" -> items(text).forEach(item -> range(item).ifPresent(story.numbers::add));
            case "pick" -> pick(argument, text).ifPresent(story.picks::add);
            case "story" -> story.sentence(text);
            case "ask" -> story.ask(text);
            case "or" -> {
                if (!story.or(text)) {
                    problem("'story' or 'ask' before 'or'", "none",
                            "move it below the sentence that it says otherwise");
                }
            }
            case "aside" -> aside(argument, text).ifPresent(story.asides::add);
            case String step -> rule(text).ifPresent(story.rules::add);
        }
    }

    private void people(String text) {
        for (String item : items(text)) {
            String[] words = item.split(" ");
            if (words.length == 4) {
                people.add(new Story.Person(words[0], words[1], words[2], words[3]));
            } else {
                problem("a person as 'name he him his'", quoted(item), "write four words");
            }
        }
    }

    private Optional<Story.Aside> aside(String argument, String text) {
        return range("x " + argument).map(range -> new Story.Aside(range.from(), range.to(), text));
    }

    private Optional<Story.Range> range(String text) {
        Matcher range = RANGE.matcher(text);
        if (range.matches() && Integer.parseInt(range.group(2)) < Integer.parseInt(range.group(3))) {
            return Optional.of(new Story.Range(
                    range.group(1), Integer.parseInt(range.group(2)), Integer.parseInt(range.group(3))));
        }
        problem("a range as 'name 2..9'", quoted(text), "write a name and two rising numbers");
        return Optional.empty();
    }

    private Optional<Story.Pick> pick(String argument, String text) {
        List<String> slots = Arrays.asList(argument.split("/"));
        List<List<String>> choices = items(text).stream().map(item -> Arrays.asList(item.split("/"))).toList();
        for (List<String> choice : choices) {
            if (choice.size() != slots.size()) {
                problem("as many words as 'pick " + argument + "' has slots", quoted(String.join("/", choice)),
                        "separate them by '/'");
                return Optional.empty();
            }
        }
        return Optional.of(new Story.Pick(slots, choices));
    }

    private Optional<Story.Rule> rule(String text) {
        Matcher step = STEP.matcher(text);
        if (!step.matches()) {
            problem("a step as 'result = left op right | Question?'", quoted(text), "op is one of + - * /");
            return Optional.empty();
        }
        return Operation.of(step.group(3)).map(op ->
                new Story.Rule(step.group(1), step.group(2), op, step.group(4), Optional.ofNullable(step.group(5))));
    }

    private void endStory() {
        draft.ifPresent(story -> {
            Story finished = story.finish();
            StoryChecks.check(finished, file + ":" + story.line, problems);
            stories.add(finished);
        });
        draft = Optional.empty();
    }

    private static List<String> items(String text) {
        return Arrays.stream(text.split(",")).map(String::strip).toList();
    }

    private void problem(String expected, String got, String remedy) {
        problems.add(new Problem(file + ":" + line, expected, got, remedy));
    }

    private static String quoted(String text) {
        return "'" + text + "'";
    }
}
