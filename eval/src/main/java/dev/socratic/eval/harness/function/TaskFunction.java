package dev.socratic.eval.harness.function;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/// What a function of a task does, by the place it stands in.
public sealed interface TaskFunction {
    /// `process_docs`: what becomes of the documents of a split.
    non-sealed interface Documents extends TaskFunction {
        List<ObjectNode> of(List<ObjectNode> documents);

        /// What becomes of them where examples are drawn from them.
        default List<ObjectNode> examples(List<ObjectNode> documents) {
            return of(documents);
        }
    }

    /// `doc_to_text`, `doc_to_target`, `doc_to_choice`: String, Long or a list of texts.
    non-sealed interface Field extends TaskFunction {
        Object of(ObjectNode document);
    }

    /// `process_results`: figures of one document by name.
    non-sealed interface Results extends TaskFunction {
        /// @param results one for each request: a text, a list of texts, or a [Likelihood]
        /// @return Double, or a list of Doubles where a metric is of several (IFEval's by instruction)
        Map<String, Object> of(ObjectNode document, List<Object> results);
    }

    /// `fewshot_config.samples`.
    non-sealed interface Samples extends TaskFunction {
        List<ObjectNode> all();
    }

    /// An aggregation of its own.
    non-sealed interface Total extends TaskFunction {
        /// @param values of the documents: a Double, or a list of Doubles where a document has several
        double of(List<Object> values);
    }

    /// `filter_fn` of the filter `custom`: what becomes of the answers to one request.
    non-sealed interface Answers extends TaskFunction {
        List<Object> of(List<Object> responses, ObjectNode document);
    }

    /// A metric of programs: each answer is run, the target behind it as its tests.
    non-sealed interface Programs extends TaskFunction {
        /// @param right   of each answer, whether it passed
        /// @param options the metric's own keys
        /// @return figures by name
        Map<String, Double> of(List<Boolean> right, Map<String, Object> options);
    }

    /// A step of `filter_list`.
    non-sealed interface Filter extends TaskFunction {
        /// @param answers  to one request
        /// @param options  the keys that stand beside `function`
        /// @return one for each, or fewer
        List<?> of(List<?> answers, ObjectNode document, Map<String, Object> options);
    }

    /// How likely a continuation is, and whether it is what the model would write.
    ///
    /// @param lost tokens of the context's beginning the model had no room for
    record Likelihood(double logProbability, boolean greedy, int lost) {
        /// Of a context that was read whole.
        public Likelihood(double logProbability, boolean greedy) {
            this(logProbability, greedy, 0);
        }
    }
}
