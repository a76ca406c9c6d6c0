/// Asking models: the one path from a stage to whoever answers, for generation, evaluation and all else that asks.
///
/// Begin with [dev.socratic.core.ask.Asker]. It is given requests ([dev.socratic.core.ask.Asks]) and asks those that
/// have no final outcome in the run folder's [dev.socratic.core.ask.AskStore]: one journal of answers by the content
/// of their requests, and one account of money and tokens, `asked/` in the run folder. Nothing ever moves it aside,
/// so a changed config asks exactly the requests whose content changed, and no limit begins anew.
///
/// [dev.socratic.core.ask.AskBudget] keeps what is spent below its limits: the worst case of every attempt is set aside
/// before it leaves, and what it took is booked when it is over, whether it became an answer or not. What comes of
/// it, and what is still open, is [dev.socratic.core.ask.AskOutcome]; a stage with open requests is `incomplete`.
package dev.socratic.core.ask;
