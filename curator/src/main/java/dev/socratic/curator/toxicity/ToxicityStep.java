package dev.socratic.curator.toxicity;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.curator.config.StepConfig.Toxicity;
import dev.socratic.curator.step.Candidate;
import dev.socratic.curator.step.Decision;
import dev.socratic.curator.step.RowScores;
import dev.socratic.curator.step.Step;
import dev.socratic.curator.step.Threshold;
import dev.socratic.curator.text.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Drops rows with more words of a list than may be ([WordList]): whole words and phrases, folded as everywhere
/// ([Words]), so that look-alikes and full width hide nothing; digits for letters do.
///
/// A list finds words and not what is meant: a quotation, a text about insults, a medical text are hit too. Nothing
/// of it is a judgement of a person.
public final class ToxicityStep implements Step {
    private static final String HITS = "hits";
    private static final int SHOWN = 5;

    private final Toxicity config;
    private final WordList words;
    private final Map<String, List<Phrase>> byFirstWord = new HashMap<>();

    public ToxicityStep(Toxicity config) {
        this.config = config;
        this.words = WordList.read(config.words());
        for (WordList.Category category : words.categories()) {
            for (String phrase : category.any()) {
                List<String> folded = Words.of(phrase);
                if (!folded.isEmpty()) {
                    byFirstWord.computeIfAbsent(folded.getFirst(), word -> new ArrayList<>())
                            .add(new Phrase(folded, category.name()));
                }
            }
        }
    }

    private record Phrase(List<String> words, String category) {}

    @Override
    public String name() {
        return "toxicity";
    }

    @Override
    public Decision judge(Candidate row) {
        Map<String, Double> values = new LinkedHashMap<>();
        words.categories().forEach(category -> values.put(category.name(), 0.0));
        List<Phrase> found = new ArrayList<>();
        List<String> text = Words.of(row.text(config.of()));
        for (int i = 0; i < text.size(); i++) {
            for (Phrase phrase : byFirstWord.getOrDefault(text.get(i), List.of())) {
                int end = i + phrase.words().size();
                if (end <= text.size() && text.subList(i, end).equals(phrase.words())) {
                    found.add(phrase);
                    values.merge(phrase.category(), 1.0, Double::sum);
                }
            }
        }
        values.put(HITS, (double) found.size());
        RowScores scores = new RowScores(values);
        if (found.size() <= config.most()) {
            return new Decision.Keep(scores);
        }
        ObjectNode evidence = object().put("hits", found.size()).put("most", config.most())
                .put("category", found.getFirst().category());
        found.stream().map(phrase -> String.join(" ", phrase.words())).distinct().limit(SHOWN)
                .forEach(evidence.putArray("words")::add);
        return new Decision.Drop("toxic", evidence, scores);
    }

    @Override
    public List<Threshold> thresholds() {
        return List.of(Threshold.most(HITS, config.most(), "toxic"));
    }

    @Override
    public ObjectNode facts() {
        ObjectNode facts = object().put("words", config.words().replaceAll(".*[/\\\\]", ""))
                .put("source", words.source()).put("of", config.of().spelled()).put("most", config.most());
        ObjectNode sizes = facts.putObject("words_by_category");
        words.categories().forEach(category -> sizes.put(category.name(), category.any().size()));
        return facts;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }
}
