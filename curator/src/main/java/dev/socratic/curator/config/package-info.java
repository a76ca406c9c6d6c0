/// What a curation is told to do, as it stands in a recipe. Begin with [dev.socratic.curator.config.CurateConfig].
package dev.socratic.curator.config;
