/// How far people agree, and what a sample says of the whole.
///
/// Begin with [dev.socratic.review.agree.AgreementReport]. Formulas stand one a class: `CohenKappa`, `FleissKappa`,
/// `KrippendorffAlpha`, each with an interval by `Resampling`; [dev.socratic.review.agree.ErrorRate] is the exact
/// interval of a share.
package dev.socratic.review.agree;
