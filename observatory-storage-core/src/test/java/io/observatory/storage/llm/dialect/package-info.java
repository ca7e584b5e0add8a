/**
 * What instrumentations really send, and what is understood of it.
 */
package io.observatory.storage.llm.dialect;
