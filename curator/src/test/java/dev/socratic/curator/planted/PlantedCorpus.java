package dev.socratic.curator.planted;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.json.Json;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Good rows of GSM8K and of the seed tasks of Self-Instruct, and among them bad ones of 20 kinds, each made of another
/// row of GSM8K with a seed.
///
/// Wordings are drawn from [PlantedPhrases]; numbers, names and keys are drawn.
final class PlantedCorpus {
    /// In the order of the table.
    static final List<String> KINDS = List.of("mojibake", "html", "hidden_characters", "refusal", "as_an_ai", "loop",
            "truncated", "other_language", "mixed_scripts", "wrong_answer", "missing_answer", "think_marks",
            "copied_question", "system_leak", "hidden_instructions", "empty_reasoning", "bare_answer", "tested",
            "personal_data", "toxic");

    private static final List<String> PEOPLE = List.of("anna.berg", "j.smith", "li.wei", "maria_lopez", "tomasz.nowak");

    private final Random random;
    private final PlantedPhrases phrases;
    private final List<Problem> problems;
    private final List<String> seeds;

    /// @param gold the final answer
    private record Problem(String question, String worked, String gold) {
        String answer() {
            return worked + "\n#### " + gold;
        }
    }

    /// @param id     `good-...` or `<kind>-...`
    /// @param origin of a row that is to be repaired: the answer it should have; of one whose data is to be masked: what
    ///               must be gone; empty where the row must go
    record Planted(String id, String line, String origin) {}

    private PlantedCorpus(Random random, PlantedPhrases phrases, List<Problem> problems, List<String> seeds) {
        this.random = random;
        this.phrases = phrases;
        this.problems = problems;
        this.seeds = seeds;
    }

    /// @param gsm8k     `train.jsonl`
    /// @param seedTasks `seed_tasks.jsonl`
    /// @param each      bad rows a kind
    /// @param good      most good rows of GSM8K; of the seed tasks a thirtieth of it, as there are
    /// @param phrases   that bad rows have
    static List<Planted> of(Path gsm8k, Path seedTasks, int each, int good, PlantedPhrases phrases, long seed)
            throws IOException {
        List<Problem> problems = new ArrayList<>();
        for (String line : Files.readAllLines(gsm8k)) {
            JsonNode row = Json.read(line, JsonNode.class, "gsm8k");
            String[] parts = row.get("answer").textValue().replaceAll("<<[^>]*>>", "").split("\n#### ");
            problems.add(new Problem(row.get("question").textValue(), parts[0], parts[1]));
        }
        Random random = new Random(seed);
        Collections.shuffle(problems, random);
        PlantedCorpus corpus = new PlantedCorpus(random, phrases, problems, Files.readAllLines(seedTasks));
        List<Planted> all = new ArrayList<>();
        int next = 0;
        for (String kind : KINDS) {
            for (int i = 0; i < each; i++) {
                all.add(corpus.bad(kind, i, problems.get(next++)));
            }
        }
        for (Problem problem : problems.subList(next, next + Math.min(problems.size() - next, good))) {
            all.add(new Planted("good-" + all.size(), row("good-" + all.size(), problem, problem.answer()), ""));
        }
        corpus.seedRows().stream().limit(good / 30).forEach(all::add);
        Collections.shuffle(all, random);
        return all;
    }

    private List<Planted> seedRows() {
        List<Planted> rows = new ArrayList<>();
        for (String line : seeds) {
            JsonNode task = Json.read(line, JsonNode.class, "seeds");
            JsonNode instance = task.get("instances").get(0);
            String input = instance.get("input").asText();
            ObjectNode row = messages(task.get("instruction").asText() + (input.isEmpty() ? "" : "\n" + input),
                    instance.get("output").asText());
            String id = "good-" + task.get("id").asText();
            rows.add(new Planted(id, Json.line(row.put("id", id).put("licence", "Apache-2.0")
                    .put("source", "self-instruct")), ""));
        }
        return rows;
    }

    private static ObjectNode messages(String question, String answer) {
        ObjectNode row = Json.mapper().createObjectNode();
        row.putArray("messages").add(Json.mapper().createObjectNode().put("role", "user").put("content", question))
                .add(Json.mapper().createObjectNode().put("role", "assistant").put("content", answer));
        return row;
    }

    private static String row(String id, Problem problem, String answer) {
        return Json.line(messages(problem.question(), answer).put("id", id).put("gold", problem.gold())
                .put("licence", "MIT").put("source", "gsm8k"));
    }

