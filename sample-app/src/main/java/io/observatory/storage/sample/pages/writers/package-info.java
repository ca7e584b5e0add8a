/**
 * The page about the writers: their buffers, rates and failures, and the tables; flush,
 * pause, resume.
 */
@NullMarked
package io.observatory.storage.sample.pages.writers;

import org.jspecify.annotations.NullMarked;
