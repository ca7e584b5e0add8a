/**
 * Where the writers' own pool connects to, when that is not in a property: a container of
 * Testcontainers or a service of Docker Compose.
 */
@NullMarked
package io.observatory.storage.autoconfigure.connection;

import org.jspecify.annotations.NullMarked;
