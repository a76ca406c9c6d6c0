package dev.socratic.curator.text;

import java.util.List;
import java.util.Set;

/// Words that turn a question into its opposite.
public final class Negations {
    private static final Set<String> WORDS = Set.of((
            "not no never none nobody nothing nowhere neither nor without except cannot cant dont doesnt didnt isnt "
                    + "arent wasnt werent wont "
                    + "wouldnt shouldnt couldnt hasnt havent hadnt false incorrect untrue "
                    + "nicht kein keine keinen keiner keines nie niemals ohne pas jamais aucun aucune sans ninguno "
                            + "ninguna nunca sin "
                    + "non mai nessuno nessuna senza n\u00e3o nenhum nenhuma sem niet geen nooit zonder \u043d\u0435 "
                            + "\u043d\u0438\u043a\u043e\u0433\u0434\u0430 \u0431\u0435\u0437 "
                    + "\u4e0d \u6ca1 \u6c92 \u975e \u672a \u7121 \u65e0 \u0644\u0627 \u0644\u064a\u0633 \u0644\u0645 "
                            + "\u0644\u0646 \u0928\u0939\u0940\u0902 \u0e44\u0e21\u0e48").split(" ", -1));

    private Negations() {}

    /// @param words a text as [Words#of] cuts it
    public static int in(List<String> words) {
        return (int) words.stream().filter(WORDS::contains).count();
    }
}
