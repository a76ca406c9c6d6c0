package dev.socratic.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.socratic.cli.command.Socratic;
import dev.socratic.cli.console.Console;
import dev.socratic.cli.recipe.Recipe;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.error.ConfigException;
import dev.socratic.trainer.objective.Objective;
import dev.socratic.trainer.objective.Presets;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/// What the documents show is there: classes, commands with their options, keys.
///
/// `docs/LOG.md`, the changelog and the decisions say what was, so they are not looked at.
class DocumentsTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern CODE = Pattern.compile("`([^`\n]+)`");
    private static final Pattern TYPE = Pattern.compile(
            "((?:[a-z]+\\.)*[A-Z][A-Za-z0-9]*(?:\\.[A-Z][A-Za-z0-9]*)*)(?:#\\w+|\\.[a-z]\\w*(?:\\(\\))?)?");
    private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\n(.*?)^```", Pattern.MULTILINE | Pattern.DOTALL);
    private static final Pattern OPTION = Pattern.compile("--[a-z][a-z-]+");
    /// Names of types in tables that are not ours.
    private static final Set<String> OUTSIDE = Set.of("Optional", "List", "Set", "Map", "String");

    @Test
    void everyClassThatATableNamesIsThere() {
        Set<String> known = types();
        assertTrue(known.size() > 800, "few types are seen: the rule would pass by seeing nothing");
        List<String> absent = new ArrayList<>();
        int seen = 0;
        for (String page : List.of("ARCHITECTURE.md", "CONTRIBUTING.md")) {
            for (String row : read(page).lines().filter(line -> line.startsWith("|")).toList()) {
                for (MatchResult code : CODE.matcher(row).results().toList()) {
                    var type = TYPE.matcher(code.group(1));
                    if (type.matches() && type.group(1).matches(".*[a-z].*") && !OUTSIDE.contains(type.group(1))) {
                        seen++;
                        if (!known.contains(type.group(1).replaceFirst("\\.[A-Z_]+$", ""))) { // a constant of it
                            absent.add(page + ": " + code.group(1));
                        }
                    }
                }
            }
        }
        assertEquals(List.of(), absent);
        assertTrue(seen > 60, "%s names are seen: the rule would pass by seeing nothing".formatted(seen));
    }

    @Test
    void theFieldsWordsAreFoundInTheIndexWithTheClassThatHoldsThem() {
        String index = read("ARCHITECTURE.md").replaceAll("(?s).*\n## Where is", "").replaceAll("(?s)\n## .*", "");
        List<String> words = index.lines().filter(line -> line.startsWith("| ") && line.contains("`"))
                .map(line -> line.split("\\|")[1].strip()).toList();
        assertTrue(words.size() >= 25, words.toString());
        for (String word : List.of("loss mask", "per-token log-probabilities", "replay buffer", "loss weights", "LoRA",
                "device", "learning rate", "checkpoint", "chat template", "KV cache", "gradient clipping")) {
            assertTrue(words.stream().anyMatch(one -> one.contains(word)), word + " is not among " + words);
        }
    }

    @Test
    void everyCommandThatIsShownParses() {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (String page : pages()) {
            for (String line : commands(read(page))) {
                seen++;
                command(line).ifPresent(problem -> wrong.add(page + ": " + line + ": " + problem));
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen > 30, "%s commands are seen: the rule would pass by seeing nothing".formatted(seen));
    }

    @Test
    void everyKeyInABlockOfYamlIsOneOfARecipe() {
        List<String> wrong = new ArrayList<>();
        int seen = 0;
        for (String page : pages()) {
            for (MatchResult block : BLOCK.matcher(read(page)).results().toList()) {
                if (!block.group(1).equals("yaml")) {
                    continue;
                }
                for (String yaml : recipes(block.group(2))) {
                    seen++;
                    wrong.addAll(problems(page, yaml));
                }
            }
        }
        assertEquals(List.of(), wrong);
        assertTrue(seen > 8, "%s blocks are seen: the rule would pass by seeing nothing".formatted(seen));
    }

    @Test
    void whatWeShipAndShowUsesTheNamesOfToday() throws IOException {
        List<String> former = new ArrayList<>();
        for (String preset : Presets.names()) {
            Objective.formerNames(preset).forEach(problem -> former.add(problem.toString()));
        }
        try (Stream<Path> files = Files.list(ROOT.resolve("recipes"))) {
            files.filter(file -> file.toString().endsWith(".yaml")).sorted().forEach(file ->
                    ConfigReader.placed(file, Recipe.class, Map.of()).places().formerNames()
                            .forEach(problem -> former.add(problem.toString())));
        }
        try (Stream<Path> files = Files.list(ROOT.resolve("recipes/objectives"))) {
            files.forEach(file -> Objective.formerNames(file.toString())
                    .forEach(problem -> former.add(problem.toString())));
        }
        assertEquals(List.of(), former);
    }

    /// A block is a recipe or a part of one; several endpoints in one block are one recipe each.
    private static List<String> recipes(String block) {
        if (block.lines().noneMatch(line -> line.startsWith("endpoint:"))) {
            return List.of(block.contains("\nname: ") || block.startsWith("name: ") ? block : "name: x\n" + block);
        }
        return Arrays.stream(block.split("(?m)^(?=endpoint:)")).filter(part -> part.startsWith("endpoint:"))
                .map(part -> "name: x\ngenerate:\n  teacher:\n" + part.replaceAll("(?m)^", "    ")).toList();
    }

    /// What a part leaves out is no mistake.
    private static List<String> problems(String page, String yaml) {
        try {
            List<String> former = new ArrayList<>();
            ConfigReader.placed(yaml, page, Recipe.class, Map.of()).places().formerNames()
                    .forEach(problem -> former.add(problem.toString()));
            return former;
        } catch (ConfigException refused) {
            boolean part = yaml.startsWith("name: x\n");
            return refused.problems().stream()
                    .filter(problem -> !part || !problem.got().isEmpty() && !problem.got().equals("nothing"))
                    .map(Object::toString).toList();
        }
    }

    /// Lines of blocks and code in text that begin with the launcher, and the command table of the README.
    private static List<String> commands(String text) {
        List<String> commands = new ArrayList<>();
        BLOCK.matcher(text).results().flatMap(block -> block.group(2).lines()).map(String::strip)
                .filter(line -> line.startsWith("./socratic ")).forEach(commands::add);
        text.lines().filter(line -> line.startsWith("    ./socratic ")).map(String::strip).forEach(commands::add);
        String prose = BLOCK.matcher(text).replaceAll("");
        CODE.matcher(prose).results().map(code -> code.group(1))
                .filter(code -> code.startsWith("./socratic ") || code.startsWith("socratic ")).forEach(commands::add);
        String table = text.contains("\n## Commands\n") ? text.replaceAll("(?s).*\n## Commands\n", "") : "";
        table.lines().filter(line -> line.startsWith("| `")).map(line -> line.split("(?<!\\\\)\\|")[1])
                .flatMap(cell -> CODE.matcher(cell).results()).map(code -> "socratic " + code.group(1))
                .forEach(commands::add);
        return commands.stream()
                .map(line -> line.replaceAll("\\s#.*", "").replaceFirst("^(\\./)?socratic ", "").strip())
                .filter(line -> !line.isEmpty()).toList();
    }

    private static java.util.Optional<String> command(String line) {
        Console console = new Console(new PrintStream(new ByteArrayOutputStream()),
                new PrintStream(new ByteArrayOutputStream()), false, false, Map.of());
        CommandLine at = Socratic.commandLine(console);
        for (String part : line.split(" ")) {
            if (!at.getSubcommands().containsKey(part)) {
                break;
            }
            at = at.getSubcommands().get(part);
        }
        if (at.getParent() == null) {
            return java.util.Optional.of("no such command");
        }
        CommandLine.Model.CommandSpec spec = at.getCommandSpec();
        return OPTION.matcher(line.replaceAll("vLLM with.*", "")).results().map(MatchResult::group)
                .filter(option -> spec.findOption(option) == null).findFirst().map(option -> "no option " + option);
    }

    private static List<String> pages() {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"),
                    docs.filter(file -> file.toString().endsWith(".md") && !file.endsWith("LOG.md"))
                            .map(file -> ROOT.relativize(file).toString()).sorted()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// @return every type of the project by its simple name and by each end of its full name
    private static Set<String> types() {
        Set<String> all = new HashSet<>();
        Pattern declared = Pattern.compile("\\b(?:class|record|interface|enum)\\s+([A-Z]\\w*)");
        try (Stream<Path> files = Files.walk(ROOT)) {
            files.filter(file -> file.toString().endsWith(".java") && file.toString().contains("/src/"))
                    .forEach(file -> {
                        String text = text(file);
                        String outer = file.getFileName().toString().replace(".java", "");
                        String place = text.replaceAll("(?s).*?^package ([\\w.]+);.*".replace("^", "(?m)^"), "$1");
                        for (MatchResult type : declared.matcher(text).results().toList()) {
                            String name = type.group(1).equals(outer) ? outer : outer + "." + type.group(1);
                            all.add(type.group(1));
                            all.add(name);
                            String full = place + "." + name;
                            for (int dot = place.length(); dot > 0; dot = place.lastIndexOf('.', dot - 1)) {
                                all.add(full.substring(place.lastIndexOf('.', dot - 1) + 1));
                            }
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }

    private static String read(String page) {
        return text(ROOT.resolve(page));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
