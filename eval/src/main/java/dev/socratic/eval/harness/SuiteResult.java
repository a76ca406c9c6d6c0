package dev.socratic.eval.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.Usage;
import dev.socratic.eval.harness.SuiteTask.Asked;
import dev.socratic.eval.harness.function.TaskFunction.Likelihood;
import dev.socratic.eval.harness.score.Aggregation;
import dev.socratic.eval.harness.score.DocScores;
import dev.socratic.eval.harness.score.ResponseFilters;
import dev.socratic.eval.harness.score.SampleValue;
import dev.socratic.eval.harness.task.TaskConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What came of one task.
///
/// @param task    what was asked
/// @param lines   of the samples file
/// @param figures by `metric,filter`, in their order
/// @param usage   tokens and cost
/// @param failed  documents the model cannot answer: they are wrong
/// @param open    documents without all their answers yet: then there are no figures
/// @param cut     answers cut off at the most tokens allowed
/// @param programs that answers are, with their verdicts
/// @param lost    documents whose context was longer than the model's and lost its beginning
record SuiteResult(SuiteTask task, List<ObjectNode> lines, Map<String, Figure> figures, Usage usage, long failed,
        long open, long cut, ProgramScores programs, long lost) {

    /// @param metric         its name
    /// @param filter         whose answers it is of
    /// @param value          over all documents
    /// @param standardError  where it has one
    /// @param higherIsBetter which way is up
    record Figure(String metric, String filter, double value, Optional<Double> standardError, boolean higherIsBetter,
            int documents) {
        String key() {
            return metric + "," + filter;
        }
    }

    /// @param outcomes of each document, in their order, of each all its requests
    /// @param programs verdicts, of a task whose answers are run
    static SuiteResult of(SuiteTask task, List<List<GenerationOutcome>> outcomes, int iterations,
            ProgramScores programs) {
        List<ResponseFilters> filters = task.config().scoring().filters().stream().map(ResponseFilters::new).toList();
        Map<String, List<ObjectNode>> lines = new LinkedHashMap<>();
        Map<String, Map<String, List<SampleValue>>> values = new LinkedHashMap<>();
        long open = 0;
        long failed = 0;
        long cut = 0;
        long lost = 0;
        Usage usage = Usage.NONE;
        for (int i = 0; i < outcomes.size(); i++) {
            Asked asked = task.asked().get(i);
            Optional<String> problem = Optional.empty();
            boolean isOpen = false;
            for (GenerationOutcome outcome : outcomes.get(i)) {
                switch (outcome) {
                    case GenerationOutcome.Completion done -> {
                        usage = usage.plus(done.usage());
                        cut += task.generation().isPresent()
                                && done.finish() == dev.socratic.core.text.FinishReason.LENGTH ? 1 : 0;
                    }
                    case GenerationOutcome.Failure failure when failure.temporary() -> isOpen = true;
                    case GenerationOutcome.Failure failure -> problem = Optional.of(failure.problem());
                }
            }
            boolean runs = DocScores.runsPrograms(task.config());
            List<GenerationOutcome> own = outcomes.get(i);
            isOpen = isOpen || problem.isEmpty() && runs && !filters.stream().allMatch(filter ->
                    programs.knows(task, asked, filtered(task, filter, asked, own)));
            open += isOpen ? 1 : 0;
            failed += !isOpen && problem.isPresent() ? 1 : 0;
            if (!isOpen) {
                List<List<Object>> answers = answers(task, outcomes.get(i));
                int most = lost(answers);
                lost += most > 0 ? 1 : 0;
                for (ResponseFilters filter : filters) {
                    List<Object> left = problem.isPresent() ? List.of()
                            : filtered(task, filter, asked, own);
                    Map<String, SampleValue> scored = problem.isPresent() ? wrong(task)
                            : task.scores().of(asked.doc(), left, programs);
                    ObjectNode line = SampleLines.line(task, asked, answers, left, filter.name(), scored, problem,
                            most);
                    if (runs) {
                        line.set("programs", programs.lines(task, asked, left));
                    }
                    lines.computeIfAbsent(filter.name(), none -> new ArrayList<>()).add(line);
                    scored.forEach((metric, value) -> values.computeIfAbsent(filter.name(), none ->
                            new LinkedHashMap<>()).computeIfAbsent(metric, none -> new ArrayList<>()).add(value));
                }
            }
        }
        return new SuiteResult(task, lines.values().stream().flatMap(List::stream).toList(),
                open > 0 ? Map.of() : figures(task, values, iterations), usage, failed, open, cut,
                programs, lost);
    }

    /// @return tokens that the longest context lost
    private static int lost(List<List<Object>> answers) {
        return answers.stream().flatMap(List::stream).filter(Likelihood.class::isInstance)
                .mapToInt(one -> ((Likelihood) one).lost()).max().orElse(0);
    }

    /// A question the model cannot answer is wrong, wherever wrong is a number.
    private static Map<String, SampleValue> wrong(SuiteTask task) {
        Map<String, SampleValue> values = new LinkedHashMap<>();
        for (TaskConfig.Metric metric : task.config().scoring().metrics()) {
            if (metric.aggregation().equals("mean") && metric.higherIsBetter()) {
                DocScores.figures(task.config(), metric).forEach(name ->
                        values.put(name, new SampleValue.Number(0)));
            }
        }
        return values;
    }

    /// @return one for each request
    static List<Object> filtered(SuiteTask task, ResponseFilters filter, Asked asked,
            List<GenerationOutcome> outcomes) {
        return answers(task, outcomes).stream().map(several -> filter.of(several, asked.doc())).toList();
    }

    private static List<List<Object>> answers(SuiteTask task, List<GenerationOutcome> outcomes) {
        List<Object> texts = new ArrayList<>();
        List<List<Object>> scores = new ArrayList<>();
        for (GenerationOutcome outcome : outcomes) {
            if (outcome instanceof GenerationOutcome.Completion done) {
                if (task.generation().isPresent()) {
                    texts.add(done.text());
                } else {
                    for (Likelihood score : Likelihoods.read(done.text())) {
                        scores.add(List.of(score));
                    }
                }
            }
        }
        return task.generation().isPresent() ? List.of(texts) : scores;
    }

    private static Map<String, Figure> figures(SuiteTask task, Map<String, Map<String, List<SampleValue>>> values,
            int iterations) {
        Map<String, Figure> figures = new LinkedHashMap<>();
        values.forEach((filter, byMetric) -> byMetric.forEach((metric, all) -> {
            Optional<TaskConfig.Metric> said = DocScores.metric(task.config(), metric);
            String aggregation = said.map(TaskConfig.Metric::aggregation).orElse("mean");
            Figure figure = new Figure(metric, filter, Aggregation.of(aggregation, all),
                    Aggregation.standardError(aggregation, all, iterations),
                    said.map(TaskConfig.Metric::higherIsBetter).orElse(true), all.size());
            figures.put(figure.key(), figure);
        }));
        return figures;
    }

    /// @return documents that have figures
    int documents() {
        return figures.values().stream().mapToInt(Figure::documents).max().orElse(0);
    }
}
