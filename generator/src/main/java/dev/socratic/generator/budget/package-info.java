/// What may still be spent. Begin with [dev.socratic.generator.budget.Budget].
package dev.socratic.generator.budget;
