package dev.socratic.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.socratic.core.text.ContinuationScore;
import dev.socratic.core.text.GenerationOutcome;
import dev.socratic.core.text.GenerationRequest;
import dev.socratic.core.text.ModelCard;
import dev.socratic.core.text.ScoreRequest;
import dev.socratic.core.text.TextModel;
import dev.socratic.datasets.answer.Choices;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChoiceScoringTest {
    /// Half a nat a character, and a quarter for `e`.
    private static final class Counting implements TextModel {
        private final List<Integer> asked = new ArrayList<>();

        @Override
        public ModelCard card() {
            return new ModelCard("counting", "test", "", 100, 1, 1, true);
        }

        @Override
        public List<GenerationOutcome> generate(List<GenerationRequest> requests) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<ContinuationScore> score(List<ScoreRequest> requests) {
            asked.add(requests.size());
            return requests.stream().map(request -> new ContinuationScore(-request.continuation().strip().chars()
                    .mapToDouble(letter -> letter == 'e' ? 0.25 : 0.5).sum(), 1, false)).toList();
        }

        @Override
        public void close() {}
    }

    private static ChoiceScoring.Item item(int gold, String... texts) {
        List<Choices.Choice> choices = new ArrayList<>();
        for (String text : texts) {
            choices.add(new Choices.Choice("" + choices.size(), text));
        }
        return new ChoiceScoring.Item("q", "Question: ?\nAnswer:", new Choices(choices), gold);
    }

    /// "ab" costs 1 nat in all, 0.5 a character; "eeeee" 1.25 and 0.25; "cd" as "ab", and the first of equals wins.
    @Test
    void theSumFavoursTheShortAndTheSumOverTheLengthDoesNot() {
        List<ChoiceScoring.Scored> all = ChoiceScoring.of(
                List.of(item(0, "ab", "eeeee", "cd"), item(1, "ab", "eeeee")), new Counting());
        assertEquals(List.of(0, 0), all.stream().map(ChoiceScoring.Scored::chosen).toList());
        assertEquals(List.of(1, 1), all.stream().map(ChoiceScoring.Scored::byLength).toList());
        assertEquals(1, ChoiceScoring.right(all));
        assertEquals(1, ChoiceScoring.rightByLength(all));
    }

    @Test
    void theChoicesOfManyQuestionsAreAskedForTogether() {
        Counting model = new Counting();
        List<ChoiceScoring.Item> items = new ArrayList<>();
        for (int i = 0; i < 70; i++) {
            items.add(item(0, "a", "b", "c", "d"));
        }
        assertEquals(70, ChoiceScoring.of(items, model).size());
        assertEquals(List.of(256, 24), model.asked);
    }
}
