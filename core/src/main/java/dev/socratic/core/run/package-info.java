/// A run on disk: which stages there are, which need to run, and why.
///
/// Begin with [dev.socratic.core.run.RunFolder]. It holds one folder a stage and `manifest.json`, which says of each
/// stage what it was made of (config, inputs, code, seeds) and what came out (counts, usage, files with their
/// hashes). From the two follows a [dev.socratic.core.run.StageDecision]: skip, first run, go on, run again because
/// of something that is named.
///
/// A stage itself sees only its [dev.socratic.core.run.StageContext] and gives back a
/// [dev.socratic.core.run.StageReport]. It may be killed at any moment and must, when called again on the folder it
/// left, end with the files an undisturbed run gives.
///
/// What belongs to another config never mixes with the new: before a stage runs from its start, everything in its
/// folder except `cache/` moves to `superseded/<stage>-<n>/`. Nothing is deleted, for answers may have been paid for;
/// `cache/` stays, so that they are not paid for twice.
package dev.socratic.core.run;
