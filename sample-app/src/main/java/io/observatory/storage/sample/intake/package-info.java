/**
 * What every way in shares: memory, time, threads, a request that comes twice, and what
 * is said of it all. Knows bytes, but no protocol and no record.
 */
@NullMarked
package io.observatory.storage.sample.intake;

import org.jspecify.annotations.NullMarked;
