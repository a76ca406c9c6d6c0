package dev.socratic.curator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.ConfigReader;
import dev.socratic.core.json.Json;
import dev.socratic.core.run.Progress;
import dev.socratic.core.run.StageContext;
import dev.socratic.curator.config.CurateConfig;
import dev.socratic.curator.config.Curation;
import dev.socratic.curator.config.EvaluationQuestions;
import dev.socratic.datasets.source.QuestionSource;
import dev.socratic.datasets.wordproblems.Form;
import dev.socratic.datasets.wordproblems.Split;
import dev.socratic.datasets.wordproblems.TrainingRow;
import dev.socratic.datasets.wordproblems.WordProblems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the default curation catches of bad rows among imported ones, and that it loses none of a hundred clean ones:
/// the table of `docs/curation.md`.
class PlantedRowsTest {
    private static final String BOXES = "A shop packs 36 lamps into boxes of 4. How many boxes does the shop fill?";

    @TempDir
    Path folder;

    @Test
    void plantedRowsGoForTheirOwnReasonAndNoCleanRowGoesWithThem() throws IOException {
        List<String> lines = new ArrayList<>();
        clean().forEach(lines::add);
        Map<String, List<String>> bad = bad();
        bad.forEach((kind, rows) -> rows.forEach(row -> lines.add(lines.size() / 2, row))); // not all at the end
        run(lines);
        Map<String, String> reasons = new TreeMap<>();
        for (String line : Files.readAllLines(folder.resolve("curate/rejected.jsonl"))) {
            JsonNode row = Json.read(line, JsonNode.class, "rejected");
            reasons.put(row.path("id").textValue(), row.path("reason").textValue());
        }
        Map<String, Integer> caught = new TreeMap<>();
        for (String kind : bad.keySet()) {
            caught.put(kind, (int) reasons.keySet().stream().filter(id -> id.startsWith(kind)).count());
        }
        assertEquals(
                "{cut_off=2, empty_reasoning=3, html=3, loop=4, mojibake=3, other_language=3, paraphrase=6, "
                        + "prompt_leak=4, refusal=4, "
                        + "wrong_answer=4}",
                caught.toString(), reasons.toString());
        assertTrue(reasons.keySet().stream().noneMatch(id -> id.startsWith("clean")), reasons.toString());
        assertEquals("{cut_off-0=unfinished, cut_off-1=unfinished}", of("cut_off", reasons));
        assertEquals("{empty_reasoning-0=empty_reasoning, empty_reasoning-1=bare_answer, "
                + "empty_reasoning-2=bare_answer}",
                of("empty_reasoning", reasons));
        assertEquals("{wrong_answer-0=contradicts_gold, wrong_answer-1=wrong_arithmetic, "
                + "wrong_answer-2=contradicts_itself, "
                + "wrong_answer-3=contradicts_itself}", of("wrong_answer", reasons));
        assertEquals("{refusal-0=refusal, refusal-1=refusal, refusal-2=refusal, refusal-3=refusal}",
                of("refusal", reasons));
    }

    private static String of(String kind, Map<String, String> reasons) {
        Map<String, String> of = new TreeMap<>(reasons);
        of.keySet().removeIf(id -> !id.startsWith(kind));
        return of.toString();
    }

    private static List<String> clean() {
        List<String> rows = new ArrayList<>();
        new WordProblems(Split.TRAIN, 100, 5, ConfigReader.read("worked", "form", Form.class)).rows().forEach(row -> {
            TrainingRow.Chat chat = (TrainingRow.Chat) row;
            rows.add(row("clean-" + rows.size(), chat.messages().get(0).content(), chat.messages().get(1).content()));
        });
        return rows;
    }

