/// What people decide, kept.
///
/// [dev.socratic.review.decide.Decisions] is all of it; `ReviewJournal` is the file it lies in, which survives a kill
/// at
/// any moment. What a line says stands in [dev.socratic.curator.review.ReviewAction].
package dev.socratic.review.decide;
