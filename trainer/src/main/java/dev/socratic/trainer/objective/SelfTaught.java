package dev.socratic.trainer.objective;

import dev.socratic.core.config.Default;
import dev.socratic.core.config.NameOrFile;

/// How a student teaches itself by an objective, where a training does not say otherwise: it needs no `teacher` and no
/// `teacher_prompt` then.
///
/// @param prompt  what it is asked as the teacher: a built-in template, or a file
/// @param weights which of its weights teach
/// @param peers   whether of several answers to one prompt those that are right are demonstrations for the others
///                ([dev.socratic.trainer.data.PeerReader])
public record SelfTaught(@NameOrFile(SelfTaught.PROMPTS) String prompt, @Default("start") SelfWeights weights,
        @Default("false") boolean peers) {
    /// How prompts of one's own end.
    static final String PROMPTS = ".md";
}