    private Planted bad(String kind, int i, Problem problem) {
        String id = kind + "-" + i;
        String good = problem.answer();
        return switch (kind) {
            case "mojibake" -> repaired(id, problem, accented(good), text -> misread(text,
                    i % 3 == 0 ? "ISO-8859-1" : "windows-1252"));
            case "html" -> repaired(id, problem, good, text -> switch (i % 4) {
                case 0 -> "<p>" + text.replace("\n", "</p>\n<p>") + "</p>";
                case 1 -> "<div class=\"answer\">" + text.replace(". ", ".&nbsp;") + "</div><!-- end -->";
                case 2 -> text.replaceFirst("\n", "<br/>") + "<script>track(1);</script>";
                default -> "<span style=\"color:red\">" + text.replaceFirst(" ", "&#32;") + "</span>";
            });
            case "hidden_characters" -> repaired(id, problem, good, text -> switch (i % 4) {
                case 0 -> "\ufeff" + text.replaceFirst(" ", " \u200b");
                case 1 -> text.replace("\n", "\r\n") + "\u0000";
                case 2 -> text + new StringBuilder().appendCodePoint(0xE0068).appendCodePoint(0xE0069);
                default -> "\u001b[1m" + text.replaceFirst(" ", " \u202e") + "\u001b[0m";
            });
            case "refusal" -> bad(id, problem, one(phrases.refusals()) + (i % 2 == 0 ? "" : " Please ask somebody else."));
            case "as_an_ai" -> bad(id, problem, one(phrases.self()) + good);
            case "loop" -> bad(id, problem, problem.worked() + "\n"
                    + (lastLine(problem.worked()) + "\n").repeat(8 + random.nextInt(20)));
            case "truncated" -> bad(id, problem, truncated(good, i));
            case "other_language" -> bad(id, problem, one(phrases.other()).formatted(problem.gold()));
            case "mixed_scripts" -> bad(id, problem, good.replaceFirst("\n", " " + one(phrases.slips()) + "\n"));
            case "wrong_answer" -> bad(id, problem, problem.worked() + "\n#### "
                    + (long) (number(problem.gold()) + 1 + random.nextInt(40)));
            case "missing_answer" -> bad(id, problem, problem.worked().lines().findFirst().orElseThrow()
                    .replaceAll("=.*", "is what we need first, and then the rest follows in the same way."));
            case "think_marks" -> bad(id, problem, switch (i % 4) {
                case 0 -> "<think>\n" + good;
                case 1 -> problem.worked() + "\n</think>\n</think>\n#### " + problem.gold();
                case 2 -> "<think>\n<think>\n" + problem.worked() + "\n</think>\n#### " + problem.gold();
                default -> good + "\n<think>\n";
            });
            case "copied_question" -> bad(id, problem, problem.question() + (i % 2 == 0 ? "" : "\n" + good));
            case "system_leak" -> bad(id, problem, one(phrases.system()) + "\n" + good);
            case "hidden_instructions" -> bad(id, problem, one(phrases.instructions()) + good);
            case "empty_reasoning" -> bad(id, problem, (i % 2 == 0 ? "<think>\n\n</think>\n\n" : "<think></think>")
                    + good);
            case "bare_answer" -> bad(id, problem, i % 2 == 0 ? problem.gold() : "The answer is " + problem.gold() + ".");
            case "tested" -> bad(id, problem, one(phrases.tested()) + good);
            case "personal_data" -> masked(id, problem, i);
            case "toxic" -> bad(id, problem, one(phrases.toxic()) + good);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    private static Planted bad(String id, Problem problem, String answer) {
        return new Planted(id, row(id, problem, answer), "");
    }

    private static Planted repaired(String id, Problem problem, String good,
            java.util.function.UnaryOperator<String> damage) {
        return new Planted(id, row(id, problem, damage.apply(good)), good);
    }

    private Planted masked(String id, Problem problem, int i) {
        String secret = switch (i % 5) {
            case 0 -> one(PEOPLE) + random.nextInt(99) + "@mail" + random.nextInt(9) + ".org";
            case 1 -> "+44 20 7946 " + (1000 + random.nextInt(9000));
            case 2 -> card();
            case 3 -> "sk-proj-" + drawn(40);
            default -> "AKIA" + drawn(16).toUpperCase(java.util.Locale.ROOT);
        };
        return new Planted(id, row(id, problem, problem.worked() + "\nQuestions go to " + secret + " please.\n#### "
                + problem.gold()), secret);
    }

    private String card() {
        StringBuilder digits = new StringBuilder("4");
        for (int i = 0; i < 14; i++) {
            digits.append(random.nextInt(10));
        }
        for (int check = 0; check < 10; check++) {
            int sum = 0;
            String all = digits.toString() + check;
            for (int i = 0; i < 16; i++) {
                int digit = all.charAt(15 - i) - '0';
                int twice = i % 2 == 1 ? 2 * digit : digit;
                sum += twice > 9 ? twice - 9 : twice;
            }
            if (sum % 10 == 0) {
                return all.replaceAll("(\\d{4})(?=\\d)", "$1 ");
            }
        }
        throw new IllegalStateException("one of ten digits is right");
    }

    private String drawn(int length) {
        String letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < length; i++) {
            out.append(letters.charAt(random.nextInt(letters.length())));
        }
        return out.toString();
    }

    private String one(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String accented(String text) {
        return "It\u2019s a caf\u00e9 problem \u2013 let\u2019s see. " + text;
    }

    private static String misread(String text, String table) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder();
        for (byte b : bytes) {
            String c = new String(new byte[] {b}, Charset.forName(table));
            out.append(c.equals("\uFFFD") ? String.valueOf((char) (b & 0xFF)) : c);
        }
        return out.toString();
    }

    private static String truncated(String good, int i) {
        String half = good.substring(0, good.length() * 2 / 3);
        return switch (i % 4) {
            case 0 -> half.substring(0, half.lastIndexOf(' ')) + " and the";
            case 1 -> half.substring(0, half.lastIndexOf(' ')) + ",";
            case 2 -> half.substring(0, half.lastIndexOf(' ')) + " 12 +";
            default -> half.substring(0, half.lastIndexOf(' '));
        };
    }

    private static String lastLine(String text) {
        return text.substring(text.lastIndexOf('\n') + 1);
    }

    private static double number(String gold) {
        return Double.parseDouble(gold.replace(",", ""));
    }
}
