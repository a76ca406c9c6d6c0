/// Seeds by name. One seed is given to a run; [dev.socratic.core.seed.Seeds] derives all others from it, so that
/// adding a draw somewhere changes none elsewhere.
package dev.socratic.core.seed;
