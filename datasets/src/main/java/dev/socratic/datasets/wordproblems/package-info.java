/// Grade-school word problems made from story templates: endless, seeded, with exact answers, worked solutions and
/// sub-questions.
///
/// Begin with [dev.socratic.datasets.wordproblems.WordProblems], the config record: it gives problems, questions or
/// training rows. The stories are data: `stories.txt` in this package's resources, read by
/// [dev.socratic.datasets.wordproblems.StoryReader] (which says how the file is written) into a
/// [dev.socratic.datasets.wordproblems.StoryBook]. A story states numbers, sentences, steps and the question, and
/// never an answer: answers, worked solution and sub-questions are computed from the steps
/// ([dev.socratic.datasets.wordproblems.ProblemWriter]).
///
/// The numbers are kept small on purpose ([dev.socratic.datasets.wordproblems.NumberRange]), so that a decoder of a few
/// million parameters learns them in minutes.
///
/// Three splits that never meet ([dev.socratic.datasets.wordproblems.Split]): whole stories are held out by a mark in
/// the file, number combinations by a hash of the story and its numbers, so that membership is a property of the
/// problem and holds for every seed.
///
/// Stories may be composed instead ([dev.socratic.datasets.wordproblems.Stories]): `composed.yaml` has parts, every
/// opening, sequence of events and ending is a form ([dev.socratic.datasets.wordproblems.Composition]), and a solution
/// is one of many that say the same ([dev.socratic.datasets.wordproblems.ComposedWriter]).
///
/// To add a story, write one more `== name` entry into `stories.txt`; `StoryBookLaws` runs over every entry by itself.
package dev.socratic.datasets.wordproblems;
