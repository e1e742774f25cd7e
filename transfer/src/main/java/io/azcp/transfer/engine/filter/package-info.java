/**
 * Which files of a transfer are taken: patterns, expressions, paths and times as the command line
 * gives them, each combined into one {@link io.azcp.transfer.engine.NameFilter}. Pure: nothing here
 * touches a file or the service.
 */
package io.azcp.transfer.engine.filter;
