/**
 * What the pages share: layout, time range, formats, security, and the read-only
 * connection. Below it is one package for each page: a controller reads the query
 * parameters, its queries return records, and a template shows them.
 */
@NullMarked
package io.observatory.storage.sample.pages;

import org.jspecify.annotations.NullMarked;
