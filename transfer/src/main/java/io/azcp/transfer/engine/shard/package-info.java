/**
 * How files are divided among runs that know nothing of each other: the same files in the same
 * shards on every machine. Pure; knows neither the service nor the jobs.
 */
package io.azcp.transfer.engine.shard;
