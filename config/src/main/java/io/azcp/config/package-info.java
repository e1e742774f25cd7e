/**
 * Options, mapping rules and account files: one table of options, azfuse's YAML, errors that name
 * file, line and key. Decides nothing about what is done with them.
 */
package io.azcp.config;
