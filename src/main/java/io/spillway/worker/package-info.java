/**
 * Work that takes a while, done on another thread or elsewhere: its outcome is heard on the event
 * loop of whoever waits, and in order.
 */
package io.spillway.worker;
