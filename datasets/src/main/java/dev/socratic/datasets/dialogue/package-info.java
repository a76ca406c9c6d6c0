/// What is measured of tutoring dialogues: whether the tutor gives away what the student is to find
/// ([dev.socratic.datasets.dialogue.AnswerLeak]), and how much of the gold path both walk
/// ([dev.socratic.datasets.dialogue.Coverage]). The one place for either: generation refuses by them, evaluation
/// reports them.
package dev.socratic.datasets.dialogue;
