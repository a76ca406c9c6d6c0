package dev.socratic.datasets.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.socratic.core.error.DataException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The answer field of GSM8K: steps, a line each, with calculator marks `<<48/2=24>>`, then `#### 72`.
///
/// Source: Cobbe et al. 2021, arXiv:2110.14168, and its files. In the Socratic files a step reads `sub-question **
/// step`.
///
/// @param solution the steps, marks removed, sub-questions left out
/// @param answer   what stands after the last `####`
/// @param steps    `[{question, answer}]` of a Socratic row; empty for the plain ones
record Gsm8k(String solution, String answer, Optional<JsonNode> steps) {
    private static final Pattern MARK = Pattern.compile("<<[^<>\\n]*>>");
    private static final String END = "####";
    private static final String SOCRATIC = "**";

    static Gsm8k parse(String text) {
        int end = text.lastIndexOf(END);
        if (end < 0) {
            throw new DataException("answer", "a solution that ends in #### and the answer", "none", "");
        }
        List<String> lines = new ArrayList<>();
        ArrayNode steps = JsonNodeFactory.instance.arrayNode();
        for (String line : MARK.matcher(text.substring(0, end)).replaceAll("").strip().split("\n")) {
            int cut = line.indexOf(SOCRATIC);
            String step = cut < 0 ? line.strip() : line.substring(cut + SOCRATIC.length()).strip();
            lines.add(step);
            if (cut >= 0) {
                steps.addObject().put("question", line.substring(0, cut).strip()).put("answer", step);
            }
        }
        return new Gsm8k(
                String.join("\n", lines),
                text.substring(end + END.length()).strip(),
                steps.isEmpty() ? Optional.empty() : Optional.of(steps));
    }
}
