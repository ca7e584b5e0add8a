/**
 * A log on disk: frames of rows that survive the death of the process, in segment files.
 */
@NullMarked
package io.observatory.storage.spool;

import org.jspecify.annotations.NullMarked;