    private static Map<String, List<String>> bad() {
        Map<String, List<String>> bad = new LinkedHashMap<>();
        add(bad, "refusal", BOXES.replace("36", "40"),
                "I'm sorry, but I can't help with that request. The answer is 10.");
        add(bad, "refusal", BOXES.replace("36", "44"),
                "As an AI language model, I cannot solve this. The answer is 11.");
        add(bad, "refusal", BOXES.replace("36", "48"),
                "<think>\nThey want boxes.\n</think>\nI'm not able to assist with this.");
        add(bad, "refusal", BOXES.replace("36", "52"), "Unfortunately, I am unable to answer this question.");
        add(bad, "mojibake", "It\u00e2\u20ac\u2122s cold: 12 degrees at noon and 5 less at night. How cold is the "
                + "night?", "12 - 5 = 7. The answer is 7.");
        add(bad, "mojibake", "A caf\u00c3\u00a9 sells 14 teas and 9 coffees. How many cups does it sell?",
                "14 + 9 = 23. The answer is 23.");
        add(bad, "mojibake", "Nora has 17 stamps and buys 6. How many has she?",
                "17 + 6 = 23 \ufffd\ufffd stamps. The answer is 23.");
        add(bad, "html", "<div class=\"q\">Max has 21 cards and loses 4. How many are left?</div>",
                "21 - 4 = 17. The answer is 17.");
        add(bad, "html", "Ida has 33 shells and finds 8. How many has she now?",
                "33 + 8 = 41.</p><script>track()</script> The answer is 41.");
        add(bad, "html", "Bo reads 15&nbsp;pages a day for 4&nbsp;days. How many pages does Bo read?",
                "15 * 4 = 60. The answer is 60.");
        add(bad, "other_language",
                "Ein Bauer hat 24 H\u00fchner und kauft noch 16 auf dem Markt. Wie viele hat er dann?",
                "Er hat am Ende 24 + 16 = 40 H\u00fchner, weil er sie zu den anderen stellt. The answer is 40.");
        add(bad, "other_language", "Sam has 26 pens and buys 5 more in the shop. How many pens does Sam have?",
                "萨姆先有二十六支笔，然后又买了五支，所以一共是 26 + 5 = 31 支。答案是 31。");
        add(bad, "other_language", "Lea bakes 18 rolls and eats 3 of them. How many rolls are left on the table?",
                "Il y a 18 petits pains et elle en mange 3, donc il en reste 18 - 3 = 15 sur la table. The answer is "
                        + "15.");
        add(bad, "prompt_leak", "Kim has 13 eggs and uses 4. How many are left?",
                "<|im_start|>assistant\n13 - 4 = 9. The answer is 9.");
        add(bad, "prompt_leak", "Ron has 25 bolts and loses 7. How many are left?",
                "### Response:\n25 - 7 = 18. The answer is 18.");
        add(bad, "prompt_leak", "Eva has 19 books and sells 6. How many are left?",
                "19 - 6 = 13. The answer is 13.\n\nQuestion: Tim has 4 cats and gets 3. How many?\nAnswer: 7");
        add(bad, "prompt_leak", "Jon has 27 nails and uses 9. How many are left?",
                "You are a helpful assistant that solves problems step by step. 27 - 9 = 18. The answer is 18.");
        for (String paraphrase : List.of(
                "At a market a trader has 48 melons to begin with. 19 of the melons he sells in the morning and 11 in "
                        + "the afternoon. How many "
                        + "melons does the trader have left?",
                "Each of 7 buses takes 45 pupils to a museum, where a ticket for a pupil costs 3 dollars. What do the "
                        + "tickets for all pupils cost?",
                "Out of a tank with 350 litres of water, 15 litres run every hour. How many litres of water are in "
                        + "the tank after 12 hours?",
                "For a party Ella buys 6 packs of 8 cups, and 14 of her cups break. How many cups of Ella's are whole?",
                "Rashid saves 25 dollars a week and wants to buy a bicycle for 400 dollars. He already has 150 "
                        + "dollars. In how many weeks can he buy it?",
                "Somebody owns thrice as many sheep as goats; sheep and goats come to 64. Find the sheep.")) {
            add(bad, "paraphrase", paraphrase,
                    "Let us work it out in a few steps and count what there is. The answer is "
                    + paraphrase.length() % 7
                    + " or so, as the work shows.");
        }
        for (String loop : List.of("and then we add ", "the the ", "So 4 is 4. ", "wait, let me check again. ")) {
            add(bad, "loop", "A box holds " + (20 + loop.length())
                    + " nuts and a bag holds 9. How many nuts are there?", "We count. " + loop.repeat(20));
        }
        add(bad, "empty_reasoning", "Ben has 40 coins and spends 16. How many are left?",
                "<think>\n\n</think>\n\n40 - 16 = 24. The answer is 24.");
        add(bad, "empty_reasoning", "Ann has 12 packs of 8 pens. How many pens has she?", "96");
        add(bad, "empty_reasoning", "Leo has 15 figs and eats 7. How many are left?", "The answer is 8.");
        bad.computeIfAbsent("wrong_answer", kind -> new ArrayList<>()).add(Json.line(Json.read(
                row("wrong_answer-0", "Zoe has 22 beads and finds 9. How many has she?",
                        "She has 22 + 9 = 31 beads. The answer is 31."),
                ObjectNode.class, "row").put("answer", "32")));
        add(bad, "wrong_answer", "Gil has 31 rods and cuts 8 away. How many stay?",
                "31 - 8 = 22 rods stay. The answer is 22.");
        add(bad, "wrong_answer", "Uma has 14 mugs and buys 14. How many has she?",
                "She has 14 + 14 = 28 mugs. The answer is 26.");
        add(bad, "wrong_answer", "Pia has 50 pins and loses 20. How many are left?",
                "<think>\n50 - 20 = 30, so the answer is 30.\n</think>\nThe answer is 20.");
        add(bad, "cut_off", "Ted has 5 crates of 20 plums and sells 30. How many are left?",
                "There are 5 * 20 = 100 plums. Then he sells 30 of the");
        add(bad, "cut_off", "Amy has 60 cards and gives 2 friends 9 each. How many are left?",
                "She gives away 2 * 9 = 18 cards, so 60 - 18 =");
        return bad;
    }

