/**
 * The immutable records that the writers accept, and how their ids are derived.
 */
@NullMarked
package io.observatory.storage.model;

import org.jspecify.annotations.NullMarked;
