/**
 * What is stored, in numbers.
 */
@NullMarked
package io.observatory.storage.sample.stats;

import org.jspecify.annotations.NullMarked;
