package dev.socratic.generator.strategy;

import dev.socratic.core.text.FinishReason;
import dev.socratic.datasets.row.Question;
import dev.socratic.datasets.verify.RougeL;
import dev.socratic.datasets.verify.RougeL.Words;
import dev.socratic.generator.step.Derived;
import dev.socratic.generator.step.Reply;
import dev.socratic.generator.step.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Tasks as they come: what is none, or is like one that is there, is refused with a reason.
///
/// The rules of Self-Instruct (Wang et al. 2022): 4 to 150 words, no word that needs another medium (image, graph,
/// file, map, picture, draw, plot, "go to"), no "Write a program", no mark or foreign letter at the beginning, ROUGE-L
/// f1 with every task of the pool at most `most_alike`. Deviation: a beginning in another script is allowed.
final class InstructionPool {
    private static final Pattern ITEM = Pattern.compile("(?m)^\\s*\\d{1,3}\\s*[.):]\\s*");
    private static final Pattern OTHER_MEDIUM = Pattern.compile(
            "(?i)\\b(images?|graphs?|pictures?|files?|maps?|draw|plot|go to)\\b");
    private static final int LEAST_WORDS = 4;
    private static final int MOST_WORDS = 150;

    private final String strategy;
    private final int wanted;
    private final double mostAlike;
    private final Question first;
    private final List<Words> pool = new ArrayList<>();
    private final List<Question> made = new ArrayList<>();
    private final List<Result.Dropped> refused = new ArrayList<>();

    InstructionPool(String strategy, int wanted, double mostAlike, List<Question> seeds) {
        this.strategy = strategy;
        this.wanted = wanted;
        this.mostAlike = mostAlike;
        this.first = seeds.getFirst();
        seeds.forEach(seed -> pool.add(Words.of(seed.question())));
    }

    List<Question> made() {
        return List.copyOf(made);
    }

    List<Result.Dropped> refused() {
        return List.copyOf(refused);
    }

    /// A list that goes on where the prompt ended: its first item may lack its number. The last item of one that was
    /// cut off is no task.
    void hear(Reply reply) {
        List<String> items = new ArrayList<>();
        for (String item : ITEM.split(reply.text())) {
            if (!item.isBlank()) {
                items.add(item.strip().replaceAll("\\s+", " "));
            }
        }
        boolean cut = reply.completion().finish() == FinishReason.LENGTH;
        for (int i = 0; i < items.size(); i++) {
            String task = items.get(i);
            Words words = Words.of(task);
            Optional<String> reason = cut && i == items.size() - 1 ? Optional.of("truncated") : reason(task, words);
            if (reason.isPresent()) {
                refused.add(new Result.Dropped(reason.get(), task));
            } else if (made.size() == wanted) {
                refused.add(new Result.Dropped("enough", task));
            } else {
                pool.add(words);
                made.add(Derived.of(first, strategy, "task", task, Optional.empty(), Map.of()));
            }
        }
    }

    private Optional<String> reason(String task, Words words) {
        int size = words.words().size();
        if (size < LEAST_WORDS || size > MOST_WORDS) {
            return Optional.of("length");
        }
        if (!Character.isLetterOrDigit(task.codePointAt(0)) || task.startsWith("Write a program")
                || OTHER_MEDIUM.matcher(task).find()) {
            return Optional.of("unfit");
        }
        return pool.stream().anyMatch(known -> RougeL.of(known, words).f1() > mostAlike)
                ? Optional.of("alike") : Optional.empty();
    }
}
