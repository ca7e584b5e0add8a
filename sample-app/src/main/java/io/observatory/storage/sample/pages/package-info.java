/**
 * What the pages share: layout, time range, formats, security, and the read-only
 * connection. One package a page lies below: a controller reads the query parameters, its
 * queries answer with records, a template shows these.
 */
@NullMarked
package io.observatory.storage.sample.pages;

import org.jspecify.annotations.NullMarked;
