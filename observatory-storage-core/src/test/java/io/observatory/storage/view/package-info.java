/**
 * The views of the schema against a plain computation.
 */
package io.observatory.storage.view;
