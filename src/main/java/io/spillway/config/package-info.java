/**
 * Configuration: {@code conf.json}, {@code .env} and the environment, read once into immutable
 * records.
 *
 * <p>Later wins: built-in defaults, the file, {@code .env} in the working directory, the
 * environment. Whatever is wrong ends in one {@link io.spillway.config.ConfigException} that names
 * the key, what was found, where it came from and what is allowed; a key nobody reads is a typing
 * error, not a default. The rest of the program therefore never checks a setting again, and a
 * program that has started is one whose settings were all understood.
 *
 * <p>Secrets are {@link io.spillway.config.Secret}s from the moment they are read: no record,
 * summary line or error message shows one.
 */
package io.spillway.config;
