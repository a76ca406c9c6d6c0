package dev.socratic.eval.judged;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/// What one judge says of one thing.
///
/// @param judge  a key of `models`
/// @param values by criterion; empty where there is no verdict
/// @param why    there is none: `unreadable` (garbage every time), `unanswered` (the judge refuses it for good), `open`
///               (not asked yet)
/// @param said   what it wrote last, or its problem
/// @param asks   how often it was asked
record JudgeOpinion(String judge, Optional<Map<String, Double>> values, String why, String said, int asks) {
    static final String OPEN = "open";
    static final String UNREADABLE = "unreadable";
    static final String UNANSWERED = "unanswered";
    private static final int SHOWN = 2_000;

    boolean open() {
        return why.equals(OPEN);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("judge", judge);
        values.ifPresent(all -> all.forEach((criterion, value) -> json.withObject("/scores").put(criterion, value)));
        if (values.isEmpty()) {
            json.put("why", why);
        }
        String shown = said.length() <= SHOWN ? said : "... " + said.substring(said.length() - SHOWN);
        return json.put("asks", asks).put("said", shown);
    }
}
