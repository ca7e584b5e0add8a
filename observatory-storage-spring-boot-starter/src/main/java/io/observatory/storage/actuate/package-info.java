/**
 * Endpoint, health and meters.
 */
@NullMarked
package io.observatory.storage.actuate;

import org.jspecify.annotations.NullMarked;
