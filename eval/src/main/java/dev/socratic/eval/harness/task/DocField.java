package dev.socratic.eval.harness.task;

import java.util.List;

/// What makes something of a document: `doc_to_text` and its like.
public sealed interface DocField {
    /// A column where the documents have one of that name, else a Jinja template.
    ///
    /// @param place file, line and column
    record Written(String text, String place) implements DocField {}

    /// The same number for every document.
    record Fixed(long number) implements DocField {}

    /// The same list for every document.
    record Listed(List<Object> items) implements DocField {
        public Listed {
            items = List.copyOf(items);
        }
    }

    /// Python's, for which there may be a Java equivalent.
    record Called(FunctionName name) implements DocField {}
}
