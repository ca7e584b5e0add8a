/**
 * The names that attributes of calls have, and the one form of providers, models and
 * reasons to stop.
 */
@NullMarked
package io.observatory.storage.llm.name;

import org.jspecify.annotations.NullMarked;
