/**
 * Watches cost, errors, latency and silence of the calls of models, for those who set a
 * limit.
 */
@NullMarked
package io.observatory.storage.sample.alerts;

import org.jspecify.annotations.NullMarked;
