/**
 * What all protocols of the intake share: memory, time, threads, requests that are sent
 * twice, and statistics. It knows bytes, but no protocol and no record.
 */
@NullMarked
package io.observatory.storage.sample.intake;

import org.jspecify.annotations.NullMarked;
