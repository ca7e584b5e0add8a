/**
 * Who may use the application: a password for those who read, a token for those who send.
 */
@NullMarked
package io.observatory.storage.sample.security;

import org.jspecify.annotations.NullMarked;
