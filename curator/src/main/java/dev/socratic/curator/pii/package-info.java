/// Personal data and secrets in texts: found by form and check digits, masked, dropped or flagged.
///
/// Begin with [dev.socratic.curator.pii.PiiFinder]; the step is [dev.socratic.curator.pii.PiiStep]. One more kind is
/// a constant of [dev.socratic.curator.pii.PiiKind] and its finder in `PiiFinder`; one more number of a state is a
/// line of [dev.socratic.curator.pii.NationalIds].
package dev.socratic.curator.pii;
