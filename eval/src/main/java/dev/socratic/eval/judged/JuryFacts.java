package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.config.NamedFiles;
import dev.socratic.core.json.Hashes;
import dev.socratic.core.json.Json;
import dev.socratic.core.text.ModelCard;
import dev.socratic.prompts.judge.LabelAgreement;
import dev.socratic.prompts.judge.Rubric;
import java.util.List;
import java.util.TreeMap;

/// Who judged by what, how often each gave no verdict, and how far several judges agree: what stands beside a judged
/// figure.
final class JuryFacts {
    private JuryFacts() {}

    /// @param opinions of all judged, one list each, in the order of the judges
    static ObjectNode of(Jury jury, Panel panel, List<List<JudgeOpinion>> opinions) {
        ObjectNode facts = Json.mapper().createObjectNode();
        Rubric rubric = jury.rubric();
        facts.putObject("rubric").put("name", name(jury.judging().rubric())).put("version", rubric.version())
                .put("source", rubric.source()).put("hash", Hashes.sha256(rubric.prompt()
                        + rubric.system().orElse("") + rubric.criteria() + rubric.again()))
                .put("of", jury.judging().of()).put("from", jury.points(0)).put("to", jury.points(1));
        ArrayNode judges = facts.putArray("judges");
        List<String> names = jury.judging().judges();
        for (int j = 0; j < names.size(); j++) {
            int judge = j;
            judges.add(of(jury, panel, names.get(j), opinions.stream().map(all -> all.get(judge)).toList()));
        }
        facts.put("judged", opinions.stream().filter(all -> jury.score(all).isPresent()).count());
        facts.put("unjudged", opinions.stream().filter(all -> jury.score(all).isEmpty()
                && all.stream().noneMatch(JudgeOpinion::open)).count());
        if (names.size() > 1) {
            agreement(jury, names, opinions, facts.putArray("agreement"));
        }
        return facts;
    }

    private static ObjectNode of(Jury jury, Panel panel, String name, List<JudgeOpinion> opinions) {
        ModelCard card = panel.model(name).card();
        ObjectNode facts = Json.mapper().createObjectNode().put("judge", name).put("model", card.name())
                .put("place", card.place());
        TreeMap<String, Long> without = new TreeMap<>();
        opinions.stream().filter(one -> one.values().isEmpty()).forEach(one -> without.merge(one.why(), 1L, Long::sum));
        facts.put("verdicts", opinions.stream().filter(one -> one.values().isPresent()).count());
        without.forEach(facts::put);
        facts.put("asked_again", opinions.stream().mapToLong(one -> one.asks() - 1).sum());
        opinions.stream().flatMap(one -> jury.score(one).stream()).mapToDouble(Double::doubleValue).average()
                .ifPresent(mean -> facts.put("mean", mean));
        return facts;
    }

    private static void agreement(Jury jury, List<String> names, List<List<JudgeOpinion>> opinions, ArrayNode into) {
        for (int a = 0; a < names.size(); a++) {
            for (int b = a + 1; b < names.size(); b++) {
                LabelAgreement both = new LabelAgreement(step(jury));
                for (List<JudgeOpinion> all : opinions) {
                    JudgeOpinion other = all.get(b);
                    jury.score(all.get(a)).ifPresent(one -> jury.score(other).ifPresent(two -> both.add(one, two)));
                }
                ObjectNode told = both.json();
                told.remove("confusion");
                into.add(told.put("first", names.get(a)).put("second", names.get(b)));
            }
        }
    }

    /// By which two scores of one judge differ at least: of words the least difference of their values, else 1.
    static double step(Jury jury) {
        List<Double> values = jury.rubric().criteria().values().stream()
                .flatMap(criterion -> criterion.labels().values().stream()).distinct().sorted().toList();
        double least = 1;
        for (int i = 1; i < values.size(); i++) {
            least = Math.min(least, values.get(i) - values.get(i - 1));
        }
        return least;
    }

    /// Wherever a file lies, it is the same rubric.
    private static String name(String rubric) {
        return NamedFiles.path(rubric, Rubric.FILES).map(file -> file.getFileName().toString()).orElse(rubric);
    }
}
