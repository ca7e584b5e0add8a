/**
 * What keeps the tables in shape: partitions ahead, and what is older than the retention.
 */
@NullMarked
package io.observatory.storage.upkeep;

import org.jspecify.annotations.NullMarked;