    private static void add(Map<String, List<String>> bad, String kind, String question, String answer) {
        List<String> rows = bad.computeIfAbsent(kind, k -> new ArrayList<>());
        rows.add(row(kind + "-" + rows.size(), question, answer));
    }

    private static String row(String id, String question, String answer) {
        return Json.line(Map.of("id", id, "messages", List.of(
                Map.of("role", "user", "content", question), Map.of("role", "assistant", "content", answer))));
    }

    private void run(List<String> lines) throws IOException {
        Path corpus = Files.writeString(folder.resolve("corpus.jsonl"), String.join("\n", lines) + "\n");
        Path test = Files.writeString(folder.resolve("test.jsonl"), String.join("\n", List.of(
                "{\"question\": \"A trader starts the day with 48 melons. He sells 19 melons in the morning and 11 in "
                        + "the afternoon. How many melons "
                        + "are left?\"}",
                "{\"question\": \"7 buses bring 45 pupils each to a museum. A ticket costs 3 dollars per pupil. How "
                        + "much do all the tickets cost?\"}",
                "{\"question\": \"A tank holds 350 litres of water and loses 15 litres every hour. How much water is "
                        + "left after 12 hours?\"}",
                "{\"question\": \"Ella bought 6 packs of 8 cups for her party. If 14 cups broke, how many cups are "
                        + "still whole?\"}",
                "{\"question\": \"Rashid wants a bicycle that costs 400 dollars. He has 150 dollars and saves 25 "
                        + "dollars each week. After how many weeks "
                        + "can he buy the bicycle?\"}",
                "{\"question\": \"A herd of 64 animals has three times as many sheep as goats. How many sheep are "
                        + "there?\"}")) + "\n");
        CurateConfig config = ConfigReader.read("{}", "curate.yaml", CurateConfig.class);
        Curation curation = new Curation(config,
                List.of(new EvaluationQuestions("t", QuestionSource.File.of(test), 0)));
        CurateStage.run(curation, List.of(corpus), Optional.empty(),
                new StageContext(Files.createDirectories(folder.resolve("curate")), Progress.SILENT, Clock.systemUTC(),
                        1));
    }
}
