package dev.socratic.curator.decontaminate;

import java.util.Iterator;
import java.util.List;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/// Words that are cut already, as Lucene wants them: the index has the same words as everything else in this module.
final class WordStream extends TokenStream {
    private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
    private final Iterator<String> words;

    WordStream(List<String> words) {
        this.words = words.iterator();
    }

    @Override
    public boolean incrementToken() {
        clearAttributes();
        if (!words.hasNext()) {
            return false;
        }
        term.append(words.next());
        return true;
    }
}
