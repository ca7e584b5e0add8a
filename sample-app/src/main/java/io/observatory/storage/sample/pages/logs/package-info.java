/**
 * The logs: search, newest first, live tail, and one record with all that it says.
 */
@NullMarked
package io.observatory.storage.sample.pages.logs;

import org.jspecify.annotations.NullMarked;
