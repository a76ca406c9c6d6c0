package dev.socratic.trainer.logits;

import dev.socratic.core.error.DataException;
import dev.socratic.core.text.Distributions;
import dev.socratic.models.text.Tokenizer;
import java.util.List;

/// Whether a served model reads tokens as a tokenizer here does.
public final class ServedWords {
    /// Share of tokens that may read otherwise there than here: some servers print half a character in another way.
    private static final double READ_OTHERWISE = 0.1;

    private ServedWords() {}

    /// @param place   who was asked
    /// @param where   the tokenizer is, for the message
    /// @param answers which may say no words; then nothing is compared
    /// @throws DataException if many tokens read otherwise
    public static void require(String place, String where, Tokenizer tokenizer, List<int[]> rows,
            List<Distributions> answers) {
        int compared = 0;
        int otherwise = 0;
        String example = "";
        for (int r = 0; r < rows.size(); r++) {
            List<String> words = answers.get(r).words();
            for (int i = 0; i < words.size(); i++) {
                int id = rows.get(r)[i + 1];
                String here = tokenizer.decode(new long[] {id}, false).strip();
                String there = words.get(i).strip();
                if (plain(here) && plain(there)) {
                    compared++;
                    if (!here.equals(there)) {
                        otherwise++;
                        example = "token %s, which is \"%s\" there and \"%s\" here".formatted(id, there, here);
                    }
                }
            }
        }
        if (otherwise > READ_OTHERWISE * compared) {
            throw new DataException(place, "a model with " + where,
                    "%s of %s tokens that read otherwise, such as %s".formatted(otherwise, compared, example),
                            "name the folder of the served model's own tokenizer");
        }
    }

    private static boolean plain(String word) {
        return !word.isEmpty() && word.indexOf('\uFFFD') < 0;
    }
}
