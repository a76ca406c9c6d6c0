/// What a judge is asked, how its verdict is read, and how far people agree with it: for curation and evaluation alike.
///
/// Begin with [dev.socratic.prompts.judge.Rubric], a file: criteria with their scales or labels, the prompt, and how a
/// verdict is read out of what the judge writes ([dev.socratic.prompts.judge.Verdict]). To add a rubric that comes with
/// the tool: a file in the resources, and a line in `docs/judging.md` or `docs/scores.md`.
package dev.socratic.prompts.judge;
