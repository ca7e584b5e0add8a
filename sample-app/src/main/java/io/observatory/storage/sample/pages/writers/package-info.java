/**
 * The writers: what they hold, how fast they are, what failed, where it goes; flush,
 * pause, resume.
 */
@NullMarked
package io.observatory.storage.sample.pages.writers;

import org.jspecify.annotations.NullMarked;
