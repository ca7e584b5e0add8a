/**
 * A conversation with the database: connections within a limit and a deadline, how rows
 * get to the server, and what a failure asks for.
 */
@NullMarked
package io.observatory.storage.session;

import org.jspecify.annotations.NullMarked;
